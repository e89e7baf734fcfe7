"""CSL-JSON, which citation processors read: Zotero, Pandoc, citeproc.

The fields are those of https://github.com/citation-style-language/schema, version 1.0.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from search.export.content import Export
from search.export.names import Name, author_names
from search.export.references import address, date_parts, keywords, language_tag, notes, summary
from search.text.sanitize import flat
from search.types import Hit


def csl_items(export: Export) -> Iterator[str]:
    """A list of items of the type ``article-newspaper``, each on a line."""
    yield "["
    for place, hit in enumerate(export.hits):
        yield ("," if place else "") + "\n" + msgspec.json.encode(_item(export, hit)).decode()
    yield "\n]\n"


def _item(export: Export, hit: Hit) -> dict[str, Any]:
    article = hit.article
    values = {
        "id": article.id,
        "type": "article-newspaper",
        "title": flat(article.title),
        "author": [_name(name) for name in author_names(article.author)],
        "container-title": flat(article.source),
        "issued": _issued(article.published),
        "page": flat(article.page),
        "section": flat(article.section),
        "edition": flat(article.edition),
        "publisher-place": flat(article.place),
        "URL": address(article),
        "language": language_tag(article),
        "keyword": ", ".join(keywords(article)),
        "abstract": summary(export, hit),
        "note": "\n\n".join(notes(export, hit)),
    }
    return {name: value for name, value in values.items() if value}


def _issued(published: str) -> dict[str, list[list[int]]]:
    parts = [int(part) for part in date_parts(published)]
    return {"date-parts": [parts]} if parts else {}


def _name(name: Name) -> dict[str, str]:
    if not name.family:
        return {"literal": name.literal}
    parts = {"family": name.family, "given": name.given, "dropping-particle": name.particle}
    return {key: value for key, value in parts.items() if value}
