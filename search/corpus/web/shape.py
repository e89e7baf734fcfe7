"""A shape of records: the names that one program gives to our fields, in JSON as in tables."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from search.corpus.first_record import is_json, is_json_lines
from search.corpus.format import Format, Records
from search.corpus.json_records import read_json, read_jsonl
from search.corpus.record import Fault, Omission, RawRecord
from search.corpus.source import Source
from search.corpus.tables import read_table


def unchanged(record: RawRecord) -> RawRecord:
    """The record as it is."""
    return record


@dataclass(frozen=True, slots=True)
class Shape:
    """What the records of one program look like.

    ``names`` are the names that its first record has; of several sets, one is enough. ``aliases`` are its
    names of our fields. ``adapted`` gives the fields of a record a form that conversion reads.
    """

    name: str
    names: tuple[frozenset[str], ...]
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    adapted: Callable[[RawRecord], RawRecord | Fault | Omission] = unchanged

    @property
    def format(self) -> Format:
        """The shape as a format; its records are those of JSON, JSON lines or a table."""
        return Format(self.name, self._recognises, self._read)

    def _recognises(self, source: Source) -> bool:
        return any(names <= source.names for names in self.names)

    def _read(self, source: Source) -> Records:
        for record in read_records(source):
            yield (
                self.adapted(replace(record, aliases=self.aliases))
                if isinstance(record, RawRecord)
                else record
            )


def read_records(source: Source) -> Iterator[RawRecord | Fault]:
    """The records of JSON, JSON lines or a table, whatever the name of the file."""
    if source.extension in (".jsonl", ".ndjson") or is_json_lines(source.opening):
        return read_jsonl(source)
    return read_json(source) if is_json(source.opening) else read_table(source)


def paragraphs(text: object) -> object:
    """A text in which every line is a paragraph, with blank lines between them."""
    return text if not isinstance(text, str) or "\n\n" in text else text.replace("\n", "\n\n")


def split(value: object, separator: str) -> object:
    """A list that was written as one text, as a list again."""
    return [part.strip() for part in value.split(separator)] if isinstance(value, str) else value
