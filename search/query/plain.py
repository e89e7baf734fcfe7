"""Text taken as words alone, whatever signs it holds: for questions that nobody typed as a query."""

import unicodedata
from collections.abc import Sequence

from search.query.ast import Leaf, Query, RankingWord, Wildcard, Word


def plain_query(text: str) -> Query:
    """Every word of the text as a soft word, each once; no sign has a meaning, nothing can be wrong."""
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    words = dict.fromkeys(word for word in clean.split() if any(map(str.isalnum, word)))
    return Query(text, tuple(RankingWord(Word(word)) for word in words), None, clean)


def spoken(words: Sequence[RankingWord]) -> str:
    """The words alone, without the signs of the query language."""
    return " ".join(_plain(word.leaf) for word in words)


def _plain(leaf: Leaf) -> str:
    return leaf.pattern.replace("*", "").replace("?", "") if isinstance(leaf, Wildcard) else leaf.text
