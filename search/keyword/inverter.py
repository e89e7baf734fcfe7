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
from search.keyword.block_inverter import BlockInverter, InvertedBlock
from search.keyword.fields import DAYS, EXACT, FIRST_ROWS, PASSAGES, SPELLED, STEMMED
from search.keyword.lexicon import Lexicon
from search.keyword.run_merge import FieldRuns, Vocabulary
from search.keyword.token_table import Numbers
from search.protocols import GONE, Moved


@dataclass(frozen=True, slots=True)
class Extent:
    """The size of an index: the first row of each article, and the number of rows."""

    first_rows: Array
    rows: int


def write(path: Path, extent: Extent, blocks: Iterable[InvertedBlock]) -> None:
    """Write a keyword index of blocks of articles, given in the order of their keys; raises OSError."""
    with _index_writer(path, extent) as inverter:
        for block in blocks:
            inverter.add(block)


def update(
    path: Path, extent: Extent, blocks: Iterable[InvertedBlock], published: Path, moved: Moved
) -> None:
    """Write the same index as ``write`` would of all articles, but copy the unchanged ones.

    ``blocks`` have the new articles. The others are copied from the index ``published``; ``moved`` has their
    places. Raises OSError, and IndexCorrupt when the published index cannot be read.
    """
    with _index_writer(path, extent) as inverter:
        inverter.copy_from(array_file.open_arrays(published), moved)
        for block in blocks:
            inverter.add(block)


@contextmanager
def _index_writer(path: Path, extent: Extent) -> "Iterator[_Inverter]":
    with TemporaryDirectory(dir=path.parent) as runs:
        inverter = _Inverter(Path(runs), extent)
        yield inverter
        inverter.finish(Writer(path))


class _Inverter:
    """Takes blocks of articles, and has none of them in memory."""

    def __init__(self, folder: Path, extent: Extent) -> None:
        self._words, self._stems = Numbers(), Numbers()
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
            numbers = self._stems if name in STEMMED else self._words
            ends = field_arrays["ends"]
            terms = (term.decode() for term in Lexicon(field_arrays["terms"], ends))
            term_numbers = np.fromiter(map(numbers.__getitem__, terms), np.int64, len(ends))
            field.copy_from(field_arrays, term_numbers, moved.rows if name == PASSAGES else moved.keys)

    def add(self, block: InvertedBlock) -> None:
        """Take the postings of a block, as one run of each field."""
        words, stems = (
            np.fromiter(map(numbers.__getitem__, terms), np.int64, len(terms))
            for numbers, terms in ((self._words, block.words), (self._stems, block.stems))
        )
        for name, field in self._fields.items():
            field.add(block.fields[name], stems if name in STEMMED else words)
        self._days[block.days[:, 0]] = block.days[:, 1:]

    def finish(self, writer: Writer) -> None:
        """Merge all runs into the arrays of the index."""
        self.add(BlockInverter().finish())  # so that a field without a posting has its arrays, too
        words, stems = Vocabulary(self._words), Vocabulary(self._stems)
        for name, field in self._fields.items():
            field.merge(writer, name, stems if name in STEMMED else words)
        writer.add(FIRST_ROWS, self._extent.first_rows)
        writer.add(DAYS, self._days)
        writer.finish()
