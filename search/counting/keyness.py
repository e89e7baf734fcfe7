"""Keyness: the words that more articles of one answer hold than of the archive, or of another answer.

Articles are counted, not tokens: an article that repeats a word fifty times counts once, so a single long
article cannot make a word look typical of an answer. Such counts of documents find words that are spread over
the texts (Egbert and Biber, "Incorporating text dispersion into keyword analyses", Corpora 14, 2019).
"""

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from search.counting.bodies import bodies
from search.counting.full_words import full_words, is_word
from search.counting.significance import SIGNIFICANT, log_likelihood, log_ratio
from search.protocols import Bools, Ints, KeywordIndex
from search.query.matcher import matches
from search.retrieval.request import Request
from search.types import Copies

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

_SPARE = 20  # words that are looked at beyond twice the limit, as those of the query are left out


@dataclass(frozen=True, slots=True)
class Term:
    """A word as the answer writes it most often, and how many articles of each side hold it in their body.

    ``log_likelihood`` is G² in nats: how sure it is that the difference is no chance. ``log_ratio`` is the
    binary logarithm of how many times as frequent the word is in the answer: how large the difference is.
    """

    word: str
    stem: str
    articles: int
    reference: int
    log_likelihood: float
    log_ratio: float


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of an answer of ``articles``, compared with ``reference`` articles, the surest first."""

    articles: int
    reference: int
    terms: tuple[Term, ...]
    degraded: tuple[str, ...] = ()


def terms(engine: "Engine", request: Request, against: Request, limit: int = 50, minimum: int = 3) -> Terms:
    """The words that are over-represented in an answer, at most ``limit``, by G²; ties by stem.

    ``against`` is the other answer; an empty query stands for the archive. Articles of both count for the
    answer alone. A word is listed where at least ``minimum`` articles of the answer hold it, and chance
    explains the difference in less than one case in a thousand; stop words, numbers, and the words of both
    queries are not. Raises what ``Engine.search`` does.
    """
    answer, other = engine.results(request), engine.results(against)
    every = engine.results(replace(request, copies=Copies.LISTED))
    size = len(engine.collection.store.first_rows)
    own, reference = _mask(size, answer.keys), _mask(size, other.keys)
    reference[every.keys] = False
    ranked = _ranked(engine.collection.keyword, own, reference, minimum)[: 2 * limit + _SPARE]
    words = full_words([term.stem for term in ranked], bodies(engine.collection.store, answer.keys))
    asked = (*request.query.words, *against.query.words)
    listed = (replace(term, word=words[term.stem]) for term in ranked)
    unasked = (term for term in listed if not matches(asked, term.word))
    degraded = dict.fromkeys((*answer.degraded, *other.degraded))
    return Terms(int(own.sum()), int(reference.sum()), tuple(islice(unasked, limit)), tuple(degraded))


def _mask(size: int, keys: Ints) -> Bools:
    mask = np.zeros(size, bool)
    mask[keys] = True
    return mask


def _ranked(keyword: KeywordIndex, own: Bools, reference: Bools, minimum: int) -> list[Term]:
    """The over-represented stems, the surest first; their words are not known yet."""
    n, m = int(own.sum()), int(reference.sum())
    if not (n and m):
        return []
    counts, others = keyword.stem_counts(own), keyword.stem_counts(reference)
    stems = sorted(stem for stem, count in counts.items() if count >= minimum and is_word(stem))
    a = np.array([counts[stem] for stem in stems], np.float64)
    b = np.array([others.get(stem, 0) for stem in stems], np.float64)
    surety, effect = log_likelihood(a, n, b, m), log_ratio(a, n, b, m)
    over = np.flatnonzero((a * m > b * n) & (surety >= SIGNIFICANT))
    order = over[np.argsort(-surety[over], kind="stable")].tolist()
    return [
        Term("", stems[each], int(a[each]), int(b[each]), float(surety[each]), float(effect[each]))
        for each in order
    ]
