"""Corpora of IRaMuTeQ: a line ``**** *id_… *source_… *date_…`` before each text, in UTF-8.

The rules of variables and texts are those of the documentation of IRaMuTeQ: no blank and no sign in a value,
and no asterisk in a text.
"""

import re
import unicodedata
from collections.abc import Iterator

from search.export.content import Export
from search.export.references import safe_key
from search.text.sanitize import clean
from search.types import VALUE_SEPARATOR, Article

_UNSAFE = re.compile(r"[^A-Za-z0-9]+")
_LETTERS = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O"})
_HEADING = re.compile(r"(?m)^(?=[ \t]*-\*)")


def iramuteq_corpus(export: Export) -> Iterator[str]:
    """The whole text of each article under its variables; blank values have none.

    A value has letters without accents, digits and ``_``. In a text, ``•`` stands for an asterisk.
    """
    for hit in export.hits:
        variables = " ".join(
            f"*{name}_{value}" for name, value in _variables(hit.article) if value.strip("_")
        )
        text = clean(hit.article.body).replace("*", "•")
        yield f"**** {variables}\n{text}\n\n"


def _variables(article: Article) -> Iterator[tuple[str, str]]:
    yield "id", safe_key(article.id)
    yield "source", safe_value(article.source)
    yield "date", article.published[:10]
    yield "annee", article.published[:4]
    yield "mois", article.published[:7] if len(article.published) > len("2023") else ""
    yield "rubrique", safe_value(article.section)
    yield from (("auteur", safe_value(name)) for name in article.author.split(VALUE_SEPARATOR))
    yield "lieu", safe_value(article.place)
    yield "page", safe_value(article.page)


def safe_value(text: str) -> str:
    """The text without accents, with ``_`` between its words."""
    letters = unicodedata.normalize("NFD", text.translate(_LETTERS))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _UNSAFE.sub("_", plain).strip("_")
