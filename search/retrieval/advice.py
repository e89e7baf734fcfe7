"""Advice on a question: a corrected query, and what to ask where nothing was found."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from search.errors import EncoderUnavailable
from search.query.parser import parse
from search.query.relaxation import Relaxation, relaxations
from search.retrieval.request import Request
from search.types import Hits, Mode

if TYPE_CHECKING:
    from search.retrieval.engine import Engine


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another query with ``total`` hits; ``relaxation`` is None where only the mode differs."""

    text: str
    mode: Mode
    total: int
    relaxation: Relaxation | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """A corrected query, None when no correction is known; and alternatives to a query without hits."""

    correction: str | None
    alternatives: tuple[Alternative, ...]


def advice(engine: "Engine", request: Request, answer: Hits) -> Advice:
    """Advice on a request. It has alternatives only for an answer without hits; each has at least one hit.

    Raises SearchError.
    """
    correction = engine.suggest(request.query)
    if answer.shown:
        return Advice(correction, ())
    counted = (_counted(engine, request, alternative) for alternative in _alternatives(request))
    return Advice(correction, tuple(filter(None, counted)))


def _alternatives(request: Request) -> Iterator[Alternative]:
    """Alternatives to a request, not yet counted."""
    for relaxation in relaxations(request.query):
        yield Alternative(relaxation.query.raw, request.mode, 0, relaxation)
    if request.query.words and request.mode is not Mode.SEMANTIC:
        yield Alternative(request.query.raw, Mode.SEMANTIC, 0)


def _counted(engine: "Engine", request: Request, alternative: Alternative) -> Alternative | None:
    """The alternative with the number of its hits; None when it has none or cannot be asked."""
    asked = Request(parse(alternative.text, date.today()), alternative.mode, limit=1, sets=request.sets)
    try:
        total = engine.search(asked).total
    except EncoderUnavailable:
        return None
    return replace(alternative, total=total) if total else None
