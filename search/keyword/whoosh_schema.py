"""The fields of the keyword index as a schema of Whoosh."""

from collections.abc import Callable, Iterator

from whoosh import fields
from whoosh.analysis import Analyzer
from whoosh.analysis import Token as WhooshToken

from search.keyword.fields import BODY, EXACT, GAP, SEPARATOR, STEMMED
from search.text.analyzer import Token, stemmed, tokenise


class FrenchAnalyzer(Analyzer):  # type: ignore[misc]
    """Gives Whoosh the tokens of a function of ``search.text.analyzer``."""

    def __init__(self, tokens: Callable[[str], Iterator[Token]]) -> None:
        self.tokens = tokens

    def __call__(self, value: str, **_: object) -> Iterator[WhooshToken]:
        """Yield the same token object for every token, with new values, as Whoosh expects of an analyser."""
        token = WhooshToken(positions=True, removestops=True)
        token.boost = 1.0
        offset = 0
        for text in value.split(SEPARATOR):
            last = -1
            for ours in self.tokens(text):
                last = ours.position
                token.text, token.pos = ours.term, offset + last
                yield token
            offset += last + GAP


def schema() -> fields.Schema:
    """The fields of ``search.keyword.fields``."""
    stems = {name: fields.TEXT(FrenchAnalyzer(stemmed), phrase=False) for name in (BODY, *STEMMED)}
    return fields.Schema(**stems, **{name: fields.TEXT(FrenchAnalyzer(tokenise)) for name in EXACT})
