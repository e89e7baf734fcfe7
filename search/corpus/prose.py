"""What makes text clean, and a first sentence a title; typography stays as written."""

import re
import unicodedata

from search.text.sentences import sentence_spans

TITLE_LIMIT = 120
"""Characters of a title made from a first sentence."""

_OPENING = 2000
_BREAK = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")
_MARKS = re.compile(r"[^\w\s\0-\u02ff]{31,}")  # perhaps: other signs are no letters either
_MOST_MARKS = 30
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile("\n{3,}")
_GAP = re.compile("[ \t\n]+")


def clean_text(text: str) -> str:
    r"""Normalise a text: NFC, ``\n`` line ends, no control characters, no trailing spaces.

    At most one blank line stands between two lines; a lone surrogate becomes U+FFFD; of more than 30 marks
    on one letter the others go (Unicode Standard Annex #15, "Stream-Safe Text Format"), since putting them
    in order takes the square of their number. Idempotent.
    """
    text = _MARKS.sub(_fewer_marks, _CONTROL.sub("", _BREAK.sub("\n", text)))
    text = unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", text))
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip()


def clean_line(text: str) -> str:
    """Normalise a text that is one line, such as a title; no-break spaces stay."""
    return _GAP.sub(" ", clean_text(text))


def has_words(text: str) -> bool:
    """Tell whether a text holds a letter or a digit."""
    return any(map(str.isalnum, text))


def first_sentence(text: str) -> str:
    """Give the first sentence that says something, as one line.

    A longer one is cut between words to ``TITLE_LIMIT`` characters, and ``…`` added.
    """
    opening = text[:_OPENING]
    sentences = (opening[start:end] for start, end in sentence_spans(opening))
    return _shortened(clean_line(next(filter(has_words, sentences), opening)))


def _fewer_marks(signs: re.Match[str]) -> str:
    """Runs of marks cut to the most that any language needs."""
    kept: list[str] = []
    marks = 0
    for sign in signs[0]:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


def _shortened(line: str) -> str:
    if len(line) <= TITLE_LIMIT:
        return line
    words, _, _ = line[: TITLE_LIMIT + 1].rpartition(" ")
    return (words or line[:TITLE_LIMIT]).rstrip(" ,;:–—-«(") + "…"
