"""From articles to the keyword index: runs of bounded size in memory, merged at the end.

Single-pass in-memory indexing: Heinz & Zobel, "Efficient single-pass index construction for text
databases", JASIST 54(8), 2003. What Whoosh does posting by posting is done in whole arrays.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from search.keyword import array_file
from search.keyword.array_file import Array, Writer
from search.keyword.fields import DAYS, EXACT, FIRST_ROWS, GAP, PASSAGES, STEMMED
from search.keyword.postings import Lexicon
from search.keyword.run_merge import FieldRuns, Vocabulary
from search.protocols import GONE, Moved
from search.text.analyzer import stem, tokenise
from search.text.chunking import own_title
from search.text.dates import published_days
from search.text.sentences import Span
from search.text.stopwords import STOP_WORDS
from search.types import Article

_RUN = 4_000_000  # tokens of titles and bodies held in memory
_CACHED_NAMES = 4096  # of sources and sections
_STOPPED, _UNKNOWN = -1, -2
_IN_TITLE = -1

_Tokens = tuple[Array, Array]  # numbers of words, and their positions


@dataclass(frozen=True, slots=True)
class Posted:
    """An article to be inverted, by key: its first row, and the spans of its passages."""

    key: int
    first_row: int
    article: Article
    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Extent:
    """What an index is of: each article's first row, and how many rows there are."""

    first_rows: Array
    rows: int


def write(path: Path, extent: Extent, articles: Iterable[Posted]) -> None:
    """Write a new keyword index of articles, by key. A word belongs to the passage in which it begins.

    Raises OSError.
    """
    with _inverting(path, extent) as inverter:
        for posted in articles:
            inverter.add(posted)


def rewrite(path: Path, extent: Extent, articles: Iterable[Posted], published: Path, moved: Moved) -> None:
    """Write what ``write`` would of all articles, from those that are new and another index of the others.

    Raises OSError, and IndexCorrupt when the published index cannot be read.
    """
    with _inverting(path, extent) as inverter:
        inverter.take_over(array_file.opened(published), moved)
        for posted in articles:
            inverter.add(posted)


@contextmanager
def _inverting(path: Path, extent: Extent) -> "Iterator[_Inverter]":
    with TemporaryDirectory(dir=path.parent) as runs:
        inverter = _Inverter(Path(runs), extent)
        yield inverter
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

    def __init__(self, folder: Path, extent: Extent) -> None:
        self._words: defaultdict[str, int] = defaultdict(count().__next__)
        self._stems: defaultdict[str, int] = defaultdict(count().__next__)
        self._stem_of = np.empty(0, np.int64)
        self._text = _Stream("words", "keys", "rows", "positions")
        names = ("title_exact", "source", "section")
        self._names = {name: _Stream("words", "keys", "positions") for name in names}
        self._extent = extent
        articles = len(extent.first_rows)
        self._fields = {
            name: FieldRuns(folder / name, extent.rows if name == PASSAGES else articles)
            for name in EXACT + STEMMED
        }
        self._days = np.zeros((articles, 2), np.int64)
        self._of_name = lru_cache(_CACHED_NAMES)(self._tokens)

    def take_over(self, arrays: Mapping[str, Array], moved: Moved) -> None:
        """Take what another index says of the articles and rows that are here too."""
        here = moved.keys != GONE
        self._days[moved.keys[here]] = arrays[DAYS][here]
        for name, field in self._fields.items():
            held = {
                key.removeprefix(f"{name}."): array
                for key, array in arrays.items()
                if key.startswith(f"{name}.")
            }
            numbers = self._stems if name in STEMMED else self._words
            terms = (term.decode() for term in Lexicon(held["terms"], held["ends"]))
            known = np.fromiter(map(numbers.__getitem__, terms), np.int64, len(held["ends"]))
            field.take_over(held, known, moved.rows if name == PASSAGES else moved.keys)

    def add(self, posted: Posted) -> None:
        article, key = posted.article, posted.key
        title = self._tokens(article.title)
        self._add_name("title_exact", title, key)
        self._add_name("source", self._of_name(article.source), key)
        self._add_name("section", self._of_name(article.section), key)
        own = slice(None) if own_title(article) else slice(0)
        self._add_text((title[0][own], title[1][own]), posted)
        days = published_days(article.published)
        if days is not None:
            self._days[key] = days.first.toordinal(), days.last.toordinal()
        if self._text.size >= _RUN:
            self._flush()

    def finish(self, writer: Writer) -> None:
        """Merge everything taken into the arrays of the index."""
        self._flush()
        words, stems = Vocabulary(self._words), Vocabulary(self._stems)
        for name, field in self._fields.items():
            field.merge(writer, name, stems if name in STEMMED else words)
        writer.add(FIRST_ROWS, self._extent.first_rows)
        writer.add(DAYS, self._days)
        writer.finish()

    def _add_name(self, name: str, tokens: _Tokens, key: int) -> None:
        words, positions = tokens
        self._names[name].add(words, np.full(len(words), key), positions)

    def _add_text(self, title: _Tokens, posted: Posted) -> None:
        words, positions, offsets = self._placed(posted.article.body)
        after_title = (int(title[1][-1]) if len(title[1]) else -1) + GAP
        starts = np.array([start for start, _ in posted.spans])
        rows = posted.first_row - 1 + np.searchsorted(starts, offsets, "right")
        self._text.add(
            np.concatenate([title[0], words]),
            np.full(len(title[0]) + len(words), posted.key),
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
        fields = self._fields
        words, keys, rows, positions = self._text.taken()
        fields["exact"].add(words, keys, positions)
        stems = self._stems_of(words)
        titled, inside = (rows == _IN_TITLE) & (stems != _STOPPED), (rows != _IN_TITLE) & (stems != _STOPPED)
        fields["title"].add(stems[titled], keys[titled])
        fields[PASSAGES].add(stems[inside], rows[inside])
        for name, stream in self._names.items():
            words, keys, positions = stream.taken()
            fields[name].add(words, keys, positions)
            if name == "title_exact":
                stems = self._stems_of(words)
                fields["title_stems"].add(stems[stems != _STOPPED], keys[stems != _STOPPED])

    def _stems_of(self, words: Array) -> Array:
        self._stem_of = np.append(self._stem_of, np.full(len(self._words) - len(self._stem_of), _UNKNOWN))
        asked = np.zeros(len(self._stem_of), bool)
        asked[words] = True
        written = list(self._words)
        for number in np.flatnonzero(asked & (self._stem_of == _UNKNOWN)).tolist():
            word = written[number]
            self._stem_of[number] = _STOPPED if word in STOP_WORDS else self._stems[stem(word)]
        return self._stem_of[words]
