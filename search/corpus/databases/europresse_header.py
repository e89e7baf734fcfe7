"""The two lines over each document of Europresse: the publication, then section, date, length and page."""

import re
from dataclasses import dataclass

_FRENCH_MONTHS = (
    r"(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre"
    r"|printemps|été|automne|hiver)"
)
_ENGLISH_MONTHS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Spring|Summer|Autumn|Fall|Winter)"
)
_TO = r" ?[-–/] ?"  # between two months of one number
_FRENCH = (
    rf"(?:(?:lun|mar|mercre|jeu|vendre|same)di,? |dimanche,? )?"
    rf"(?:\d{{1,2}}(?:er)? |{_FRENCH_MONTHS}{_TO})?{_FRENCH_MONTHS} \d{{4}}"
)
_ENGLISH = (
    rf"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
    rf"(?:{_ENGLISH_MONTHS} \d{{1,2}}, \d{{4}}"
    rf"|(?:\d{{1,2}} |{_ENGLISH_MONTHS}{_TO})?{_ENGLISH_MONTHS} \d{{4}})"
)
_DATE = re.compile(rf"\b(?:(?P<french>{_FRENCH})|(?P<english>{_ENGLISH})|\d{{4}}-\d\d-\d\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?P<french>)?(?P<english>)?[^,]*\b(?:1[6-9]|20)\d\d\b")
_TIME = re.compile(r"\b(\d{1,2}[:h]\d{2})(?::\d{2})?(?: UTC)?(?: ?[+-]\d{2}:?\d{2}\b)?")
_WORDS = re.compile(
    r"\b(\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+|\d+) (mots?|words?|palabras|Wörter)\b", re.IGNORECASE
)
_PAGE = re.compile(r"\b(?:pp?\.|pages?) ?(\S.*)", re.IGNORECASE)
_SUPPLEMENT = re.compile(r"[ \t]*[\r\n][ \t\r\n]*|[ \t]{8,}")
_ISSUE = re.compile(r",? (?=(?:no\.?|n[°º]|numéro|vol\.?|volume|issue) ?\d)", re.IGNORECASE)

_LENGTH_LIMIT = 1000  # characters of a header or a name that are looked at


@dataclass(frozen=True, slots=True)
class Header:
    """What the header of a document says, under our names; ``""`` where it says nothing."""

    section: str = ""
    date: str = ""
    time: str = ""
    word_count: str = ""
    page: str = ""
    lang: str = ""


def parse_header(text: str) -> Header:
    """Read a header such as ``Économie, vendredi 1 mars 2024 - 18:05 UTC +0100 412 mots, p. ECO5``.

    The date is in the language of the document, ``mots`` in that of the reader's screen. So an English date
    tells the language only where the rest is French.
    """
    text = " ".join(text[:_LENGTH_LIMIT].split())
    dates = list(_DATE.finditer(text))
    last = dates[-1] if dates else _YEAR.search(text)  # the last one: a section may hold a date too
    if last is None:
        return Header(date=text)
    dated = dates[-2] if len(dates) > 1 and _is_span(dates[-2], last) else last
    rest = text[last.end() :]
    time = _TIME.search(rest)
    words = _WORDS.search(rest, time.end() if time else 0)
    page = _PAGE.search(rest, words.end() if words else 0)
    french_screen = words is not None and words[2].lower().startswith("mot")
    return Header(
        section=text[: dated.start()].strip(" ,-"),
        date=dated[0].strip(),
        time=time[1] if time else "",
        word_count=words[1] if words else "",
        page=page[1].strip(" ,") if page else "",
        lang="fr" if dated["french"] else "en" if dated["english"] and french_screen else "",
    )


def _is_span(first: re.Match[str], last: re.Match[str]) -> bool:
    """Whether two dates are the ends of one: ``décembre 2023 - janvier 2024``."""
    alike = len(first[0].split()) == len(last[0].split())
    return alike and re.fullmatch(_TO, first.string[first.end() : last.start()]) is not None


def parse_publication(text: str) -> dict[str, str]:
    """Read a publication such as ``Gazette Exemple, no. 24518``: its source, issue and edition.

    Editions stand on a line of their own, or after a long gap. ``(site web)`` stays with the name: the
    newspaper and its site are two sources.
    """
    name, *supplement = _SUPPLEMENT.split(text.strip()[:_LENGTH_LIMIT], maxsplit=1)
    source, *issue = _ISSUE.split(" ".join(name.split()), maxsplit=1)
    return {
        "source": source.strip(" ,"),
        "issue": issue[0] if issue else "",
        "edition": " ".join(supplement[0].split()) if supplement else "",
    }
