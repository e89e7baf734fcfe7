"""Posts of the REST interface of WordPress: texts are HTML in ``rendered``; names lie in ``_embedded``."""

from collections.abc import Iterator
from dataclasses import replace

from search.corpus.record import Omission, RawRecord
from search.corpus.values import lookup
from search.corpus.web.shape import Shape
from search.errors import Translatable


def _adapted(record: RawRecord) -> RawRecord | Omission:
    if lookup(record.fields, "content.protected") is True and not lookup(record.fields, "content.rendered"):
        return Omission(
            "post with a password", Translatable("{}its text is not shown", record.label), record.line
        )
    # The names of a post's own "author", "categories" and "tags" are numbers of the site.
    named = {
        "author": _names(lookup(record.fields, "_embedded.author")),
        "categories": _terms(record, "category"),
        "tags": _terms(record, "post_tag"),
    }
    return replace(record, fields={**record.fields, **named})


def _terms(record: RawRecord, taxonomy: str) -> list[str]:
    lists = lookup(record.fields, "_embedded.wp:term")
    terms = [term for items in _items(lists) for term in _items(items)]
    return _names([term for term in terms if isinstance(term, dict) and term.get("taxonomy") == taxonomy])


def _names(values: object) -> list[str]:
    names = (value.get("name") for value in _items(values) if isinstance(value, dict))
    return [name for name in names if isinstance(name, str)]


def _items(value: object) -> Iterator[object]:
    return iter(value if isinstance(value, list) else ())


WORDPRESS = Shape(
    "WordPress",
    (frozenset(("title.rendered", "content.rendered")),),
    {
        "title": ("title.rendered",),
        "text": ("content.rendered",),
        "chapo": ("excerpt.rendered",),
        "url": ("link",),
        "source": ("yoast_head_json.og_site_name",),
        "author": ("author", "yoast_head_json.author"),
        "section": ("categories",),
        "keywords": ("tags",),
    },
    _adapted,
)
