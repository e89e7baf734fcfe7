"""Why a hit answers, in the terms of a reader: what it holds and lacks, how near it is, how sure it is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from search.query.ast import (
    DateRange,
    Field,
    Fuzzy,
    Leaf,
    Near,
    Node,
    Not,
    Phrase,
    Placed,
    Prefix,
    Wildcard,
    Word,
)
from search.query.boolean import conjuncts
from search.query.filters import Filter
from search.query.printer import ranking_leaves
from search.retrieval.confidence import SEMANTIC
from search.retrieval.relevance import LINE, NEAR
from search.retrieval.request import Request
from search.text.analyzer import exact_terms
from search.types import ConfidenceBreakdown, Contribution, Explanation, Hit, Leg, MatchedWord, Sort

# The confidence by meaning alone decides how near an article is said to be. From LINE on, its meaning alone
# would keep it from being dimmed; from NEAR on, it would be a result without a word of the query.
_VERY_NEAR = SEMANTIC.likeness_of(LINE)
_NEAR = SEMANTIC.likeness_of(NEAR)
_RATHER_FAR = 0.0  # below, it is farther than two passages of the archive taken at random
_VERY_LIKELY, _LIKELY = 0.8, 0.5  # a confidence behaves like a probability: four in five, and one in two
_MOST = 0.5  # of the weight of the words: an article with less lacks what the query is about


Exact = Phrase | Near | Field
"""A constraint whose words are compared letter by letter, or in the title."""


class Nearness(StrEnum):
    """How near an article is to the query by its meaning."""

    VERY_NEAR = "very near"
    NEAR = "near"
    RATHER_FAR = "rather far"
    FAR = "far"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """How likely an article answers."""

    VERY_LIKELY = "very likely"
    LIKELY = "likely"
    POSSIBLE = "possible"
    DOUBTFUL = "doubtful"


class Doubt(StrEnum):
    """What makes it doubtful that an article answers."""

    NAMES = "names"
    YEAR = "year"
    WORDS = "words"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a hit answers a request.

    ``matched`` and ``missing`` are words of the query, in the order typed, that the article holds and does
    not hold; ``unknown`` are those that no article holds. The hit meets ``exact``, which are phrases, words
    near each other and words of the title; it holds nothing of ``excluded``, lies in the ``period`` and
    meets the other ``conditions``. Words of ``exact`` are not among those matched. ``raised`` are the legs
    that moved the hit up for a reason of their own, ``lowered`` whether the reranker moved it down.
    ``neighbour_rank`` is its place among the articles similar to another one, 0 when that was not asked.
    ``nearness`` is None where meaning was not asked, ``verdict`` where there was no question to answer.
    """

    matched: tuple[MatchedWord, ...] = ()
    missing: tuple[MatchedWord, ...] = ()
    exact: tuple[Exact, ...] = ()
    excluded: tuple[Leaf, ...] = ()
    conditions: tuple[str, ...] = ()
    period: str = ""
    nearness: Nearness | None = None
    raised: tuple[Leg, ...] = ()
    lowered: bool = False
    by_date: bool = False
    copies: int = 0
    is_copy: bool = False
    neighbour_rank: int = 0
    verdict: Verdict | None = None
    doubts: tuple[Doubt, ...] = ()

    @property
    def unknown(self) -> tuple[MatchedWord, ...]:
        """The missing words that no article holds."""
        return tuple(word for word in self.missing if not word.articles)


def reasons(request: Request, hit: Hit, explanation: Explanation) -> Reasons:
    """The reasons of a hit of a request, from its explanation."""
    query, parts = request.query, {part.leg: part for part in explanation.contributions}
    constraints = conjuncts(query.constraint)
    exact = tuple(node for node in constraints if isinstance(node, Exact) and ranking_leaves(node))
    excluded = tuple(_excluded(constraints))
    inside = {term for leaf in ranking_leaves(*exact) for term in exact_terms(_leaf_text(leaf))}
    others = [word for word in explanation.matched if not inside.issuperset(exact_terms(word.text))]
    breakdown = explanation.confidence if query.words else None
    return Reasons(
        matched=tuple(word for word in others if word.in_article),
        missing=tuple(word for word in others if not word.in_article),
        exact=exact,
        excluded=excluded,
        conditions=tuple(_conditions(constraints, excluded)),
        period=", ".join(Filter(node).text for node in constraints if isinstance(node, DateRange)),
        nearness=_nearness(parts.get(Leg.SEMANTIC), breakdown),
        raised=tuple(leg for leg in (Leg.LITERAL, Leg.RECENCY, Leg.RERANK) if _points(parts, leg) > 0),
        lowered=_points(parts, Leg.RERANK) < 0,
        by_date=request.sort is not Sort.RELEVANCE,
        copies=len(hit.copies),
        is_copy=bool(hit.copy_of),
        neighbour_rank=0 if query.words or Leg.SEMANTIC not in parts else parts[Leg.SEMANTIC].rank,
        verdict=_verdict(breakdown),
        doubts=_doubts(breakdown, parts),
    )


def _excluded(nodes: Iterable[Node]) -> Iterator[Leaf]:
    """The words, phrases and patterns that are excluded each by itself."""
    for node in nodes:
        match node:
            case Not(Word() | Phrase() | Near() | Prefix() | Wildcard() | Fuzzy() as leaf):
                yield leaf


def _conditions(nodes: Iterable[Node], excluded: Iterable[Leaf]) -> Iterator[str]:
    """Conditions on places, and those without a ranking word but dates and excluded words, as text."""
    said: set[Node] = {Not(leaf) for leaf in excluded}
    for node in nodes:
        has_words = ranking_leaves(node) and not isinstance(node, Placed)
        if not (isinstance(node, DateRange) or has_words or node in said):
            yield Filter(node).text


def _leaf_text(leaf: Leaf) -> str:
    return leaf.pattern if isinstance(leaf, Wildcard) else leaf.text


def _points(parts: Mapping[Leg, Contribution], leg: Leg) -> float:
    return parts[leg].points if leg in parts else 0.0


def _nearness(part: Contribution | None, breakdown: ConfidenceBreakdown | None) -> Nearness | None:
    if part is None or breakdown is None:
        return None
    if not part.rank:
        return Nearness.UNKNOWN
    for nearness, least in (
        (Nearness.VERY_NEAR, _VERY_NEAR),
        (Nearness.NEAR, _NEAR),
        (Nearness.RATHER_FAR, _RATHER_FAR),
    ):
        if breakdown.likeness >= least:
            return nearness
    return Nearness.FAR


def _verdict(breakdown: ConfidenceBreakdown | None) -> Verdict | None:
    if breakdown is None:
        return None
    for verdict, least in (
        (Verdict.VERY_LIKELY, _VERY_LIKELY),
        (Verdict.LIKELY, _LIKELY),
        (Verdict.POSSIBLE, LINE),
    ):
        if breakdown.confidence >= least:
            return verdict
    return Verdict.DOUBTFUL


def _doubts(breakdown: ConfidenceBreakdown | None, parts: Mapping[Leg, Contribution]) -> tuple[Doubt, ...]:
    """Of a doubtful hit, what its confidence lacks."""
    if breakdown is None or breakdown.confidence >= LINE:
        return ()
    by_meaning = Leg.SEMANTIC in parts and parts[Leg.SEMANTIC].rank > 0
    by_words = Leg.KEYWORD in parts
    lacking = {
        Doubt.YEAR: breakdown.later > 0,
        Doubt.NAMES: breakdown.missing > 0,
        Doubt.WORDS: by_words and breakdown.coverage < _MOST,
        Doubt.MEANING: by_meaning and breakdown.likeness < _NEAR,
    }
    return tuple(doubt for doubt, holds in lacking.items() if holds)
