"""Words that a printer cut, in running text: where they are, so that the analysis joins them."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from search.text.line_breaks import keeps_hyphen
from search.text.stopwords import STOP_WORDS

_LETTER = "[^\\W\\d_]"
_CUT = re.compile(
    rf"""
    [-¬\u00ad] (?<= {_LETTER}. | [\u0300-\u036f]. )
    (?: \ *+\n\ *+ | (?<=¬)\ *+ | (?<=\u00ad)\ ++ | (?P<leftover> \ ++ ) )
    (?= {_LETTER} )
    """,
    re.VERBOSE,
)
_LONGEST = 40  # characters of a half that are looked at
_BEFORE = re.compile(r"(?<![\w'’-])(?:\w++['’-])*+\w+\Z")
_AFTER = re.compile(r"\w++(?:['’-]\w++)*+")
# An aside between two hyphens, as in "Le maire -qui sortait- parle": the second one cuts no word.
_ASIDE = re.compile(r"\s[-–]\w")
_ASIDE_LENGTH = 200
_LONGEST_JOINED = 20
# Stop words that are also the ends of words, as in "politi- que", "annon- cé" and "mai- son".
_ENDS = frozenset(
    "bien ce ces ci de des faire le les leur leurs lui mais me mes mon ne puis que quel quelle quelles quels "
    "se sera serait seraient seront ses si son te tes ton tu vers".split()
)
_WORDS = STOP_WORDS - _ENDS
_FIRST_HALF = re.compile(rf"(?<![\w'’-]){_LETTER}{{2,}}\Z|['’]{_LETTER}{{2,}}\Z")
_SECOND_HALF = re.compile(r"(?![aeiouyàâéèêëîïôùûœæ])[^\W\d_]{2,}(?![\w'’]|-\w)")


class Cut(NamedTuple):
    """What stands inside a word, ``text[start:end]``; ``hyphen`` tells whether the word has one there."""

    start: int
    end: int
    hyphen: bool


def cuts(text: str) -> Iterator[Cut]:
    """The places where a word is cut, in order.

    The text has plain hyphens and spaces. A cut is a hyphen, ``¬`` or a soft hyphen at a line
    end, or what recognition and copying leave of one: ``mi- neurs``. Such a hyphen before a blank is a cut
    where the halves can be those of one word; "pré- et post-natal" has none, nor an aside between hyphens.
    """
    if not ("-\n" in text or "- " in text or "¬" in text or "\u00ad" in text):
        return  # nearly always, and a loop over these signs would take four times as long
    for cut in _CUT.finditer(text):
        start, end = cut.span()
        before = unicodedata.normalize("NFC", text[max(0, start - _LONGEST) : start])
        after = unicodedata.normalize("NFC", text[end : end + _LONGEST])
        first, second = _BEFORE.search(before), _AFTER.match(after)
        if not first or not second:
            continue
        hyphen = text[start] != "\u00ad" and keeps_hyphen(first[0], second[0])
        if not cut["leftover"]:
            yield Cut(start, end, hyphen)
        elif not hyphen and _is_leftover(before, after) and not _in_aside(text, start):
            yield Cut(start, end, hyphen=False)


def whole_words(text: str) -> str:
    """The text with its cut words whole, for those who read it and need no offsets."""
    pieces: list[str] = []
    rest = 0
    for start, end, hyphen in cuts(text):
        pieces += (text[rest:start], "-" if hyphen else "")
        rest = end
    return "".join(pieces) + text[rest:]


def _is_leftover(before: str, after: str) -> bool:
    """Whether two halves with a hyphen and a blank between them can be one word."""
    first, second = _FIRST_HALF.search(before), _SECOND_HALF.match(after)
    if not first or not second or len(first[0]) + len(second[0]) > _LONGEST_JOINED:
        return False
    bare = _without_accents(second[0])
    is_word = bare in _WORDS and second[0] != "tres"  # "au- tres", but not "termes- très"
    return second[0].islower() and first[0][1:].islower() and not is_word


def _without_accents(word: str) -> str:
    return unicodedata.normalize("NFD", word).encode("ascii", "ignore").decode()


def _in_aside(text: str, place: int) -> bool:
    line = text[max(0, place - _ASIDE_LENGTH) : place].rpartition("\n")[2]
    return bool(_ASIDE.search(line))
