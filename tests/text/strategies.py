"""Texts that hypothesis writes: French words, prose that is nearly French, and anything at all."""

from hypothesis import strategies as st

_SMALL = "abcdefghijklmnopqrstuvwxyzàâçéèêëîïôùûüÿœæ"
_TRAPS = "aélLqu¬'’ʼ-‐.,  \n\r\t\u00a0\u202f\u00ad\u200b\u0301\u0327œŒß…0123½ﬁ㎞℡ⅷ²«»!?M\0\x1c"

FRENCH_WORDS = st.text(_SMALL + _SMALL.upper(), min_size=1, max_size=12)

ANY_TEXT = st.text(st.sampled_from(_TRAPS) | st.characters(exclude_categories=["Cs"]))

PIECES = [
    "M. Dupont a dit non. ",
    "« Oui ! » ",
    "mot ",
    "É",
    "\n\n",
    "\n",
    "   ",
    "… ",
    "x" * 90,
    "\u00a0?",
    "J.-C.",
]

LONG_TEXT = st.lists(
    st.tuples(st.sampled_from(PIECES) | st.text(max_size=3), st.integers(1, 60)), max_size=12
).map(lambda pieces: "".join(piece * times for piece, times in pieces))
