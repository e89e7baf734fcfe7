"""The tables of ``minet extract``: a row a page, with what was fetched and what was extracted."""

from dataclasses import replace

from search.corpus.record import Fault, Omission, RawRecord
from search.corpus.values import BLANKS
from search.corpus.web.shape import Shape, paragraphs, split
from search.errors import Translatable

_LISTS = ("author", "categories", "tags")
_TEXTS = ("content", "raw_content")
_FIRST_ERROR = 400


def _adapted(record: RawRecord) -> RawRecord | Fault | Omission:
    if reason := _not_fetched(record):
        return Omission("page not fetched", reason, record.line)
    error = _written(record, "extract_error")
    if error and not _has_text(record):
        return Fault(Translatable("minet could not extract the page: {}", error), record.line)
    lists = {name: split(record.fields.get(name), "§") for name in _LISTS}
    texts = {name: paragraphs(record.fields.get(name)) for name in _TEXTS}
    return replace(record, fields={**record.fields, **lists, **texts})


def _not_fetched(record: RawRecord) -> str:
    """Why the page of a row could not be fetched; ``""`` where it was."""
    status = _written(record, "http_status").removesuffix(".0")  # pandas writes it as a fraction
    if status.isdecimal() and int(status[:4]) >= _FIRST_ERROR:
        return f"HTTP status {status}"
    return "" if _has_text(record) else _written(record, "fetch_error")


def _has_text(record: RawRecord) -> bool:
    return any(_written(record, name) for name in _TEXTS)


def _written(record: RawRecord, name: str) -> str:
    value = record.fields.get(name)
    text = "" if value is None else str(value).strip()
    return "" if text in BLANKS else text


MINET = Shape(
    "minet extract",
    (frozenset(("extract_error", "canonical_url")), frozenset(("content", "canonical_url", "sitename"))),
    {
        "text": ("content", "raw_content"),
        "chapo": ("description",),
        "url": ("canonical_url", "resolved_url"),
        "source": ("sitename",),
        "section": ("categories",),
        "keywords": ("tags",),
    },
    _adapted,
)
