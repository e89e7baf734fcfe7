"""What queries that name dossiers and read articles are answered, over the articles of ``tests.press``."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from search.errors import QueryError
from search.query.article_sets import ArticleSets
from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.types import Facet, Mode

from .requests import IDS, request_of


@dataclass(frozen=True)
class Sets:
    read: frozenset[str] = frozenset()
    dossiers: Mapping[str, frozenset[str]] = field(default_factory=dict)


SETS = Sets(
    frozenset({"obus", "marathon", "gone"}),
    {
        "Armes": frozenset({"obus", "ukraine", "gone"}),
        "Été 2023": frozenset({"marathon"}),
        "Vide": frozenset(),
    },
)


def ask(text: str, sets: ArticleSets | None = SETS, mode: Mode = Mode.KEYWORD) -> Request:
    return replace(request_of(text, mode), sets=sets)


ANSWERS = {
    "dossier:Armes": {"obus", "ukraine"},
    "tag:armes": {"obus", "ukraine"},
    'étiquette:"ete  2023"': {"marathon"},
    "dossier:*": {"obus", "ukraine", "marathon"},
    "dossier:Vide": set(),
    "dossier:(Armes OU «Été 2023»)": {"obus", "ukraine", "marathon"},
    "lu:oui": {"obus", "marathon"},
    "lu:non dossier:armes": {"ukraine"},
    "-dossier:Armes": {*IDS} - {"obus", "ukraine"},
    "lu:non": {*IDS} - {"obus", "marathon"},
    "munitions dossier:Armes": {"obus", "ukraine"},
    "munitions lu:oui": {"obus"},
    "munitions -dossier:*": {"rapport", "sommet"},
}


def check_sets(engine: Engine) -> None:
    """Assert what such queries find, count and explain."""
    for text, expected in ANSWERS.items():
        request = ask(text)
        answer = engine.search(request)
        assert ({hit.article.id for hit in answer.hits}, answer.total) == (expected, len(expected)), text
        assert {article_id for article_id, _ in engine.rank(request)} == expected
        assert sum(count for _, count in engine.facets(request)[Facet.YEAR]) == len(expected)
    assert engine.search(ask("TAG:armes lu:non")).understood == "dossier:armes · lu:non"
    for mode in (Mode.HYBRID, Mode.SEMANTIC):
        ids = {hit.article.id for hit in engine.search(ask("munitions dossier:Armes", mode=mode)).shown}
        assert ids == {"obus", "ukraine"}
    assert engine.known(SETS.dossiers["Armes"]) == {"obus", "ukraine"}
    asked = ask("munitions dossier:Armes")
    explanation = engine.explain(asked, engine.search(asked).hits[0])
    assert [word.text for word in explanation.matched] == ["munitions"]


def check_changing_sets(engine: Engine) -> None:
    """Assert that the same query is answered by the sets that it is asked with."""
    for ids in ({"obus"}, {"marathon"}, {"obus", "marathon"}, set[str]()):
        sets = Sets(frozenset(ids), {"a": frozenset(ids)})
        for text in ("lu:oui", "dossier:a"):
            assert {hit.article.id for hit in engine.search(ask(text, sets))} == ids


def check_unknown_sets(engine: Engine) -> None:
    """Assert the errors for a dossier that is not there, and where no sets are known."""
    for asking in (engine.search, engine.facets, engine.rank):
        with pytest.raises(QueryError) as caught:
            asking(ask("obus dossier:Arme"))
        error = caught.value
        assert (str(error), error.position) == ("There is no dossier Arme.", 13)
        assert str(error.suggestion) == "did you mean Armes?"
    with pytest.raises(QueryError, match="not known here"):
        engine.search(ask("lu:oui", None))
