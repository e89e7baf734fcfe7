"""CSV and TSV: a header, then one record a row."""

import csv
from collections.abc import Iterator, Sequence
from itertools import chain

from search.corpus.encodings import as_utf8, decode_line
from search.corpus.record import BadRecord, Fault, RawRecord
from search.corpus.streams import LINE_LIMIT, lines, megabytes

COLUMNS_LIMIT = 10_000
_DELIMITERS = ",;\t"


def read_table(source: Iterator[bytes]) -> Iterator[RawRecord | Fault]:
    """Read a table as a stream; the delimiter is the one that cuts the header most.

    Lines are those of the file, on which a row begins. Raises BadRecord where a line or a row is too long,
    and for too many columns.
    """
    csv.field_size_limit(LINE_LIMIT)
    texts = _texts(source)
    header = next(texts, "")
    if not header.strip():
        yield Fault("no header on the first line", 1)
        return
    yield from _records(chain([header], texts), max(_DELIMITERS, key=header.count))


def _texts(source: Iterator[bytes]) -> Iterator[str]:
    for number, line in enumerate(lines(as_utf8(source)), 1):
        if line is None:
            raise BadRecord(f"line {number} is longer than {megabytes(LINE_LIMIT)}; the rest is not read")
        yield decode_line(line) + "\n"


def _records(texts: Iterator[str], delimiter: str) -> Iterator[RawRecord | Fault]:
    limited = _Limited(texts)
    rows = csv.reader(limited, delimiter=delimiter, strict=True)
    names: Sequence[str] = ()
    while True:
        line = limited.begins = rows.line_num + 1
        limited.taken = 0
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Fault(f"not a row: {error}", line)
            continue
        if not names:
            names = _checked(row)
        elif row:
            yield _record(names, row, line)


class _Limited:
    """The lines of a table; raises BadRecord where the row that ``begins`` on one takes too much of them."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.begins = 1
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.taken += len(line)
        if self.taken > LINE_LIMIT:
            raise BadRecord(
                f"the row on line {self.begins} is longer than {megabytes(LINE_LIMIT)}; "
                "is a quote never closed? The rest is not read"
            )
        return line


def _checked(names: Sequence[str]) -> Sequence[str]:
    if len(names) > COLUMNS_LIMIT:
        raise BadRecord(f"the header names more than {COLUMNS_LIMIT} columns; keep those of the articles")
    return names


def _record(names: Sequence[str], row: Sequence[str], line: int) -> RawRecord | Fault:
    if len(row) != len(names):
        return Fault(f"{len(row)} cells under a header of {len(names)}", line)
    return RawRecord(dict(zip(names, row, strict=True)), line)
