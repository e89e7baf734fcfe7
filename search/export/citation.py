"""Citations of articles, as the French press is cited, and the parts that they are made of."""

import re

from search.text.sanitize import flat
from search.types import VALUE_SEPARATOR, Article, Leg, Snippet

_SEMANTIC = "≈ "
_MONTHS = ("janvier février mars avril mai juin juillet août septembre octobre novembre décembre").split()
_LISTED_AUTHORS = 3
_PAGE = re.compile(r"pp?\.|pages?\b", re.IGNORECASE)  # a value that says what it is
_EDITION = re.compile(r"[ée]d(\.|ition\b)", re.IGNORECASE)


def metadata_line(article: Article) -> str:
    """The date, place, source, section, page, authors and id of an article, on one line."""
    date, authors = article.published.replace("T", " "), listed(article.author)
    where = (article.place, article.source, article.section, page_label(article.page))
    return " · ".join(flat(value) for value in (date, *where, authors, article.id) if value)


def citation(article: Article) -> str:
    """A reference to an article, on one line, as the French press is cited; skips unknown values.

    ``Auteur, « Titre », Source, éd. Édition, Lieu, 12 septembre 2023, p. 3. https://…``
    """
    values = (
        _cited_authors(article.author),
        f"« {flat(article.title).strip()} »",
        *(article.source, edition_label(article.edition), article.place),
        french_date(article.published),
        page_label(article.page),
    )
    reference = ", ".join(flat(value) for value in values if value) + "."
    return f"{reference} {flat(article.url)}".rstrip()


def listed(values: str) -> str:
    """Several authors or keywords for reading."""
    return values.replace(VALUE_SEPARATOR, ", ")


def page_label(page: str) -> str:
    """A page as it is cited: ``p. A6``; a page that is not known is ``""``."""
    return page if not page or _PAGE.match(page) else f"p. {page}"


def edition_label(edition: str) -> str:
    """An edition as it is cited: ``éd. Valmont``; one that is not known is ``""``."""
    return edition if not edition or _EDITION.match(edition) else f"éd. {edition}"


def snippet_prefix(snippet: Snippet) -> str:
    """The sign before a snippet that was chosen by its meaning; ``""`` before others."""
    return _SEMANTIC if snippet.leg is Leg.SEMANTIC else ""


def _cited_authors(author: str) -> str:
    """The authors as a list in French; of many, the first."""
    *others, last = author.split(VALUE_SEPARATOR)
    if len(others) >= _LISTED_AUTHORS:
        return f"{others[0]} et al."
    return f"{', '.join(others)} et {last}" if others else last


def french_date(published: str) -> str:
    """A date in French, as precise as it is known."""
    year, *rest = published[:10].split("-")
    words = [year, *(_MONTHS[int(month) - 1] for month in rest[:1])]
    words += ["1er" if day == "01" else str(int(day)) for day in rest[1:]]
    return " ".join(reversed(words))
