"""Builds the keyword index from articles: sorted runs of limited size, merged at the end.

Single-pass in-memory indexing: Heinz & Zobel, "Efficient single-pass index construction for text
databases", JASIST 54(8), 2003. The work is done on whole arrays, not posting by posting as in Whoosh.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from search.keyword import array_file
from search.keyword.array_file import Array, Writer
from search.keyword.block_inverter import ArticleToIndex, BlockInverter
from search.keyword.fields import DAYS, EXACT, FIRST_ROWS, PASSAGES, SPELLED, STEMMED
from search.keyword.postings import Lexicon
from search.keyword.run_merge import FieldRuns, Vocabulary
from search.protocols import GONE, Moved

_RUN_TOKENS = 1_000_000  # tokens of titles and bodies that are in memory at once


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


class _Inverter:
    """Takes articles one after the other, and has at most one run of them in memory."""

    def __init__(self, folder: Path, extent: Extent) -> None:
        self._block = BlockInverter()
        self._extent = extent
        articles = len(extent.first_rows)
        self._fields = {
            name: FieldRuns(folder / name, extent.rows if name == PASSAGES else articles)
            for name in (*EXACT, *STEMMED, SPELLED)
        }
        self._days = np.zeros((articles, 2), np.int64)

    def copy_from(self, arrays: Mapping[str, Array], moved: Moved) -> None:
        """Copy the postings of the articles and rows of another index that are in this one too."""
        exist = moved.keys != GONE
        self._days[moved.keys[exist]] = arrays[DAYS][exist]
        for name, field in self._fields.items():
            prefix = f"{name}."
            field_arrays = {
                key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)
            }
            numbers = self._block.stems if name in STEMMED else self._block.words
            ends = field_arrays["ends"]
            terms = (term.decode() for term in Lexicon(field_arrays["terms"], ends))
            term_numbers = np.fromiter(map(numbers.__getitem__, terms), np.int64, len(ends))
            field.copy_from(field_arrays, term_numbers, moved.rows if name == PASSAGES else moved.keys)

    def add(self, indexed: ArticleToIndex) -> None:
        self._block.add(indexed)
        if self._block.size >= _RUN_TOKENS:
            self._flush()

    def finish(self, writer: Writer) -> None:
        """Merge all runs into the arrays of the index."""
        self._flush()
        words, stems = Vocabulary(self._block.words), Vocabulary(self._block.stems)
        for name, field in self._fields.items():
            field.merge(writer, name, stems if name in STEMMED else words)
        writer.add(FIRST_ROWS, self._extent.first_rows)
        writer.add(DAYS, self._days)
        writer.finish()

    def _flush(self) -> None:
        """Move the postings of the block to their fields, as one run each."""
        block = self._block.finish()
        for name, field in self._fields.items():
            field.add(block.fields[name])
        self._days[block.days[:, 0]] = block.days[:, 1:]
