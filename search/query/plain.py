"""Text taken as words alone, whatever signs it holds: for questions that nobody typed as a query."""

import unicodedata

from search.query.tree import Query, RankingWord, Word


def plain_query(text: str) -> Query:
    """Every word of the text as a soft word, each once; no sign has a meaning, nothing can be wrong."""
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    words = dict.fromkeys(word for word in clean.split() if any(map(str.isalnum, word)))
    return Query(text, tuple(RankingWord(Word(word)) for word in words), None, clean)
