"""What a press review says of its articles, whatever its format: headings, facts, paragraphs, sources.

The contents come before the articles, and these are read once: what is written of them is kept in a file
until the contents are complete.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from search.export.citation import edition_label, french_date, listed, page_label
from search.export.content import Export
from search.language import FRENCH
from search.text.sanitize import clean, flat
from search.types import Article, Hit

_IN_MEMORY = 1 << 20  # bytes of a part before it goes to a file


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of a press review: its number from 1, its place in the document, and what is written."""

    number: int
    title: str
    facts: str
    authors: str
    url: str
    paragraphs: tuple[str, ...]
    note: str

    @property
    def anchor(self) -> str:
        """The name of the place that the contents lead to."""
        return f"article{self.number}"


Write = Callable[[str], object]
"""Takes the next piece of text."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The pieces of a document that differ from format to format, in the order of the document."""

    opening: Callable[[Export], str]
    contents_entry: Callable[[Entry], str]
    between: Callable[[Export], str]
    article: Callable[[Entry, Export], str]
    sources: Callable[[list[tuple[str, int]], Export], str]


def write_review(export: Export, layout: Layout, stream: BinaryIO) -> None:
    """Write the title, the contents, the articles, and the sources with how many articles each has.

    Memory holds one article at a time; the others wait in a temporary file. Raises OSError.
    """
    sources: Counter[str] = Counter()
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as articles:
        stream.write(layout.opening(export).encode())
        for number, hit in enumerate(export.hits, start=1):
            entry = _entry(number, hit, export)
            sources[flat(hit.article.source)] += 1
            stream.write(layout.contents_entry(entry).encode())
            articles.write(layout.article(entry, export).encode())
        stream.write(layout.between(export).encode())
        articles.seek(0)
        shutil.copyfileobj(articles, stream)
    listed_sources = sorted(sources.items(), key=lambda item: (-item[1], item[0].casefold()))
    stream.write(layout.sources(listed_sources, export).encode())


def _entry(number: int, hit: Hit, export: Export) -> Entry:
    article = hit.article
    texts = (flat(part).strip() for part in clean(export.text(hit)).split("\n\n"))
    return Entry(
        number,
        flat(article.title).strip() or "–",
        _facts(article, export),
        flat(listed(article.author)),
        flat(article.url).strip(),
        tuple(filter(None, texts)),
        flat(export.note(article)).strip(),
    )


def _facts(article: Article, export: Export) -> str:
    """Source, edition, place, date, section and page, as far as they are known."""
    is_french = export.language is FRENCH
    date = french_date(article.published) if is_french else article.published[:10]
    time = article.published[11:16]
    when = f"{date}, {time.replace(':', ' h ') if is_french else time}" if time else date
    where = (article.source, edition_label(article.edition), article.place)
    values = (*where, when if article.published else "", article.section, page_label(article.page))
    return " · ".join(flat(value) for value in values if value)


def review_title(export: Export) -> str:
    """The title that was given, else one that names the query."""
    query = flat(export.answer.query).strip()
    return export.title or (
        export.language.translate("Press review: {}").format(query)
        if query
        else export.language.translate("Press review")
    )


def article_count(export: Export, count: int) -> str:
    """How many articles, in words."""
    return export.language.plural("{} article", "{} articles", count)
