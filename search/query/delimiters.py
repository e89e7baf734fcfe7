"""Check quotes and brackets before parsing, so that an error names the wrong sign."""

import re

from search.errors import QueryError, Translatable

MAX_DEPTH = 50
_DELIMITER = re.compile(r'"[^"]*"|«[^»]*»|“[^”]*”|„[^”“]*[”“]|["«»“”„()]')
_CLOSING = {'"': '"', "«": "»", "“": "”", "„": "”"}
_OPENING = {"»": "«", "”": "“"}


def check_delimiters(text: str) -> None:
    """Check that quotes and brackets are balanced, quotes contain words, and nesting has a limit.

    Brackets inside quotes are text. Raises QueryError at the first wrong sign; for brackets that are not
    closed, at the innermost one.
    """
    opened: list[int] = []
    for mark in _DELIMITER.finditer(text):
        if mark[0] == "(":
            opened.append(mark.start())
            if len(opened) > MAX_DEPTH:
                raise QueryError(
                    Translatable("Brackets are nested more than {} levels deep.", MAX_DEPTH),
                    mark.start(),
                    "use fewer brackets",
                )
        elif mark[0] == ")":
            if not opened:
                raise QueryError(
                    "This bracket is never opened.", mark.start(), "add an opening ( or remove it"
                )
            opened.pop()
        else:
            _check_quote(mark[0], mark.start())
    if opened:
        raise QueryError("This bracket is never closed.", opened[-1], "add a closing )")


def _check_quote(quote: str, position: int) -> None:
    if quote in _CLOSING:
        raise QueryError(
            "This quote is never closed.", position, Translatable("add a closing {}", _CLOSING[quote])
        )
    if quote in _OPENING:
        raise QueryError(
            "This quote is never opened.", position, Translatable("add an opening {}", _OPENING[quote])
        )
    if not any(character.isalnum() for character in quote):
        raise QueryError("These quotes contain no word.", position, "write words between them or remove them")
