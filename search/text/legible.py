"""Text of articles made fit for a terminal, which would obey its control characters."""

import re

# Controls but the line feed, invisible and direction-changing characters, halves of surrogate pairs.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_GAP = re.compile(r"\s+")


def clean(text: str) -> str:
    """The text without what a terminal would obey or a reader could not see; line feeds stay."""
    return _UNSAFE.sub("", text.replace("\t", " "))


def flat(text: str) -> str:
    """The text, clean, with any run of white space as one space."""
    return _GAP.sub(" ", clean(text))
