"""Make the text of articles safe for a terminal, which would obey its control characters."""

import re

# Control characters except the line feed, invisible characters, characters that change the direction,
# halves of surrogate pairs, and variation selectors and skin tones: rich counts ❤️ and 👍🏽 as two cells,
# but some terminals draw one and four.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ud800-\udfff\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
)
# A formula can begin a cell, or follow a semicolon or line end: a spreadsheet that separates cells by
# semicolons, as in France, does not see our quotation marks. The last four signs are full-width forms.
_SIGN = "[=+\\-@＝＋－＠]"
_FORMULA = re.compile(rf"(^(?=\s*{_SIGN})|[\n;](?=[^\S\n]*{_SIGN}))")
_GAP = re.compile("(?![\u00a0\u202f]\\S)\\s+")


def clean(text: str) -> str:
    """The text without characters that a terminal would obey or a reader cannot see. Keeps line feeds."""
    return _UNSAFE.sub("", text.replace("\t", " "))


def escaped(json: str) -> str:
    """The same JSON value, with an escape for each character that ``clean`` removes."""
    return _UNSAFE.sub(_escape, json)


def flat(text: str) -> str:
    """The clean text, with one space for each run of white space, except a no-break space between words."""
    return _GAP.sub(" ", clean(text))


def spreadsheet_cell(text: str) -> str:
    """The clean text, with a ``'`` before each sign that a spreadsheet could take for a formula."""
    return _FORMULA.sub(r"\1'", clean(text))


def printable(argument: str) -> str:
    """An argument or a file name that can be written: bytes that are not UTF-8 become U+FFFD."""
    return argument.encode(errors="surrogateescape").decode(errors="replace")


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))
