"""Sorted runs of one field's postings, and their merge into the arrays of the index."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from search.keyword.container import Array, Writer


class Vocabulary:
    """Words by the number they were given, and their order in a lexicon."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self.words = [word.encode() for word in numbers]
        self.sorted = np.array(sorted(range(len(self.words)), key=self.words.__getitem__), np.int64)

    def __len__(self) -> int:
        return len(self.words)


class FieldRuns:
    """The runs of one field, kept in a folder until they are merged."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._runs = 0
        self._lengths: list[Array] = []
        self._documents = 0

    def add(self, documents: int, terms: Array, docs: Array, positions: Array | None = None) -> None:
        """Sort and keep the tokens of the next documents, up to the number ``documents``.

        ``terms[i]``, a number, stands in document ``docs[i]``, at ``positions[i]``; documents come in
        order, and so do the positions in each.
        """
        self._lengths.append(np.bincount(docs - self._documents, minlength=documents - self._documents))
        self._documents = documents
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

    def merge(self, writer: Writer, name: str, vocabulary: Vocabulary) -> None:
        """Write the arrays that ``arrays.FieldArrays`` reads."""
        frequency = np.zeros(len(vocabulary), np.int64)
        total = np.zeros(len(vocabulary), np.int64)
        for terms, counts in zip(self._every("terms"), self._every("counts"), strict=True):
            frequency += np.bincount(terms, minlength=len(vocabulary))
            total += np.bincount(terms, counts, minlength=len(vocabulary)).astype(np.int64)
        held = vocabulary.sorted[frequency[vocabulary.sorted] > 0]
        _write_terms(writer, name, [vocabulary.words[number] for number in held.tolist()])
        writer.add(f"{name}.lengths", np.concatenate(self._lengths))
        begin = _write_starts(writer, f"{name}.starts", held, frequency)
        self._place(self._output(writer, name, "docs"), "docs", begin)
        self._place(self._output(writer, name, "counts"), "counts", begin)
        if any(self._folder.glob("*-positions.npy")):
            begin = _write_starts(writer, f"{name}.firsts", held, total)
            self._place_positions(self._output(writer, name, "positions"), begin)

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
    """The next free places of these sorted terms, one each; ``free`` is moved on past them."""
    sizes = np.bincount(terms, minlength=len(free))
    first = np.cumsum(sizes) - sizes
    places: Array = (free - first)[terms] + np.arange(len(terms))
    free += sizes
    return places


def _write_starts(writer: Writer, name: str, held: Array, sizes: Array) -> Array:
    """Write where each term's slice starts; give it by number."""
    starts = np.zeros(len(held) + 1, np.int64)
    np.cumsum(sizes[held], out=starts[1:])
    writer.add(name, starts)
    begin = np.zeros(len(sizes), np.int64)
    begin[held] = starts[:-1]
    return begin


def _write_terms(writer: Writer, name: str, terms: list[bytes]) -> None:
    writer.add(f"{name}.ends", np.cumsum([len(term) for term in terms], dtype=np.int64))
    writer.add(f"{name}.terms", np.frombuffer(b"".join(terms), np.uint8))
