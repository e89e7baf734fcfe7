"""Sorted runs of one field's postings, and their merge into the arrays of the index."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from search.keyword.array_file import Array, Writer

_HELD = 4_000_000  # postings put in order at a time


class Vocabulary:
    """Words by the number they were given, and their order in a lexicon."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self.words = [word.encode() for word in numbers]
        self.sorted = np.array(sorted(range(len(self.words)), key=self.words.__getitem__), np.int64)

    def __len__(self) -> int:
        return len(self.words)


class FieldRuns:
    """The runs of one field of so many documents, kept in a folder until they are merged."""

    def __init__(self, folder: Path, documents: int) -> None:
        folder.mkdir()
        self._folder = folder
        self._runs = 0
        self._lengths = np.zeros(documents, np.int64)
        self._mixed = False

    def add(self, terms: Array, docs: Array, positions: Array | None = None) -> None:
        """Sort and keep the tokens of the next documents.

        ``terms[i]``, a number, stands in document ``docs[i]``, at ``positions[i]``; documents come in
        order, and so do the positions in each.
        """
        self._lengths += np.bincount(docs, minlength=len(self._lengths))
        order = np.argsort(terms, kind="stable")
        terms, docs = terms[order], docs[order]
        new = np.ones(len(terms), bool)
        new[1:] = (np.diff(terms) != 0) | (np.diff(docs) != 0)
        first = np.flatnonzero(new)
        self._save("terms", terms[first])
        self._save("docs", docs[first])
        self._save("counts", np.diff(first, append=len(terms)))
        if positions is not None:
            self._save("positions", positions[order])
        self._runs += 1

    def take_over(self, field: Mapping[str, Array], numbers: Array, moved: Array) -> None:
        """Keep the postings of another index's field, whose arrays these are, as runs of their own.

        ``numbers`` are those of its terms, ``moved`` tells by its document which one that is here; negative
        for one that is left out.
        """
        self._mixed = True
        here = moved >= 0
        self._lengths[moved[here]] = field["lengths"][here]
        starts = field["starts"].astype(np.int64)
        for first, last in _slices(starts):
            self._take_terms(field, numbers, moved, (first, last))

    def _take_terms(
        self, field: Mapping[str, Array], numbers: Array, moved: Array, terms: tuple[int, int]
    ) -> None:
        first, last = terms
        starts = field["starts"][first : last + 1].astype(np.int64)
        held = slice(starts[0], starts[-1])
        docs, counts = moved[field["docs"][held]], field["counts"][held]
        stays = docs >= 0
        self._save("terms", np.repeat(numbers[first:last], np.diff(starts))[stays])
        self._save("docs", docs[stays])
        self._save("counts", counts[stays])
        if "positions" in field:
            places = slice(int(field["firsts"][first]), int(field["firsts"][last]))
            self._save("positions", field["positions"][places][np.repeat(stays, counts)])
        self._runs += 1

    def merge(self, writer: Writer, name: str, vocabulary: Vocabulary) -> None:
        """Write the arrays that ``arrays.FieldArrays`` reads."""
        frequency = np.zeros(len(vocabulary), np.int64)
        total = np.zeros(len(vocabulary), np.int64)
        for terms, counts in zip(self._every("terms"), self._every("counts"), strict=True):
            frequency += np.bincount(terms, minlength=len(vocabulary))
            total += np.bincount(terms, counts, minlength=len(vocabulary)).astype(np.int64)
        held = vocabulary.sorted[frequency[vocabulary.sorted] > 0]
        _write_terms(writer, name, [vocabulary.words[number] for number in held.tolist()])
        writer.add(f"{name}.lengths", self._lengths)
        begin, starts = _write_starts(writer, f"{name}.starts", held, frequency)
        docs, counts = self._output(writer, name, "docs"), self._output(writer, name, "counts")
        self._place(docs, "docs", begin)
        self._place(counts, "counts", begin)
        positions = None
        if any(self._folder.glob("*-positions.npy")):
            begin, _ = _write_starts(writer, f"{name}.firsts", held, total)
            positions = self._output(writer, name, "positions")
            self._place_positions(positions, begin)
        if self._mixed:
            _order(starts, docs, counts, positions)

    def _place(self, placed: Array, column: str, begin: Array) -> None:
        """Write a column of every run, each posting where its term's begin."""
        free = begin.copy()
        for terms, numbers in zip(self._every("terms"), self._every(column), strict=True):
            placed[_taken(terms, free)] = numbers

    def _place_positions(self, placed: Array, begin: Array) -> None:
        free = begin.copy()
        runs = zip(self._every("terms"), self._every("counts"), self._every("positions"), strict=True)
        for terms, counts, positions in runs:
            placed[_taken(np.repeat(terms, counts), free)] = positions

    def _output(self, writer: Writer, name: str, column: str) -> Array:
        size = sum(len(numbers) for numbers in self._every(column))
        largest = max((int(numbers.max(initial=0)) for numbers in self._every(column)), default=0)
        return writer.space(f"{name}.{column}", largest, (size,))

    def _every(self, name: str) -> Iterator[Array]:
        for run in range(self._runs):
            yield np.load(self._folder / f"{run}-{name}.npy", mmap_mode="r", allow_pickle=False)

    def _save(self, name: str, column: Array) -> None:
        np.save(self._folder / f"{self._runs}-{name}.npy", column.astype(np.uint32))


def _taken(terms: Array, free: Array) -> Array:
    """The next free places of these terms, one each; ``free`` is moved on past them.

    What is of one term comes together.
    """
    first = np.flatnonzero(np.diff(terms.astype(np.int64), prepend=-1))
    sizes = np.diff(first, append=len(terms))
    places: Array = np.repeat(free[terms[first]] - first, sizes) + np.arange(len(terms))
    free[terms[first]] += sizes
    return places


def _slices(starts: Array) -> Iterator[tuple[int, int]]:
    """Terms from the first to before the last whose postings, that start here, are bounded together."""
    first = 0
    while first < len(starts) - 1:
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + _HELD, "right")) - 1)
        yield first, last
        first = last


def _order(starts: Array, docs: Array, counts: Array, positions: Array | None) -> None:
    """Put the postings of each term in the order of their documents."""
    done = 0
    for first, last in _slices(starts):
        held = slice(int(starts[first]), int(starts[last]))
        terms = np.repeat(np.arange(last - first), np.diff(starts[first : last + 1]))
        order = np.argsort((terms << 32) | docs[held].astype(np.int64), kind="stable")
        before = counts[held].astype(np.int64)
        docs[held], counts[held] = docs[held][order], before[order]
        if positions is not None:
            places = slice(done, done + int(before.sum()))
            positions[places] = positions[places][_spread(before, order)]
            done = places.stop


def _spread(sizes: Array, order: Array) -> Array:
    """The order of what groups of these sizes hold when the groups are put in an order."""
    starts = np.cumsum(sizes) - sizes
    ordered = sizes[order]
    shifts = starts[order] - (np.cumsum(ordered) - ordered)
    places: Array = np.repeat(shifts, ordered) + np.arange(int(sizes.sum()))
    return places


def _write_starts(writer: Writer, name: str, held: Array, sizes: Array) -> tuple[Array, Array]:
    """Write where each term's slice starts; give it by number, and as written."""
    starts = np.zeros(len(held) + 1, np.int64)
    np.cumsum(sizes[held], out=starts[1:])
    writer.add(name, starts)
    begin = np.zeros(len(sizes), np.int64)
    begin[held] = starts[:-1]
    return begin, starts


def _write_terms(writer: Writer, name: str, terms: list[bytes]) -> None:
    writer.add(f"{name}.ends", np.cumsum([len(term) for term in terms], dtype=np.int64))
    writer.add(f"{name}.terms", np.frombuffer(b"".join(terms), np.uint8))
