"""The records of news-please."""

from dataclasses import replace

from search.corpus.record import RawRecord
from search.corpus.web.shape import Shape, paragraphs


def _adapted(record: RawRecord) -> RawRecord:
    return replace(record, fields={**record.fields, "maintext": paragraphs(record.fields.get("maintext"))})


NEWS_PLEASE = Shape(
    "news-please",
    (frozenset(("date_publish", "maintext")), frozenset(("date_publish", "source_domain"))),
    {
        "text": ("maintext",),
        "chapo": ("description",),
        "date": ("date_publish",),
        "source": ("source_domain",),
    },
    _adapted,
)
