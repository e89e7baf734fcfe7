"""What the Whoosh index holds, and how it is written.

Two kinds of document in one segment: first the articles, document number = key, on which constraints
are decided and an article's BM25F is computed; then the passages, document number = number of
articles + row, in a field of their own so that statistics do not mix.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from whoosh import fields, index
from whoosh.analysis import Analyzer
from whoosh.analysis import Token as WhooshToken

from search.model import Article
from search.text.chunking import own_title
from search.text.dates import published_days
from search.text.french import Token, stemmed, tokenise

SEPARATOR = "\x1f"
"""Stands between title and body in a field that holds both."""
_GAP = 100  # positions left free at a separator
_WRITER_MEMORY_MB = 256


class FrenchAnalyzer(Analyzer):  # type: ignore[misc]
    """Gives Whoosh the tokens of a function of ``search.text.french``.

    No phrase straddles a ``SEPARATOR`` in the text.
    """

    def __init__(self, tokens: Callable[[str], Iterator[Token]]) -> None:
        self.tokens = tokens

    def __call__(self, value: str, **_: object) -> Iterator[WhooshToken]:
        """Yield one token object, filled anew each time, as Whoosh expects of an analyser."""
        token = WhooshToken(positions=True, removestops=True)
        token.boost = 1.0
        offset = 0
        for text in value.split(SEPARATOR):
            last = -1
            for found in self.tokens(text):
                last = found.position
                token.text, token.pos = found.term, offset + last
                yield token
            offset += last + _GAP


def schema() -> fields.Schema:
    """The fields of articles (title to last_day) and of passages (passage); ``number`` is key or row.

    ``title`` is empty when the body repeats it, so that its words do not rank twice; constraints on
    the title look in ``title_stems`` and ``title_exact``.
    """
    return fields.Schema(
        number=fields.STORED,
        title=fields.TEXT(FrenchAnalyzer(stemmed), phrase=False),
        body=fields.TEXT(FrenchAnalyzer(stemmed), phrase=False),
        exact=fields.TEXT(FrenchAnalyzer(tokenise)),
        title_stems=fields.TEXT(FrenchAnalyzer(stemmed), phrase=False),
        title_exact=fields.TEXT(FrenchAnalyzer(tokenise)),
        source=fields.TEXT(FrenchAnalyzer(tokenise)),
        section=fields.TEXT(FrenchAnalyzer(tokenise)),
        first_day=fields.NUMERIC(int),
        last_day=fields.NUMERIC(int),
        passage=fields.TEXT(FrenchAnalyzer(stemmed), phrase=False),
    )


def write(folder: Path, articles: Iterable[Article], passages: Iterable[str]) -> None:
    """Write a new index of articles (by key) and passages (by row) into an empty folder."""
    folder.mkdir()
    writer = index.create_in(str(folder), schema()).writer(limitmb=_WRITER_MEMORY_MB)
    try:
        for key, article in enumerate(articles):
            writer.add_document(number=key, **_fields(article))
        for row, passage in enumerate(passages):
            writer.add_document(number=row, passage=passage)
    except BaseException:
        writer.cancel()
        raise
    writer.commit()


def _fields(article: Article) -> dict[str, Any]:
    days = published_days(article.published)
    title = own_title(article)
    found: dict[str, Any] = {
        "title": title,
        "body": article.body,
        "exact": title + SEPARATOR + article.body,
        "title_stems": article.title,
        "title_exact": article.title,
        "source": article.source,
        "section": article.section,
    }
    if days is not None:
        found |= {"first_day": days.first.toordinal(), "last_day": days.last.toordinal()}
    return found
