"""Text read as words only, without operators: for texts that are not typed as queries."""

import unicodedata
from collections.abc import Sequence

from search.query.ast import Leaf, Query, RankingWord, Wildcard, Word


def plain_query(text: str) -> Query:
    """A query with each word of the text as a soft word, once. No sign is an operator; never an error."""
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    words = dict.fromkeys(word for word in clean.split() if any(map(str.isalnum, word)))
    return Query(text, tuple(RankingWord(Word(word)) for word in words), None, clean)


def words_text(words: Sequence[RankingWord]) -> str:
    """The words as text, without the signs of the query language."""
    return " ".join(_plain(word.leaf) for word in words)


def _plain(leaf: Leaf) -> str:
    return leaf.pattern.replace("*", "").replace("?", "") if isinstance(leaf, Wildcard) else leaf.text
