"""CSV and TSV: a header, then one record a row."""

import csv
from collections.abc import Iterator, Sequence
from itertools import chain

from search.corpus.encodings import as_utf8, decode_line
from search.corpus.record import BadRecord, Fault, Found
from search.corpus.streams import LINE_LIMIT, lines, megabytes

_DELIMITERS = ",;\t"


def read_table(source: Iterator[bytes]) -> Iterator[Found | Fault]:
    """Read a table as a stream; the delimiter is the one that cuts the header most.

    Lines are those of the file, on which a row begins. Raises BadRecord where a line is too long.
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


def _records(texts: Iterator[str], delimiter: str) -> Iterator[Found | Fault]:
    rows = csv.reader(texts, delimiter=delimiter, strict=True)
    names: Sequence[str] = ()
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Fault(f"not a row: {error}", line)
            continue
        if not names:
            names = row
        elif row:
            yield _record(names, row, line)


def _record(names: Sequence[str], row: Sequence[str], line: int) -> Found | Fault:
    if len(row) != len(names):
        return Fault(f"{len(row)} cells under a header of {len(names)}", line)
    return Found(dict(zip(names, row, strict=True)), line)
