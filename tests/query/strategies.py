"""Queries that hypothesis writes: nearly right, and anything at all."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from search.query.ast import Fuzzy, Leaf, Near, Phrase, Prefix, Wildcard, Word

_SYNTAX = [*'()"«»“”„+-^~*?:.,!<>=@#/ \u037e\u0301', " ET ", " OU ", " SAUF ", "..", "~2", "^3"]
_OPERATORS = [
    " PROCHE5 ",
    " ADJ_2 ",
    " MÊME_PHRASE ",
    "AU_MOINS_3 ",
    "PREMIERS_50 ",
    "PARMI_2(",
    "mots:>5",
    "NEAR0 ",
]
_FIELDS = [
    "titre:",
    "source:",
    "auteur:",
    "mot-clé:",
    "Page:",
    "date:",
    "dossier:",
    "tag:*",
    "lu:non",
    "foo:",
]
_WORDS = ["a", "munitions", "l'été", "2023-09", "7j", "3,5", "O.N.U.", "http://x.fr", '"deux mots"']
_PIECES = st.sampled_from([*_SYNTAX, *_OPERATORS, *_FIELDS, *_WORDS]) | st.characters(
    exclude_categories=["Cs"]
)

ANY_TEXT = st.lists(_PIECES, max_size=30).map("".join) | st.text()


def words_patterns_and_phrases(texts: SearchStrategy[str]) -> SearchStrategy[Leaf]:
    """What may rank, of these texts."""
    return st.one_of(
        texts.map(Word),
        texts.map(Phrase),
        st.builds(Near, texts, st.just(8)),
        texts.map(Prefix),
        texts.map(Wildcard),
        st.builds(Fuzzy, texts, st.integers(1, 2)),
    )
