"""The answers of NewsAPI: ``{"articles": […]}``, each text cut after some 200 characters."""

import re
from dataclasses import replace

from search.corpus.record import Omission, RawRecord
from search.corpus.web.shape import Shape
from search.errors import Translatable

_REST = re.compile(r"\s*(?:…|\.\.\.)?\s*\[\+(\d{1,9}) chars\]\s*$")
# An object that pandas wrote into a cell: {'id': None, 'name': 'Gazette Exemple'}.
_NAME = re.compile(r"""^\{.*?["']name["']\s*:\s*(?:"([^"]*)"|'([^']*)')""", re.DOTALL)
_REMOVED = "[Removed]"


def _adapted(record: RawRecord) -> RawRecord | Omission:
    fields = dict(record.fields)
    if fields.get("title") == _REMOVED:
        return Omission(
            "article removed by NewsAPI",
            Translatable("{}the title is {}", record.label, _REMOVED),
            record.line,
        )
    source, content = fields.get("source"), fields.get("content")
    if isinstance(source, str) and (name := _NAME.match(source)):
        fields["source"] = name[1] or name[2]
    fields["title"] = _without_source(fields.get("title"), fields.get("source"))
    if not isinstance(content, str) or not (rest := _REST.search(content)):
        return replace(record, fields=fields)
    fields["content"] = content[: rest.start()] + "…"
    return replace(
        record,
        fields=fields,
        cut=Translatable("NewsAPI gives only its beginning; {} characters are missing", rest[1]),
    )


def _without_source(title: object, source: object) -> object:
    """A title without the name of the paper, which NewsAPI puts behind it."""
    name = source.get("name") if isinstance(source, dict) else source
    return title.removesuffix(f" - {name}") if isinstance(title, str) and name else title


NEWS_API = Shape(
    "NewsAPI",
    (frozenset(("publishedat", "urltoimage", "source")), frozenset(("publishedat", "source.name"))),
    {"text": ("content",), "date": ("publishedat",), "source": ("source.name",)},
    _adapted,
)
