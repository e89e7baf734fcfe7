"""What is loaded of an article's words: the numbers of its terms, how often each stands, in which order."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import count
from operator import itemgetter

import msgspec
import numpy as np

from search.keyword.bm25 import saturations
from search.keyword.fields import GAP
from search.keyword.postings import coarse
from search.postgres.schema import DIMENSIONS, NONZERO, Field
from search.text.analyzer import Token, stem, tokenise
from search.text.chunking import own_title
from search.text.dates import published_days
from search.text.sentences import Span
from search.text.stopwords import STOP_WORDS
from search.types import Article

RANKING = (Field.TITLE, Field.BODY, Field.EXACT)
"""The fields of articles that rank, in the order of their saturations."""
LONGEST = 255
"""Characters of a term of the lexicon."""
_HASH = 16  # bytes
_BREAK = "\x1f"  # stands where no word does, so that no phrase goes over it

Counts = dict[int, int]
"""How often each term, by its number, stands in a text."""


class Analysed(msgspec.Struct, frozen=True, array_like=True):
    """The words of one article and of its passages, by the numbers of their terms."""

    key: int
    fields: tuple[Counts, ...]
    terms: list[int]
    written: tuple[str, ...]
    days: tuple[int, int]
    passages: list[Counts]


class Lexicon:
    """Numbers terms as they come, and counts who holds them. The same articles give the same numbers."""

    def __init__(self) -> None:
        self._numbers: defaultdict[tuple[Field, str], int] = defaultdict(count(1).__next__)
        self._articles: Counter[int] = Counter()
        self._rows: Counter[int] = Counter()
        self._totals = np.zeros(len(RANKING) + 1)
        self._held = np.zeros(len(RANKING) + 1, np.int64)

    def analyse(self, key: int, article: Article, spans: Sequence[Span]) -> Analysed:
        """Take an article in."""
        title, body = list(tokenise(article.title)), list(tokenise(article.body))
        own = title if own_title(article) else []
        ranking = (
            self._counted(Field.TITLE, _stems(own)),
            self._counted(Field.BODY, _stems(body)),
            self._counted(Field.EXACT, [token.term for token in (*own, *body)]),
        )
        source, section = list(tokenise(article.source)), list(tokenise(article.section))
        named = (
            self._counted(Field.TITLE_STEMS, _stems(title)),
            *(
                self._counted(field, [token.term for token in tokens])
                for field, tokens in (
                    (Field.TITLE_EXACT, title),
                    (Field.SOURCE, source),
                    (Field.SECTION, section),
                )
            ),
        )
        terms = sorted(set().union(*ranking, *named))
        starts = np.array([start for start, _ in spans])
        where = (np.searchsorted(starts, [token.start for token in body], "right") - 1).tolist()
        inside: list[list[Token]] = [[] for _ in spans]
        for place, token in zip(where, body, strict=True):
            inside[place].append(token)
        passages = [self._counted(Field.BODY, _stems(tokens)) for tokens in inside]
        self._articles.update(terms)
        for passage in passages:
            self._rows.update(passage.keys())
        self._measure(ranking, passages)
        written = (_in_order(own, body), *map(_in_order, (title, source, section)))
        days = published_days(article.published)
        dated = (days.first.toordinal(), days.last.toordinal()) if days else (0, 0)
        return Analysed(key, ranking, terms, written, dated, passages)

    def records(self) -> Iterable[tuple[int, str, str, int, int]]:
        """Every term: its number, its field, how many articles and how many rows hold it."""
        for (field, term), number in self._numbers.items():
            yield number, field.value, term, self._articles[number], self._rows[number]

    @property
    def averages(self) -> list[float]:
        """The mean lengths of the ranking fields, and of passages."""
        means = self._totals / np.maximum(self._held, 1)
        return [max(1.0, float(mean)) for mean in means]

    def _counted(self, field: Field, terms: Iterable[str]) -> Counts:
        return dict(Counter(self._numbers[field, kept(term)] for term in terms))

    def _measure(self, ranking: Sequence[Counts], passages: Sequence[Counts]) -> None:
        for place, field in enumerate(ranking):
            self._totals[place] += sum(field.values())
            self._held[place] += 1
        self._totals[-1] += sum(sum(passage.values()) for passage in passages)
        self._held[-1] += len(passages)


def kept(term: str) -> str:
    """A term as the lexicon keeps it: no index takes very long ones, so a hash stands for what is over."""
    if len(term) <= LONGEST:
        return term
    return f"{term[: LONGEST - 2 * _HASH]}{hashlib.blake2b(term.encode(), digest_size=_HASH).hexdigest()}"


def halves(lengths: Sequence[int], averages: Sequence[float]) -> list[float]:
    """The count at which a term says half of what it can, for each of these lengths."""
    coarsened = coarse(np.array(lengths))
    return [float(saturations(length, average)) for length, average in zip(coarsened, averages, strict=True)]


def weights(counts: Counts, half: float) -> dict[int, float]:
    """What each term says of a text but for its idf."""
    return {number: times / (times + half) for number, times in counts.items()}


def sparse(values: dict[int, float] | Counts) -> str:
    """A vector as pgvector reads it; of more values than it takes the largest."""
    if len(values) > NONZERO:
        values = dict(sorted(values.items(), key=itemgetter(1), reverse=True)[:NONZERO])
    inside = ",".join(f"{number}:{value:.9g}" for number, value in sorted(values.items()))
    return f"{{{inside}}}/{DIMENSIONS}"


def phrase(terms: Iterable[str]) -> str:
    """Words in order as they are looked for in what an article says in order."""
    return f" {' '.join(terms)} "


def _stems(tokens: Iterable[Token]) -> list[str]:
    return [stem(token.term) for token in tokens if token.term not in STOP_WORDS]


def _in_order(*texts: Sequence[Token]) -> str:
    """The words of texts in order, compounds by their parts, none near those of another text."""
    parts = ([token.term for token in tokens if not token.compound] for tokens in texts)
    between = f" {' '.join([_BREAK] * (GAP - 1))} "
    said = between.join(" ".join(part) for part in parts)
    return f" {said} " if said else ""
