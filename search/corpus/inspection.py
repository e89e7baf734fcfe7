"""What a build would make of each file: its format, its articles, and which column became which field."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from search.build_types import LostField, PassedOver, Rejected, Unread
from search.corpus.conversion import Converted, UnmappedText, to_article
from search.corpus.prose import clean_line
from search.corpus.reading import FileReading, lost_fields, readings, rejected, rejected_record, unread_part
from search.corpus.record import KNOWN_NAMES, BadRecord, Fault, Omission, RawRecord, ReadOptions
from search.corpus.values import UnreadableValue, comparable, joined_text
from search.text.published import parse_published
from search.types import Article

_EXAMPLE_LIMIT = 60
_ATTRIBUTES = {"text": "body", "chapo": "standfirst", "date": "published", "time": "published"}
"""The attributes of an article whose names differ from those of our fields."""


@dataclass(slots=True)
class FileReport:
    """What was read of one file.

    ``ids`` are those of its articles, in order. ``origins`` gives by field the column or element that it came
    from, with an example. ``left_over`` gives by name the columns that no field takes, with an example.
    ``suggested`` maps fields to columns that seem to hold them. ``unread`` is what was not read.
    """

    path: str
    format: str
    ids: list[str] = field(default_factory=list)
    origins: dict[str, tuple[str, str]] = field(default_factory=dict)
    left_over: dict[str, str] = field(default_factory=dict)
    suggested: dict[str, str] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)

    @property
    def counts(self) -> tuple[int, Counter[str], Counter[str]]:
        """How many records were rejected, what was passed over by kind, and which fields were lost."""
        count = sum(isinstance(each, Rejected) for each in self.unread)
        passed_over = Counter(each.kind for each in self.unread if isinstance(each, PassedOver))
        lost = Counter(each.field for each in self.unread if isinstance(each, LostField))
        return count, passed_over, lost


def inspect(paths: Sequence[str], options: ReadOptions) -> Iterator[FileReport | Unread]:
    """Read these paths as ``read`` does, and report on each file; what is no file that is read comes alone.

    Raises CorpusError when a path does not exist.
    """
    for reading in readings(paths, options.skipped_folders):
        yield _report(reading, options) if isinstance(reading, FileReading) else reading


def _report(reading: FileReading, options: ReadOptions) -> FileReport:
    report = FileReport(reading.path, reading.format.name)
    try:
        for record in reading.records:
            _add(report, reading, record, options)
    except Exception as error:
        report.unread.append(rejected(reading.path, error))
    if not (report.ids or report.unread):
        report.unread.append(reading.as_empty())
    report.suggested.update(_suggestions(report))
    return report


def _add(
    report: FileReport, reading: FileReading, record: RawRecord | Fault | Omission, options: ReadOptions
) -> None:
    if not isinstance(record, RawRecord):
        report.unread.append(unread_part(report.path, record))
        return
    try:
        converted = to_article(record, options)
    except BadRecord as error:
        if isinstance(error, UnmappedText):
            report.suggested["text"] = error.column
        report.unread.append(rejected_record(report.path, record, error))
        _add_left_over(report, record, {})
    else:
        _add_article(report, reading, record, converted)


def _add_article(report: FileReport, reading: FileReading, record: RawRecord, converted: Converted) -> None:
    report.ids.append(converted.article.id)
    report.unread.extend(lost_fields(report.path, record, converted))
    for name, origin in converted.names.items():
        where = reading.format.elements.get(name, origin)
        report.origins.setdefault(name, (where, _example(converted.article, name)))
    _add_left_over(report, record, converted.names)


def _add_left_over(report: FileReport, record: RawRecord, names: Mapping[str, str]) -> None:
    taken = {name.partition(".")[0] for name in names.values()}
    for name, value in record.fields.items():
        if name not in taken and name not in report.left_over and (text := _text(value)):
            report.left_over[name] = text
    for origin, _ in report.origins.values():
        report.left_over.pop(origin, None)


def _example(article: Article, name: str) -> str:
    return _shortened(str(getattr(article, _ATTRIBUTES.get(name, name)) or article.body))


def _text(value: object) -> str:
    """A value as an example; ``""`` for a blank one."""
    try:
        return _shortened(joined_text(value, ", "))
    except UnreadableValue as error:
        return str(error).partition(",")[0]


def _shortened(text: str) -> str:
    line = clean_line(text[: 4 * _EXAMPLE_LIMIT])
    return line if len(line) <= _EXAMPLE_LIMIT else line[: _EXAMPLE_LIMIT - 1].rstrip() + "…"


def _suggestions(report: FileReport) -> Iterator[tuple[str, str]]:
    """Fields that were not read, with a column that seems to hold them."""
    for name, value in report.left_over.items():
        if comparable(name) in KNOWN_NAMES:
            continue
        if "date" not in report.origins and _is_date(value):
            yield "date", name
        elif "url" not in report.origins and value.startswith(("http://", "https://")):
            yield "url", name


def _is_date(value: str) -> bool:
    try:
        return len(parse_published(value)) >= len("YYYY-MM-DD")
    except ValueError:
        return False
