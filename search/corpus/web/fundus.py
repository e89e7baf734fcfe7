"""The records of fundus: the body is an object with a summary, and sections with their headlines."""

from collections.abc import Iterator
from dataclasses import replace

from search.corpus.record import RawRecord
from search.corpus.web.shape import Shape


def _adapted(record: RawRecord) -> RawRecord:
    body = record.fields.get("body")
    if not isinstance(body, dict):
        return record
    fields = {name: value for name, value in record.fields.items() if name != "body"}
    text = "\n\n".join(_paragraphs(body.get("sections"))) or record.fields.get("plaintext")
    return replace(
        record, fields={**fields, "plaintext": text, "summary": "\n\n".join(_texts(body.get("summary")))}
    )


def _paragraphs(sections: object) -> Iterator[str]:
    for section in sections if isinstance(sections, list) else ():
        if isinstance(section, dict):
            yield from _texts(section.get("headline"))
            yield from _texts(section.get("paragraphs"))


def _texts(value: object) -> Iterator[str]:
    items = value if isinstance(value, list) else [value]
    return (item for item in items if isinstance(item, str) and item.strip())


FUNDUS = Shape(
    "fundus",
    (
        frozenset(("publishing_date", "body.sections")),
        frozenset(("publishing_date", "plaintext")),
        frozenset(("publishing_date", "topics", "body")),
    ),
    {
        "text": ("plaintext",),
        "chapo": ("summary",),
        "date": ("publishing_date",),
        "source": ("publisher", "html.source_info.publisher"),
        "keywords": ("topics",),
        "url": ("html.responded_url", "html.requested_url"),
    },
    _adapted,
)
