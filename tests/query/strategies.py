"""Queries that hypothesis writes: nearly right, and anything at all."""

from hypothesis import strategies as st

_SYNTAX = [*'()"«»“”„+-^~*?:.,!<>=@#/ \u037e\u0301', " ET ", " OU ", " SAUF ", "..", "~2", "^3"]
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
_PIECES = st.sampled_from([*_SYNTAX, *_FIELDS, *_WORDS]) | st.characters(exclude_categories=["Cs"])

ANY_TEXT = st.lists(_PIECES, max_size=30).map("".join) | st.text()
