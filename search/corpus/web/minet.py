"""The tables of ``minet extract``: a row a page, with what was fetched and what was extracted."""

from dataclasses import replace

from search.corpus.record import Fault, Omission, RawRecord
from search.corpus.values import BLANKS
from search.corpus.web.shape import Shape, paragraphs, split

_LISTS = ("author", "categories", "tags")
_FIRST_ERROR = 400


def _adapted(record: RawRecord) -> RawRecord | Fault | Omission:
    if reason := _not_fetched(record):
        return Omission("page not fetched", reason, record.line)
    content, error = _written(record, "content"), _written(record, "extract_error")
    if error and not content:
        return Fault(f"minet could not extract the page: {error}", record.line)
    lists = {name: split(record.fields.get(name), "§") for name in _LISTS}
    return replace(record, fields={**record.fields, **lists, "content": paragraphs(content)})


def _not_fetched(record: RawRecord) -> str:
    """Why the page of a row could not be fetched; ``""`` where it was."""
    status = _written(record, "http_status").removesuffix(".0")  # pandas writes it as a fraction
    if status.isdecimal() and int(status[:4]) >= _FIRST_ERROR:
        return f"HTTP status {status}"
    return "" if _written(record, "content") else _written(record, "fetch_error")


def _written(record: RawRecord, name: str) -> str:
    value = record.fields.get(name)
    text = "" if value is None else str(value).strip()
    return "" if text in BLANKS else text


MINET = Shape(
    "minet extract",
    (frozenset(("content", "sitename", "pagetype", "extract_error")),),
    {
        "text": ("content",),
        "chapo": ("description",),
        "url": ("canonical_url", "resolved_url"),
        "source": ("sitename",),
        "section": ("categories",),
        "keywords": ("tags",),
    },
    _adapted,
)
