"""What the keyword index holds: the fields, as Whoosh knows them, and what goes into each.

Two kinds of document: the articles, document number = key, on which constraints are decided and an
article's BM25F is computed; and the passages, document number = row, in a field of their own so that
statistics do not mix. To Whoosh, which has one sequence of documents, passages come after articles.
"""

from collections.abc import Callable, Iterator

from whoosh import fields
from whoosh.analysis import Analyzer
from whoosh.analysis import Token as WhooshToken

from search.text.french import Token, stemmed, tokenise

SEPARATOR = "\x1f"
"""Stands between title and body in a field that holds both."""
GAP = 100
"""Positions left free at a separator, so that no phrase straddles it."""

STEMMED = ("title", "body", "title_stems", "passage")
"""Fields of stems, without stop words or positions."""
EXACT = ("exact", "title_exact", "source", "section")
"""Fields of words as written, with their positions."""


class FrenchAnalyzer(Analyzer):  # type: ignore[misc]
    """Gives Whoosh the tokens of a function of ``search.text.french``."""

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
            offset += last + GAP


def schema() -> fields.Schema:
    """The fields of articles (title to section) and of passages (passage).

    ``title`` is empty when the body repeats it, so that its words do not rank twice; constraints on
    the title look in ``title_stems`` and ``title_exact``.
    """
    stems = {name: fields.TEXT(FrenchAnalyzer(stemmed), phrase=False) for name in STEMMED}
    return fields.Schema(**stems, **{name: fields.TEXT(FrenchAnalyzer(tokenise)) for name in EXACT})
