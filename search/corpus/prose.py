"""Clean text, and titles made from a first sentence. Typography is kept as written."""

import re
import unicodedata

from search.text.sentences import sentence_spans

TITLE_LIMIT = 120
"""Characters of a title made from a first sentence."""

_OPENING = 2000
_BREAK = re.compile("[\r\v\f\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")
# A first guess: some of these characters are not combining marks. The first one stands alone, since the
# engine looks for a single character much faster than for a run; so do the other expressions here.
_MARKS = re.compile(r"[^\w\s\0-\u02ff][^\w\s\0-\u02ff]{30,}")
_MARKS_LIMIT = 30
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile("\n\n\n+")
_GAP = re.compile("[ \t\n]+")


def clean_text(text: str) -> str:
    r"""Normalise a text: NFC, ``\n`` line ends, no control characters, no trailing spaces.

    Keeps at most one blank line between two lines, and turns a lone surrogate into U+FFFD. Keeps at most
    30 combining marks on one letter (Unicode Standard Annex #15, "Stream-Safe Text Format"), since sorting
    them takes time quadratic in their number. Idempotent.
    """
    text = _MARKS.sub(_limit_marks, _CONTROL.sub("", _BREAK.sub("\n", text.replace("\r\n", "\n"))))
    text = unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", text))
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip()


def clean_line(text: str) -> str:
    """Normalise a one-line text, such as a title. Keeps no-break spaces."""
    return _GAP.sub(" ", clean_text(text))


def collapsed(text: str) -> str:
    """The text on one line, with one space for each gap, also for no-break spaces: for comparison."""
    return " ".join(text.split())


def has_words(text: str) -> bool:
    """Whether a text contains a letter or a digit."""
    return any(map(str.isalnum, text))


def first_sentence(text: str) -> str:
    """The first sentence that contains a word, as one line.

    A sentence longer than ``TITLE_LIMIT`` characters is cut between words and ends in ``…``.
    """
    opening = text[:_OPENING]
    sentences = (opening[start:end] for start, end in sentence_spans(opening))
    return _shorten(clean_line(next(filter(has_words, sentences), opening)))


def _limit_marks(run: re.Match[str]) -> str:
    """Remove the combining marks beyond the limit: no language needs more."""
    kept: list[str] = []
    marks = 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS_LIMIT:
            kept.append(character)
    return "".join(kept)


def _shorten(line: str) -> str:
    if len(line) <= TITLE_LIMIT:
        return line
    words, _, _ = line[: TITLE_LIMIT + 1].rpartition(" ")
    return (words or line[:TITLE_LIMIT]).rstrip(" ,;:–—-«(") + "…"
