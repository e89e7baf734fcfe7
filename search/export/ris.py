"""RIS, which Zotero, EndNote and Mendeley import: a line for each value, from ``TY`` to ``ER``.

Tags are those of the specification of Research Information Systems, with Zotero's use of them.
"""

from collections.abc import Iterator

from search.export.content import Export
from search.export.names import author_names
from search.export.references import address, date_parts, keywords, language_tag, notes, summary
from search.text.sanitize import flat
from search.types import Hit


def ris_references(export: Export) -> Iterator[str]:
    """A reference of the type ``NEWS`` for each hit; a literal author ends with a comma."""
    for hit in export.hits:
        lines = (f"{tag}  - {value}" for tag, value in _values(export, hit) if value.strip())
        yield "\r\n".join(("TY  - NEWS", *lines, "ER  - ", "", ""))


def _values(export: Export, hit: Hit) -> Iterator[tuple[str, str]]:
    article = hit.article
    yield "ID", flat(article.id)
    yield "TI", flat(article.title)
    yield from (("AU", name.inverted) for name in author_names(article.author))
    yield "T2", flat(article.source)
    if parts := date_parts(article.published):
        yield "PY", parts[0]
        yield "DA", "/".join([*parts, "", "", ""][:3]) + "/"
    yield "CY", flat(article.place)
    yield "ET", flat(article.edition)
    yield "SE", flat(article.section)
    first, _, last = flat(article.page).partition("-")
    yield "SP", first
    yield "EP", last
    yield "LA", language_tag(article)
    yield "UR", address(article)
    yield from (("KW", word) for word in keywords(article))
    yield "AB", _one_line(summary(export, hit))
    yield from (("N1", _one_line(note)) for note in notes(export, hit))


def _one_line(text: str) -> str:
    """A text on a line of its own: paragraphs are ``<p>`` elements, as in the notes of Zotero."""
    paragraphs = [flat(part).strip() for part in text.split("\n\n")]
    if len(paragraphs) == 1:
        return paragraphs[0]
    return "".join(f"<p>{_as_html(part)}</p>" for part in paragraphs)


def _as_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
