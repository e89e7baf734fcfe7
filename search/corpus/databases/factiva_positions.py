"""Factiva without codes (since 2017): each line over the text is known by its place and its form."""

import re
from collections.abc import Sequence

_WORDS = re.compile(r"\d[\d .,\u00a0\u202f]*[^\W\d]+")
_DATE = re.compile(
    r"(?=[^\n]*\b\d{1,2}(?:er)?\b)"
    r"(?P<day>[^\n]*?\b\d{4}\b(?: ?[年년][^:]*[日일])?)(?: (?P<clock>\d{1,2}:\d{2}))?"
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?: (?:GMT|UTC|[AP]M))?")
_SHEET = r"[A-Z]{0,4}[ -]?0{0,3}[1-9]\d{0,3}[A-Z]?"
_PAGE = re.compile(rf"{_SHEET}(?:[-,;/] ?{_SHEET})*")
_VOLUME = re.compile(r"vol(?:ume)?\b|issn\b|issue\b", re.IGNORECASE)
_LONGEST_LINE = 200


def words_line(lines: Sequence[str]) -> int:
    """The place of the line with the number of words, which the date follows; -1 where there is none."""
    for place in range(len(lines) - 1):
        line, following = lines[place], lines[place + 1]
        short = max(len(line), len(following)) < _LONGEST_LINE
        if short and _WORDS.fullmatch(line) and _DATE.fullmatch(following):
            return place
    return -1


def codes_of(lines: Sequence[str]) -> dict[str, str]:
    """The values by code of the lines from the number of words to the rights.

    They are words, date, (time,) source, code of the source, then in any number editions, pages and
    volumes, then language and rights.
    """
    date = _DATE.fullmatch(lines[1]) if len(lines) > 1 else None
    if date is None:
        return {}
    codes = {"WC": lines[0], "PD": date["day"], "ET": date["clock"] or ""}
    rest = list(lines[2:])
    if rest and _CLOCK.fullmatch(rest[0]):
        codes["ET"] = rest.pop(0)
    for code in ("SN", "SC"):
        codes[code] = rest.pop(0) if rest else ""
    for code in ("CY", "LA"):
        codes[code] = rest.pop() if rest else ""
    return codes | _edition_and_page(rest)


def _edition_and_page(lines: Sequence[str]) -> dict[str, str]:
    """Of what stands between, the last that looks like a page is one; a clock is the hour of an edition."""
    codes: dict[str, str] = {}
    editions: list[str] = []
    for line in reversed(lines):
        form = _form(line)
        if form and form not in codes:
            codes[form] = line
        else:
            editions.insert(0, line)
    return codes | {"ED": "; ".join(editions)}


def _form(line: str) -> str:
    if _CLOCK.fullmatch(line):
        return "ET"
    if _PAGE.fullmatch(line):
        return "PG"
    return "VOL" if _VOLUME.match(line) else ""
