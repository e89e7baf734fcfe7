"""Builds the keyword index from articles: sorted runs of limited size, merged at the end.

Single-pass in-memory indexing: Heinz & Zobel, "Efficient single-pass index construction for text
databases", JASIST 54(8), 2003. The work is done on whole arrays, not posting by posting as in Whoosh.
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
from search.keyword.fields import DAYS, EXACT, FIRST_ROWS, GAP, NAMES, PASSAGES, STEMMED
from search.keyword.names import Values, name_tokens, names
from search.keyword.postings import Lexicon
from search.keyword.run_merge import FieldRuns, Vocabulary
from search.protocols import GONE, Moved
from search.text.analyzer import Token, stem, tokenise
from search.text.chunking import own_title
from search.text.dates import published_days
from search.text.sentences import Span
from search.text.stopwords import STOP_WORDS
from search.types import Article

_RUN_TOKENS = 4_000_000  # tokens of titles and bodies that are in memory at once
_CACHED_NAMES = 4096  # such as sources and sections
_STOP_WORD, _NOT_STEMMED = -1, -2  # instead of the number of a stem
_IN_TITLE = -1  # instead of a row

_Tokens = tuple[Array, Array]  # the numbers of words, and their positions


@dataclass(frozen=True, slots=True)
class ArticleToIndex:
    """An article with its key, its first row, and the spans of its passages."""

    key: int
    first_row: int
    article: Article
    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Extent:
    """The size of an index: the first row of each article, and the number of rows."""

    first_rows: Array
    rows: int


def write(path: Path, extent: Extent, articles: Iterable[ArticleToIndex]) -> None:
    """Write a keyword index of articles, given by key; a word belongs to the passage in which it begins.

    Raises OSError.
    """
    with _index_writer(path, extent) as inverter:
        for article in articles:
            inverter.add(article)


def update(
    path: Path, extent: Extent, articles: Iterable[ArticleToIndex], published: Path, moved: Moved
) -> None:
    """Write the same index as ``write`` would of all articles, but copy the unchanged ones.

    ``articles`` are the new ones. The others are copied from the index ``published``; ``moved`` has their
    places. Raises OSError, and IndexCorrupt when the published index cannot be read.
    """
    with _index_writer(path, extent) as inverter:
        inverter.copy_from(array_file.open_arrays(published), moved)
        for article in articles:
            inverter.add(article)


@contextmanager
def _index_writer(path: Path, extent: Extent) -> "Iterator[_Inverter]":
    with TemporaryDirectory(dir=path.parent) as runs:
        inverter = _Inverter(Path(runs), extent)
        yield inverter
        inverter.finish(Writer(path))


class _Columns:
    """Columns of numbers that are collected in parts."""

    def __init__(self, *names: str) -> None:
        self._parts: dict[str, list[Array]] = {name: [np.empty(0, np.int64)] for name in names}
        self.size = 0

    def add(self, *columns: Array) -> None:
        for parts, column in zip(self._parts.values(), columns, strict=True):
            parts.append(column)
        self.size += len(columns[0])

    def drain(self) -> list[Array]:
        """Each column as one array; removes everything."""
        columns = [np.concatenate(parts) for parts in self._parts.values()]
        for parts in self._parts.values():
            del parts[1:]
        self.size = 0
        return columns


class _Inverter:
    """Takes articles one after the other, and has at most one run of them in memory."""

    def __init__(self, folder: Path, extent: Extent) -> None:
        self._words: defaultdict[str, int] = defaultdict(count().__next__)
        self._stems: defaultdict[str, int] = defaultdict(count().__next__)
        self._stem_of_word = np.empty(0, np.int64)
        self._text = _Columns("words", "keys", "rows", "positions")
        self._names = {name: _Columns("words", "keys", "positions") for name in ("title_exact", *NAMES)}
        self._extent = extent
        articles = len(extent.first_rows)
        self._fields = {
            name: FieldRuns(folder / name, extent.rows if name == PASSAGES else articles)
            for name in EXACT + STEMMED
        }
        self._days = np.zeros((articles, 2), np.int64)
        self._name_tokens = lru_cache(_CACHED_NAMES)(self._tokens_of_names)

    def copy_from(self, arrays: Mapping[str, Array], moved: Moved) -> None:
        """Copy the postings of the articles and rows of another index that are in this one too."""
        exist = moved.keys != GONE
        self._days[moved.keys[exist]] = arrays[DAYS][exist]
        for name, field in self._fields.items():
            prefix = f"{name}."
            field_arrays = {
                key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)
            }
            numbers = self._stems if name in STEMMED else self._words
            ends = field_arrays["ends"]
            terms = (term.decode() for term in Lexicon(field_arrays["terms"], ends))
            term_numbers = np.fromiter(map(numbers.__getitem__, terms), np.int64, len(ends))
            field.copy_from(field_arrays, term_numbers, moved.rows if name == PASSAGES else moved.keys)

    def add(self, indexed: ArticleToIndex) -> None:
        article, key = indexed.article, indexed.key
        title = self._tokens(article.title)
        self._add_name("title_exact", title, key)
        for name, values in names(article).items():
            self._add_name(name, self._name_tokens(values), key)
        ranking = slice(None) if own_title(article) else slice(0)  # of the title: all of it, or nothing
        self._add_text((title[0][ranking], title[1][ranking]), indexed)
        days = published_days(article.published)
        if days is not None:
            self._days[key] = days.first.toordinal(), days.last.toordinal()
        if self._text.size >= _RUN_TOKENS:
            self._flush()

    def finish(self, writer: Writer) -> None:
        """Merge all runs into the arrays of the index."""
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

    def _add_text(self, title: _Tokens, indexed: ArticleToIndex) -> None:
        words, positions, offsets = self._numbered(tokenise(indexed.article.body))
        after_title = (int(title[1][-1]) if len(title[1]) else -1) + GAP
        starts = np.array([start for start, _ in indexed.spans])
        rows = indexed.first_row - 1 + np.searchsorted(starts, offsets, "right")
        self._text.add(
            np.concatenate([title[0], words]),
            np.full(len(title[0]) + len(words), indexed.key),
            np.concatenate([np.full(len(title[0]), _IN_TITLE), rows]),
            np.concatenate([title[1], positions + after_title]),
        )

    def _tokens(self, text: str) -> _Tokens:
        words, positions, _ = self._numbered(tokenise(text))
        return words, positions

    def _tokens_of_names(self, values: Values) -> _Tokens:
        words, positions, _ = self._numbered(name_tokens(values))
        return words, positions

    def _numbered(self, tokens: Iterable[Token]) -> tuple[Array, Array, Array]:
        """The numbers of the words, their positions, and the offsets where they start."""
        number_of = self._words.__getitem__
        numbers: list[int] = []
        positions: list[int] = []
        offsets: list[int] = []
        for term, start, _, position, _ in tokens:  # not a list: garbage collection of so many tokens is slow
            numbers.append(number_of(term))
            positions.append(position)
            offsets.append(start)
        return np.array(numbers, np.int64), np.array(positions, np.int64), np.array(offsets, np.int64)

    def _flush(self) -> None:
        """Move the collected tokens to their fields, as one run each."""
        fields = self._fields
        words, keys, rows, positions = self._text.drain()
        fields["exact"].add(words, keys, positions)
        stems = self._stems_of(words)
        in_title, is_stem = rows == _IN_TITLE, stems != _STOP_WORD
        fields["title"].add(stems[in_title & is_stem], keys[in_title & is_stem])
        fields[PASSAGES].add(stems[~in_title & is_stem], rows[~in_title & is_stem])
        for name, columns in self._names.items():
            words, keys, positions = columns.drain()
            fields[name].add(words, keys, positions)
            if name == "title_exact":
                stems = self._stems_of(words)
                fields["title_stems"].add(stems[stems != _STOP_WORD], keys[stems != _STOP_WORD])

    def _stems_of(self, words: Array) -> Array:
        """By word number, the number of its stem, or ``_STOP_WORD``."""
        new = np.full(len(self._words) - len(self._stem_of_word), _NOT_STEMMED)
        self._stem_of_word = np.append(self._stem_of_word, new)
        occurring = np.zeros(len(self._stem_of_word), bool)
        occurring[words] = True
        written = list(self._words)
        for number in np.flatnonzero(occurring & (self._stem_of_word == _NOT_STEMMED)).tolist():
            word = written[number]
            self._stem_of_word[number] = _STOP_WORD if word in STOP_WORDS else self._stems[stem(word)]
        return self._stem_of_word[words]
