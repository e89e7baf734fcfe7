"""Builds the keyword index from articles: sorted runs of limited size, merged at the end.

Single-pass in-memory indexing: Heinz & Zobel, "Efficient single-pass index construction for text
databases", JASIST 54(8), 2003. The work is done on whole arrays, not posting by posting as in Whoosh.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from search.keyword import array_file
from search.keyword.array_file import Array, Writer
from search.keyword.fields import DAYS, EXACT, FIRST_ROWS, GAP, NAMES, PASSAGES, SPELLED, STEMMED, TITLE_STEMS
from search.keyword.names import Values, name_tokens, names
from search.keyword.postings import Lexicon
from search.keyword.run_merge import FieldRuns, Vocabulary
from search.protocols import GONE, Moved
from search.text.analyzer import BUILD_CACHE, Token, caching_terms, tokenise
from search.text.chunking import own_title
from search.text.dates import published_days
from search.text.sentences import Span
from search.types import Article

_RUN_TOKENS = 4_000_000  # tokens of titles and bodies that are in memory at once
_CACHED_NAMES = 4096  # such as sources and sections
_STOP_WORD = 0  # instead of the number of a stem
_IN_TITLE = -1  # instead of a row


@dataclass(frozen=True, slots=True)
class _Tokens:
    """The tokens of a text: numbers of words and of stems, positions, offsets; and numbers of spellings."""

    words: Array
    stems: Array
    positions: Array
    offsets: Array
    spellings: Array


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
        self._stems: defaultdict[str, int] = defaultdict(count(1).__next__, {"": _STOP_WORD})
        self._text = _Columns("words", "stems", "keys", "rows", "positions")
        self._names = {
            name: _Columns("words", "stems", "keys", "positions") for name in ("title_exact", *NAMES)
        }
        self._spelled = _Columns("spellings", "keys")
        self._extent = extent
        articles = len(extent.first_rows)
        self._fields = {
            name: FieldRuns(folder / name, extent.rows if name == PASSAGES else articles)
            for name in (*EXACT, *STEMMED, SPELLED)
        }
        self._days = np.zeros((articles, 2), np.int64)
        self._name_tokens = lru_cache(_CACHED_NAMES)(self._tokens_of_names)
        self._tokenise = partial(tokenise, terms_of=caching_terms(BUILD_CACHE))

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
        title, body = (self._numbered(self._tokenise(text)) for text in (article.title, article.body))
        self._add_name("title_exact", title, key)
        for name, values in names(article).items():
            self._add_name(name, self._name_tokens(values), key)
        self._add_text(title if own_title(article) else self._numbered(()), body, indexed)
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
        keys = np.full(len(tokens.words), key)
        self._names[name].add(tokens.words, tokens.stems, keys, tokens.positions)

    def _add_text(self, title: _Tokens, body: _Tokens, indexed: ArticleToIndex) -> None:
        """Add the words of the title that rank, and those of the body."""
        after_title = (int(title.positions[-1]) if len(title.positions) else -1) + GAP
        starts = np.array([start for start, _ in indexed.spans])
        rows = indexed.first_row - 1 + np.searchsorted(starts, body.offsets, "right")
        self._text.add(
            np.concatenate([title.words, body.words]),
            np.concatenate([title.stems, body.stems]),
            np.full(len(title.words) + len(body.words), indexed.key),
            np.concatenate([np.full(len(title.words), _IN_TITLE), rows]),
            np.concatenate([title.positions, body.positions + after_title]),
        )
        for text in (title, body):
            self._spelled.add(text.spellings, np.full(len(text.spellings), indexed.key))

    def _tokens_of_names(self, values: Values) -> _Tokens:
        return self._numbered(name_tokens(values))

    def _numbered(self, tokens: Iterable[Token]) -> _Tokens:
        """The tokens of a text in numbers."""
        number_of_word, number_of_stem = self._words.__getitem__, self._stems.__getitem__
        words: list[int] = []
        stems: list[int] = []
        positions: list[int] = []
        offsets: list[int] = []
        spellings: list[int] = []
        # Not a list of tokens: garbage collection of so many is slow.
        for term, start, _, position, _, stem, spelled in tokens:
            words.append(number_of_word(term))
            stems.append(number_of_stem(stem))
            positions.append(position)
            offsets.append(start)
            spellings.extend(map(number_of_word, spelled))
        columns = (words, stems, positions, offsets, spellings)
        return _Tokens(*(np.array(column, np.int64) for column in columns))

    def _flush(self) -> None:
        """Move the collected tokens to their fields, as one run each."""
        fields = self._fields
        words, stems, keys, rows, positions = self._text.drain()
        fields["exact"].add(words, keys, positions)
        in_title, kept = rows == _IN_TITLE, stems != _STOP_WORD
        fields["title"].add(stems[in_title & kept], keys[in_title & kept])
        fields[PASSAGES].add(stems[~in_title & kept], rows[~in_title & kept])
        fields[SPELLED].add(*self._spelled.drain())
        for name, columns in self._names.items():
            words, stems, keys, positions = columns.drain()
            fields[name].add(words, keys, positions)
            if name == "title_exact":
                kept = stems != _STOP_WORD
                fields[TITLE_STEMS].add(stems[kept], keys[kept])
