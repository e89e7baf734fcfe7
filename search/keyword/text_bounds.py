"""Where sentences, paragraphs and bodies begin, in positions of the field of words as written.

The index has the positions of words and not of sentences, so the bounds come from the texts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from search.keyword.fields import GAP
from search.keyword.postings import Docs
from search.lru import LruCache
from search.query.ast import Unit
from search.text.analyzer import analyse_run, normalise, pieces
from search.text.chunking import own_title
from search.text.sentences import Span, paragraph_spans, sentence_spans
from search.types import Article

DOCUMENT_STEP = 1 << 32  # more than the positions of any document
_CACHED_ARTICLES = 1 << 15  # some 20 MB
_CACHED_RUNS = 1 << 13  # runs of letters
_SPANS = {Unit.SENTENCE: sentence_spans, Unit.PARAGRAPH: paragraph_spans}

Texts = Callable[[Sequence[int]], Sequence[Article]]
"""The articles with these keys, in their order."""


@dataclass(frozen=True, slots=True)
class _Bounds:
    """The first positions of the units of one article, and the first one of its body."""

    units: dict[Unit, Docs]
    body: int


class TextBounds:
    """The bounds of articles; those that were asked for last are kept. Several threads may use it."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._kept: LruCache[int, _Bounds] = LruCache(_CACHED_ARTICLES)

    def unit_starts(self, keys: Docs, unit: Unit) -> Docs:
        """The first places of the units of these articles, which ascend: key times step, plus position."""
        starts = (key * DOCUMENT_STEP + each.units[unit] for key, each in self._bounds(keys))
        return np.concatenate([np.empty(0, np.int64), *starts])

    def body_starts(self, keys: Docs) -> Docs:
        """The first place of the body of each of these articles."""
        return np.array([key * DOCUMENT_STEP + each.body for key, each in self._bounds(keys)], np.int64)

    def _bounds(self, keys: Docs) -> list[tuple[int, _Bounds]]:
        wanted = keys.tolist()
        return list(zip(wanted, self._kept.get_all(wanted, self._load), strict=True))

    def _load(self, keys: list[int]) -> list[_Bounds]:
        return list(map(_bounds, self._texts(keys)))


def _bounds(article: Article) -> _Bounds:
    title, body = _Words(own_title(article)), _Words(article.body)
    first = title.count + GAP - 1
    units = {
        unit: np.unique(np.concatenate([title.starts(spans), first + body.starts(spans)]))
        for unit, spans in _SPANS.items()
    }
    return _Bounds(units, first)


class _Words:
    """The words of one text: how many there are, and the first one of each of its spans."""

    def __init__(self, text: str) -> None:
        self._text = text
        normal = normalise(text)
        parts = pieces(normal)  # every other one is a run
        ends = np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)))
        self._places = ends[:-1:2]
        if normal.starts is not None:
            self._places = np.array(normal.starts, np.int64)[self._places]
        self._before = np.cumsum([0, *map(_positions, parts[1::2])])

    @property
    def count(self) -> int:
        """The number of positions."""
        return int(self._before[-1])

    def starts(self, spans: Callable[[str], list[Span]]) -> Docs:
        """The position of the first word of each span."""
        begins = [start for start, _ in spans(self._text)]
        starts: Docs = self._before[np.searchsorted(self._places, begins)].astype(np.int64)
        return starts


@lru_cache(_CACHED_RUNS)
def _positions(run: str) -> int:
    tokens = analyse_run(run)
    return tokens[-1].position + 1 if tokens else 0
