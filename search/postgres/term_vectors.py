"""Turns the words of an article into the values that are loaded: term numbers, counts, and words in order."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import count
from operator import itemgetter

import msgspec
import numpy as np

from search.keyword.bm25 import saturations
from search.keyword.fields import GAP
from search.keyword.names import EDGE, name_tokens, names
from search.keyword.postings import round_lengths
from search.postgres.schema import DIMENSIONS, NONZERO, Field
from search.text.analyzer import BUILD_CACHE, Token, caching_terms, tokenise
from search.text.chunking import own_title
from search.text.dates import published_days
from search.text.sentences import Span
from search.types import Article

RANKING_FIELDS = (Field.TITLE, Field.BODY, Field.EXACT)
"""The fields of articles that rank."""
LONGEST = 255
"""Characters of the longest term of the lexicon."""
_HASH_BYTES = 16
_BREAK = "\x1f"  # a word that no query has, so that no phrase goes across it

Counts = dict[int, int]
"""By term number, how often the term is in a text."""


class AnalysedArticle(msgspec.Struct, frozen=True, array_like=True):
    """The words of an article and of its passages.

    ``fields`` are the counts of ``RANKING_FIELDS``. ``terms`` are the numbers of all terms of the article,
    ascending. ``written`` are the words in order: of title and body, of the title, of each field of names.
    ``days`` are the first and the last day of its date as ordinals, 0 without a date. ``passages`` are the
    counts of stems by passage.
    """

    key: int
    fields: tuple[Counts, ...]
    terms: list[int]
    written: tuple[str, ...]
    days: tuple[int, int]
    passages: list[Counts]


class LexiconBuilder:
    """Numbers the terms in the order they come, and counts how many articles and rows have each.

    The same articles in the same order give the same numbers.
    """

    def __init__(self) -> None:
        self._numbers: defaultdict[tuple[Field, str], int] = defaultdict(count(1).__next__)
        self._articles: Counter[int] = Counter()
        self._rows: Counter[int] = Counter()
        self._total_lengths = np.zeros(len(RANKING_FIELDS) + 1)
        self._texts = np.zeros(len(RANKING_FIELDS) + 1, np.int64)
        self._tokenise = partial(tokenise, terms_of=caching_terms(BUILD_CACHE))

    def analyse(self, key: int, article: Article, spans: Sequence[Span]) -> AnalysedArticle:
        """Add an article with these passages to the lexicon."""
        title, body = list(self._tokenise(article.title)), list(self._tokenise(article.body))
        named = {Field(name): name_tokens(values) for name, values in names(article).items()}
        ranking_title = title if own_title(article) else []
        ranking = (
            self._counts(Field.TITLE, _stems(ranking_title)),
            self._counts(Field.BODY, _stems(body)),
            self._counts(Field.EXACT, _terms([*ranking_title, *body])),
        )
        filtering = (
            self._counts(Field.TITLE_STEMS, _stems(title)),
            self._counts(Field.TITLE_EXACT, _terms(title)),
            self._counts(Field.SPELLED, _spellings([*ranking_title, *body])),
            *(self._counts(field, _terms_of_names(tokens)) for field, tokens in named.items()),
        )
        passages = [self._counts(Field.BODY, _stems(tokens)) for tokens in _by_passage(body, spans)]
        terms = sorted(set().union(*ranking, *filtering))
        self._articles.update(terms)
        for passage in passages:
            self._rows.update(passage.keys())
        self._add_lengths(ranking, passages)
        written = (_in_order(ranking_title, body), _in_order(title), *map(_at_positions, named.values()))
        days = published_days(article.published)
        ordinals = (days.first.toordinal(), days.last.toordinal()) if days else (0, 0)
        return AnalysedArticle(key, ranking, terms, written, ordinals, passages)

    def records(self) -> Iterable[tuple[int, str, str, int, int]]:
        """Every term: its number, its field, its text, and how many articles and rows have it."""
        for (field, term), number in self._numbers.items():
            yield number, field.value, term, self._articles[number], self._rows[number]

    @property
    def mean_lengths(self) -> list[float]:
        """The mean lengths of ``RANKING_FIELDS``, then of passages."""
        means = self._total_lengths / np.maximum(self._texts, 1)
        return [max(1.0, float(mean)) for mean in means]

    def _counts(self, field: Field, terms: Iterable[str]) -> Counts:
        return dict(Counter(self._numbers[field, stored_term(term)] for term in terms))

    def _add_lengths(self, ranking: Sequence[Counts], passages: Sequence[Counts]) -> None:
        for index, counts in enumerate(ranking):
            self._total_lengths[index] += sum(counts.values())
            self._texts[index] += 1
        self._total_lengths[-1] += sum(sum(passage.values()) for passage in passages)
        self._texts[-1] += len(passages)


def stored_term(term: str) -> str:
    """A term as the lexicon stores it: a hash replaces the end of one that is too long for an index."""
    if len(term) <= LONGEST:
        return term
    digest = hashlib.blake2b(term.encode(), digest_size=_HASH_BYTES).hexdigest()
    return f"{term[: LONGEST - 2 * _HASH_BYTES]}{digest}"


def saturation_counts(lengths: Sequence[int], means: Sequence[float]) -> list[float]:
    """See ``bm25.saturations``; each length has its own mean."""
    rounded = round_lengths(np.array(lengths))
    return [float(saturations(length, mean)) for length, mean in zip(rounded, means, strict=True)]


def weights(counts: Counts, saturation: float) -> dict[int, float]:
    """By term number, the BM25 score of the term in a text, without the idf and the factor ``K1 + 1``."""
    return {number: times / (times + saturation) for number, times in counts.items()}


def sparsevec(values: dict[int, float] | Counts) -> str:
    """A sparse vector, written as pgvector reads it; it takes the largest ``NONZERO`` values."""
    if len(values) > NONZERO:
        values = dict(sorted(values.items(), key=itemgetter(1), reverse=True)[:NONZERO])
    inside = ",".join(f"{number}:{value:.9g}" for number, value in sorted(values.items()))
    return f"{{{inside}}}/{DIMENSIONS}"


def phrase_text(terms: Iterable[str]) -> str:
    """Terms in order, as they are found in ``AnalysedArticle.written``."""
    return f" {' '.join(terms)} "


def _terms(tokens: Iterable[Token]) -> list[str]:
    return [token.term for token in tokens]


def _terms_of_names(tokens: Iterable[Token]) -> list[str]:
    return [token.term for token in tokens if token.term != EDGE]


def _stems(tokens: Iterable[Token]) -> list[str]:
    return [token.stem for token in tokens if token.stem]


def _spellings(tokens: Iterable[Token]) -> list[str]:
    return [spelling for token in tokens for spelling in token.spellings]


def _by_passage(body: Sequence[Token], spans: Sequence[Span]) -> list[list[Token]]:
    """The tokens of each passage; a token belongs to the passage in which it begins."""
    starts = np.array([start for start, _ in spans])
    indexes = (np.searchsorted(starts, [token.start for token in body], "right") - 1).tolist()
    passages: list[list[Token]] = [[] for _ in spans]
    for index, token in zip(indexes, body, strict=True):
        passages[index].append(token)
    return passages


def _in_order(*texts: Sequence[Token]) -> str:
    """The words of several texts in order, compounds as their parts, with a gap between two texts."""
    parts = ([token.term for token in tokens if not token.compound] for tokens in texts)
    gap = f" {' '.join([_BREAK] * (GAP - 1))} "
    words = gap.join(" ".join(part) for part in parts)
    return f" {words} " if words else ""


def _at_positions(tokens: Iterable[Token]) -> str:
    """The words of a field of names at their positions, compounds as their parts."""
    words: list[str] = []
    for token in tokens:
        if not token.compound:
            words += [_BREAK] * (token.position - len(words)) + [token.term]
    return phrase_text(words) if words else ""
