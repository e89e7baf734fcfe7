"""Tells a text that holds many documents from one article: it is refused, and never becomes one article."""

import re
from collections import Counter
from typing import Any

from search.corpus.record import BadRecord
from search.corpus.web.linked_data import article_data
from search.errors import Translatable

_COUNTER = re.compile(
    r"^\W*(?:(?:document|article|texte|item)\s+)?(\d{1,6})\s*(?:of|de|sur|/)\s*(\d{1,6})"
    r"(?:\s+(?:documents?|articles?))?\W*$",
    re.IGNORECASE,
)
_NOUN = re.compile(r"document|article|texte|item", re.IGNORECASE)
_END = re.compile(
    r"^\W*(?:end of (?:document|article)|fin (?:du document|de l['’]article))\W*$", re.IGNORECASE
)
_LABEL = re.compile(
    r"^\W{0,3}(titre|title|date|source|auteur|author|byline|publication|journal|headline|rubrique|section|url|longueur"
    r"|length)s?[\s\u00a0\u202f]*:",
    re.IGNORECASE,
)
# The numbers that databases print: "news·20240301·GE·0012", "Document GAZEX00020240301ek310001".
_NUMBER = re.compile(
    r"\bnews ?[·•] ?\d{8} ?[·•] ?\w{1,20} ?[·•] ?\w{1,20}|^Document +[A-Z]\w{3,9}\d{8}\w{3,14}$", re.MULTILINE
)
_WHOLE = 600
"""Characters from which on an element of a page is an article, and no teaser of one."""
_SAYS_ARTICLE = "//meta[@property='og:type'][@content='article']|//meta[@property='article:published_time']"
_FEWEST = 3
"""Documents from which on a repeated head is no accident."""


def check_one_document(text: str) -> None:
    """Raise BadRecord where a text is a list of documents in a form that no reader knows.

    Its signs are a counter (``Document 2 of 50``), an end (``End of Document``), the numbers that databases
    give to articles, or the same labels at the beginning of lines again and again (``Titre :``, ``Date :``).
    """
    counts = [_counted(text), _ended(text), _labelled(text), len(set(_NUMBER.findall(text)))]
    if (documents := max(counts)) > 1:
        raise BadRecord(
            Translatable(
                "it holds about {} documents in a form that is not known, and would become one article; "
                "split it into one file each, or export it in another format",
                documents,
            )
        )


def _counted(text: str) -> int:
    """Documents by counters with the same total and different numbers."""
    numbers: dict[str, set[str]] = {}
    for line in text.splitlines():
        if len(line) < 80 and (match := _COUNTER.match(line)) and _NOUN.search(line):
            numbers.setdefault(match[2], set()).add(match[1])
    return max(map(len, numbers.values()), default=0)


def _ended(text: str) -> int:
    return sum(bool(_END.match(line)) for line in text.splitlines() if len(line) < 80)


def _labelled(text: str) -> int:
    """Documents by two labels that each begin at least ``_FEWEST`` lines, about equally often."""
    labels = Counter(match[1].lower() for line in text.splitlines() if (match := _LABEL.match(line)))
    often = sorted((count for count in labels.values() if count >= _FEWEST), reverse=True)
    return often[1] if len(often) > 1 and often[0] <= 2 * often[1] else 0


def check_one_article(tree: Any) -> None:  # noqa: ANN401 - an element of lxml, which is untyped
    """Raise BadRecord where a page is a list of whole articles, each with its heading.

    A page that says it is one article, as a live report does, is one.
    """
    outermost = [each for each in tree.iter("article") if next(each.iterancestors("article"), None) is None]
    whole = [each for each in outermost if _is_whole(each)]
    if len(whole) >= _FEWEST and not (tree.xpath(_SAYS_ARTICLE) or article_data(tree)):
        raise BadRecord(
            Translatable(
                "it holds {} articles in a form that is not known, and would become one article; "
                "save each page, or export them in another format",
                len(whole),
            )
        )


def _is_whole(article: Any) -> bool:  # noqa: ANN401
    headings = article.xpath(".//h1|.//h2|.//h3")
    return bool(headings) and len("".join(article.itertext())) >= _WHOLE
