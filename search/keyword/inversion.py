"""From articles to the keyword index: runs of bounded size in memory, merged at the end.

Single-pass in-memory indexing: Heinz & Zobel, "Efficient single-pass index construction for text
databases", JASIST 54(8), 2003. What Whoosh does posting by posting is done in whole arrays.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from search.keyword.container import Array, Writer
from search.keyword.fields import DAYS, EXACT, FIRST_ROWS, GAP, PASSAGES, STEMMED
from search.keyword.runs import FieldRuns, Vocabulary
from search.model import Article
from search.text.chunking import own_title
from search.text.dates import published_days
from search.text.french import stem, tokenise
from search.text.sentences import Span
from search.text.stopwords import STOP_WORDS

_RUN = 4_000_000  # tokens of titles and bodies held in memory
_CACHED_NAMES = 4096  # of sources and sections
_STOPPED = -1
_IN_TITLE = -1

_Tokens = tuple[Array, Array]  # numbers of words, and their positions


def write(path: Path, articles: Iterable[tuple[Article, Sequence[Span]]]) -> None:
    """Write a new keyword index of articles (by key), each with the spans of its passages (by row).

    A word belongs to the passage in which it begins. Raises OSError.
    """
    with TemporaryDirectory(dir=path.parent) as runs:
        inverter = _Inverter(Path(runs))
        for article, spans in articles:
            inverter.add(article, spans)
        inverter.finish(Writer(path))


class _Stream:
    """Columns of numbers, collected piece by piece."""

    def __init__(self, *names: str) -> None:
        self._pieces: dict[str, list[Array]] = {name: [np.empty(0, np.int64)] for name in names}
        self.size = 0

    def add(self, *columns: Array) -> None:
        for pieces, column in zip(self._pieces.values(), columns, strict=True):
            pieces.append(column)
        self.size += len(columns[0])

    def taken(self) -> list[Array]:
        """What was collected; nothing is left."""
        found = [np.concatenate(pieces) for pieces in self._pieces.values()]
        for pieces in self._pieces.values():
            del pieces[1:]
        self.size = 0
        return found


class _Inverter:
    """Takes articles one after the other, and keeps at most a run of them in memory."""

    def __init__(self, folder: Path) -> None:
        self._words: defaultdict[str, int] = defaultdict(count().__next__)
        self._stems: defaultdict[str, int] = defaultdict(count().__next__)
        self._stem_of: list[int] = []
        self._text = _Stream("words", "keys", "rows", "positions")
        names = ("title_exact", "source", "section")
        self._names = {name: _Stream("words", "keys", "positions") for name in names}
        self._fields = {name: FieldRuns(folder / name) for name in EXACT + STEMMED}
        self._days: list[tuple[int, int]] = []
        self._first_rows: list[int] = []
        self._rows = 0
        self._of_name = lru_cache(_CACHED_NAMES)(self._tokens)

    def add(self, article: Article, spans: Sequence[Span]) -> None:
        title = self._tokens(article.title)
        self._add_name("title_exact", title)
        self._add_name("source", self._of_name(article.source))
        self._add_name("section", self._of_name(article.section))
        own = slice(None) if own_title(article) else slice(0)
        self._add_text((title[0][own], title[1][own]), article.body, [start for start, _ in spans])
        days = published_days(article.published)
        self._days.append((0, 0) if days is None else (days.first.toordinal(), days.last.toordinal()))
        self._first_rows.append(self._rows)
        self._rows += len(spans)
        if self._text.size >= _RUN:
            self._flush()

    def finish(self, writer: Writer) -> None:
        """Merge everything taken into the arrays of the index."""
        self._flush()
        words, stems = Vocabulary(self._words), Vocabulary(self._stems)
        for name, field in self._fields.items():
            field.merge(writer, name, stems if name in STEMMED else words)
        writer.add(FIRST_ROWS, np.array(self._first_rows, np.int64))
        writer.add(DAYS, np.array(self._days, np.int64).reshape(-1, 2))
        writer.finish()

    def _add_name(self, name: str, tokens: _Tokens) -> None:
        words, positions = tokens
        self._names[name].add(words, np.full(len(words), len(self._days)), positions)

    def _add_text(self, title: _Tokens, body: str, starts: Sequence[int]) -> None:
        words, positions, offsets = self._placed(body)
        after_title = (int(title[1][-1]) if len(title[1]) else -1) + GAP
        rows = self._rows - 1 + np.searchsorted(np.array(starts), offsets, "right")
        self._text.add(
            np.concatenate([title[0], words]),
            np.full(len(title[0]) + len(words), len(self._days)),
            np.concatenate([np.full(len(title[0]), _IN_TITLE), rows]),
            np.concatenate([title[1], positions + after_title]),
        )

    def _tokens(self, text: str) -> _Tokens:
        words, positions, _ = self._placed(text)
        return words, positions

    def _placed(self, text: str) -> tuple[Array, Array, Array]:
        """The numbers of a text's words, their positions, and the offsets where they start."""
        tokens = list(tokenise(text))
        terms, offsets, _, positions, _ = zip(*tokens, strict=True) if tokens else ((),) * 5
        numbers = list(map(self._words.__getitem__, terms))
        return np.array(numbers, np.int64), np.array(positions, np.int64), np.array(offsets, np.int64)

    def _flush(self) -> None:
        """Hand the tokens taken so far to their fields."""
        articles, fields = len(self._days), self._fields
        words, keys, rows, positions = self._text.taken()
        fields["exact"].add(articles, words, keys, positions)
        stems = self._stems_of(words)
        titled, inside = (rows == _IN_TITLE) & (stems != _STOPPED), (rows != _IN_TITLE) & (stems != _STOPPED)
        fields["title"].add(articles, stems[titled], keys[titled])
        fields[PASSAGES].add(self._rows, stems[inside], rows[inside])
        for name, stream in self._names.items():
            words, keys, positions = stream.taken()
            fields[name].add(articles, words, keys, positions)
            if name == "title_exact":
                stems = self._stems_of(words)
                fields["title_stems"].add(articles, stems[stems != _STOPPED], keys[stems != _STOPPED])

    def _stems_of(self, words: Array) -> Array:
        for word in islice(self._words, len(self._stem_of), None):
            self._stem_of.append(_STOPPED if word in STOP_WORDS else self._stems[stem(word)])
        return np.array(self._stem_of, np.int64)[words]
