"""CSV and TSV: a header, then one record in each row."""

import csv
from collections.abc import Iterator, Sequence
from itertools import chain

from search.corpus.encodings import text_lines
from search.corpus.first_record import DELIMITERS, SEPARATOR_LINE
from search.corpus.record import BadRecord, Fault, RawRecord
from search.corpus.streams import LINE_LIMIT, megabytes
from search.errors import Translatable

COLUMNS_LIMIT = 10_000


def read_table(source: Iterator[bytes]) -> Iterator[RawRecord | Fault]:
    """Read a table as a stream. The delimiter is the one that occurs most in the header.

    A first line ``sep=;``, which is for spreadsheets, is passed. Blank cells behind the last column are too.

    The line of a record is the line of the file on which its row begins. Raises BadRecord for a line or a
    row that is too long, and for too many columns.
    """
    csv.field_size_limit(LINE_LIMIT)
    texts = (f"{line}\n" for line in text_lines(source))
    header = next(texts, "")
    if separator := SEPARATOR_LINE.fullmatch(header):
        yield from _records(chain(["\n"], texts), separator["delimiter"])
        return
    if not header.strip():
        yield Fault("no header on the first line", 1)
        return
    yield from _records(chain([header], texts), max(DELIMITERS, key=header.count))


def _records(texts: Iterator[str], delimiter: str) -> Iterator[RawRecord | Fault]:
    limited = _LimitedLines(texts)
    rows = csv.reader(limited, delimiter=delimiter, strict=True)
    names: Sequence[str] = ()
    while True:
        line = limited.row_start = rows.line_num + 1
        limited.row_size = 0
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Fault(Translatable("not a row: {}", error), line)
            continue
        if not names:
            names = _checked_header(row)
        elif row:
            yield _record(names, row, line)


class _LimitedLines:
    """The lines of a table; raises BadRecord when the row that begins at line ``row_start`` is too long."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.row_start = 1
        self.row_size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.row_size += len(line)
        if self.row_size > LINE_LIMIT:
            raise BadRecord(
                Translatable(
                    "the row on line {} is longer than {}: a quote may not be closed; the rest is not read",
                    self.row_start,
                    megabytes(LINE_LIMIT),
                )
            )
        return line


def _checked_header(names: Sequence[str]) -> Sequence[str]:
    if len(names) > COLUMNS_LIMIT:
        raise BadRecord(
            Translatable(
                "the header has more than {} columns; keep only the columns of the articles", COLUMNS_LIMIT
            )
        )
    return names


def _record(names: Sequence[str], row: Sequence[str], line: int) -> RawRecord | Fault:
    if len(row) > len(names) and not any(row[len(names) :]):
        row = row[: len(names)]
    if len(row) != len(names):
        return Fault(Translatable("the row has {} cells, the header has {}", len(row), len(names)), line)
    return RawRecord(dict(zip(names, row, strict=True)), line)
