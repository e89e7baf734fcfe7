"""Collects the postings of one field in sorted runs on disk, and merges them into the arrays of the index."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from search.keyword.array_file import Array, Writer
from search.keyword.block_inverter import FieldRun

_SORTED_AT_ONCE = 4_000_000  # postings


class Vocabulary:
    """Words by number, and ``sorted``, the numbers in the order of the words' UTF-8 bytes."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self.words = [word.encode() for word in numbers]
        self.sorted = np.array(sorted(range(len(self.words)), key=self.words.__getitem__), np.int64)

    def __len__(self) -> int:
        return len(self.words)


class FieldRuns:
    """The runs of one field, in a folder until they are merged."""

    def __init__(self, folder: Path, documents: int) -> None:
        """``documents`` is the number of documents that the field will have."""
        folder.mkdir()
        self._folder = folder
        self._runs = 0
        self._lengths = np.zeros(documents, np.int64)
        self._has_copies = False

    def add(self, run: FieldRun, numbers: Array) -> None:
        """Save the postings of the next documents as a run; ``numbers`` has the numbers of its terms."""
        self._lengths += np.bincount(run.docs, run.counts, len(self._lengths)).astype(np.int64)
        self._save("terms", numbers[run.terms])
        self._save("docs", run.docs)
        self._save("counts", run.counts)
        if run.positions is not None:
            self._save("positions", run.positions)
        self._runs += 1

    def copy_from(self, field: Mapping[str, Array], numbers: Array, moved: Array) -> None:
        """Save the postings of another index's field as runs; ``field`` are its arrays.

        ``numbers`` has the number of each of its terms. ``moved`` has the new number of each of its
        documents, negative for a document that is left out.
        """
        self._has_copies = True
        exist = moved >= 0
        self._lengths[moved[exist]] = field["lengths"][exist]
        starts = field["starts"].astype(np.int64)
        for first, last in _term_ranges(starts):
            self._copy_terms(field, numbers, moved, (first, last))

    def _copy_terms(
        self, field: Mapping[str, Array], numbers: Array, moved: Array, terms: tuple[int, int]
    ) -> None:
        first, last = terms
        starts = field["starts"][first : last + 1].astype(np.int64)
        postings = slice(starts[0], starts[-1])
        docs, counts = moved[field["docs"][postings]], field["counts"][postings]
        exist = docs >= 0
        self._save("terms", np.repeat(numbers[first:last], np.diff(starts))[exist])
        self._save("docs", docs[exist])
        self._save("counts", counts[exist])
        if "positions" in field:
            positions = slice(int(field["firsts"][first]), int(field["firsts"][last]))
            self._save("positions", field["positions"][positions][np.repeat(exist, counts)])
        self._runs += 1

    def merge(self, writer: Writer, name: str, vocabulary: Vocabulary) -> None:
        """Write the arrays that ``postings.FieldArrays`` reads."""
        frequency = np.zeros(len(vocabulary), np.int64)
        total = np.zeros(len(vocabulary), np.int64)
        for terms, counts in zip(self._column("terms"), self._column("counts"), strict=True):
            first, sizes = _groups(terms)
            frequency[terms[first]] += sizes
            total[terms[first]] += np.add.reduceat(counts, first, dtype=np.int64) if len(first) else 0
        lexicon = vocabulary.sorted[frequency[vocabulary.sorted] > 0]
        _write_terms(writer, name, [vocabulary.words[number] for number in lexicon.tolist()])
        writer.add(f"{name}.lengths", self._lengths)
        start_of_term, starts = _write_starts(writer, f"{name}.starts", lexicon, frequency)
        docs, counts = self._allocate(writer, name, "docs"), self._allocate(writer, name, "counts")
        self._write_column(docs, "docs", start_of_term)
        self._write_column(counts, "counts", start_of_term)
        positions = None
        if any(self._folder.glob("*-positions.npy")):
            start_of_term, _ = _write_starts(writer, f"{name}.firsts", lexicon, total)
            positions = self._allocate(writer, name, "positions")
            self._write_positions(positions, start_of_term)
        if self._has_copies:
            _sort_by_document(starts, docs, counts, positions)

    def _write_column(self, output: Array, column: str, start_of_term: Array) -> None:
        """Write a column of every run; the values of one term are consecutive."""
        free = start_of_term.copy()
        for terms, numbers in zip(self._column("terms"), self._column(column), strict=True):
            output[_take_free(terms, free)] = numbers

    def _write_positions(self, output: Array, start_of_term: Array) -> None:
        free = start_of_term.copy()
        runs = zip(self._column("terms"), self._column("counts"), self._column("positions"), strict=True)
        for terms, counts, positions in runs:
            output[_take_free(np.repeat(terms, counts), free)] = positions

    def _allocate(self, writer: Writer, name: str, column: str) -> Array:
        size = sum(len(numbers) for numbers in self._column(column))
        largest = max((int(numbers.max(initial=0)) for numbers in self._column(column)), default=0)
        return writer.allocate(f"{name}.{column}", largest, (size,))

    def _column(self, name: str) -> Iterator[Array]:
        """The column of this name, run by run."""
        for run in range(self._runs):
            yield np.load(self._folder / f"{run}-{name}.npy", mmap_mode="r", allow_pickle=False)

    def _save(self, name: str, column: Array) -> None:
        np.save(self._folder / f"{self._runs}-{name}.npy", column.astype(np.uint32))


def _take_free(terms: Array, free: Array) -> Array:
    """For each of these terms, the next free index of its slice; moves ``free`` past it.

    ``free`` is by term number. Equal terms must be consecutive.
    """
    first, sizes = _groups(terms)
    indexes: Array = np.repeat(free[terms[first]] - first, sizes) + np.arange(len(terms))
    free[terms[first]] += sizes
    return indexes


def _groups(terms: Array) -> tuple[Array, Array]:
    """Where each group of equal terms begins, and its size; equal terms must be consecutive."""
    first = np.flatnonzero(np.diff(terms.astype(np.int64), prepend=-1))
    return first, np.diff(first, append=len(terms))


def _term_ranges(starts: Array) -> Iterator[tuple[int, int]]:
    """Ranges of terms, as first and end, that have at most ``_SORTED_AT_ONCE`` postings or are one term."""
    first = 0
    while first < len(starts) - 1:
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + _SORTED_AT_ONCE, "right")) - 1)
        yield first, last
        first = last


def _sort_by_document(starts: Array, docs: Array, counts: Array, positions: Array | None) -> None:
    """Put the postings of each term in the order of their documents."""
    done = 0
    for first, last in _term_ranges(starts):
        postings = slice(int(starts[first]), int(starts[last]))
        terms = np.repeat(np.arange(last - first), np.diff(starts[first : last + 1]))
        order = np.argsort((terms << 32) | docs[postings].astype(np.int64), kind="stable")
        old_counts = counts[postings].astype(np.int64)
        docs[postings], counts[postings] = docs[postings][order], old_counts[order]
        if positions is not None:
            part = slice(done, done + int(old_counts.sum()))
            positions[part] = positions[part][_order_of_members(old_counts, order)]
            done = part.stop


def _order_of_members(sizes: Array, order: Array) -> Array:
    """The order of the members of consecutive groups of these sizes, when the groups are reordered."""
    starts = np.cumsum(sizes) - sizes
    ordered = sizes[order]
    shifts = starts[order] - (np.cumsum(ordered) - ordered)
    indexes: Array = np.repeat(shifts, ordered) + np.arange(int(sizes.sum()))
    return indexes


def _write_starts(writer: Writer, name: str, lexicon: Array, sizes: Array) -> tuple[Array, Array]:
    """Write where the slice of each term starts; give the starts by term number, and as written."""
    starts = np.zeros(len(lexicon) + 1, np.int64)
    np.cumsum(sizes[lexicon], out=starts[1:])
    writer.add(name, starts)
    start_of_term = np.zeros(len(sizes), np.int64)
    start_of_term[lexicon] = starts[:-1]
    return start_of_term, starts


def _write_terms(writer: Writer, name: str, terms: list[bytes]) -> None:
    writer.add(f"{name}.ends", np.cumsum([len(term) for term in terms], dtype=np.int64))
    writer.add(f"{name}.terms", np.frombuffer(b"".join(terms), np.uint8))
