"""How agencies write: the place and date before a text, the names above it, the initials below it."""

import re

from search.corpus.markup import plain

_SIGNATURES = tuple(
    map(
        re.compile,
        (
            r"[A-Za-z]{2,5}(?:[/-][A-Za-z]{1,5}){1,8}\.?",  # asl/tib/pid
            r"[a-z]{2,4}|[A-Z]{2,4}",
            r"[a-z]{3,5}(?: [a-z]{2,4}){1,7}",  # aex abc de
            r"\([A-Za-z]{2,5}(?:[ /\\,;-]{1,3}[A-Za-z]{2,5}){0,4}\)",  # (AEX), (ats afp), (AEX/jm)
        ),
    )
)
_SIGNATURE_LINES = 3
_BYLINE_LIMIT = 500
"""Characters from which on a byline is none."""
_DATELINE = re.compile(
    r"(?P<place>[^\W\d_][^()\n]{0,60}?)(?P<day>,? \d{1,2}(?:er)? [^\W\d_]{3,9}\.?(?: \d{4})?)? ?"
    r"\((?P<agency>[A-Za-z][A-Za-z/ .-]{1,20})\)(?P<dash> ?\.?[-–—]{1,2})? ?"
)
_PLACE_END = re.compile(r"[,(\d]|\s[-–—]")
_BY = re.compile(
    r"(?i:(?:par|by|von|de)\s*:?\s+)?(?:(?i:notre|nos)\s+\w+(?:\s+(?:spécia|permanent)\w*)?\s+(?=[A-ZÀ-Ý]))?"
)
_NAMES_END = re.compile(r"\s*;\s*|\s*,\s*|\s+(?:et|and|und|&|/)\s+", re.IGNORECASE)
_TITLE = re.compile(
    r"[\s(–-]*\b(?:(?:de\s+)?(?:notre|nos)\b|(?:avec|with)\s|special correspondents?\b"
    r"|(?:l['’]|le |la |les )?(?:envoyée?s?|correspondante?s?|journalistes?|reporters?|rédact(?:eur|rice)s?"
    r"|stagiaires?|cheff?e?s? de)\b)|\s+(?:à|in)\s+(?=[A-ZÉÈÀÂÎ])",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(r"(?i:the|le|la|les)\s|(?i:l['’])|[A-Z]{2,5}$")


def story(text: str, title: str = "") -> str:
    """A text alone: without its title before it, and the agency's code and the desk's initials below it.

    Markup that is left in the text, such as a tag that was escaped, goes paragraph by paragraph.
    """
    paragraphs = [plain(paragraph) if "<" in paragraph else paragraph for paragraph in text.split("\n\n")]
    if len(paragraphs) > 1 and " ".join(paragraphs[0].split()) == title:
        del paragraphs[0]
    return unsigned("\n\n".join(paragraphs).strip())


def unindented(text: str) -> str:
    """A text without the indents of the file."""
    return "\n".join(line.strip() for line in text.strip().split("\n"))


def unsigned(text: str) -> str:
    """A text without the few lines at its end that are a signature."""
    lines = text.rstrip().split("\n")
    for _ in range(_SIGNATURE_LINES):
        if len(lines) > 1 and is_signature(lines[-1]):
            lines.pop()
        while len(lines) > 1 and not lines[-1].strip():
            lines.pop()
    return "\n".join(lines).rstrip()


def is_signature(line: str) -> bool:
    """Whether a line is a code of an agency or the initials of a desk: ``(AEX)``, ``asl/tib/pid``."""
    return any(pattern.fullmatch(line.strip()) for pattern in _SIGNATURES)


def authors(byline: str) -> list[str]:
    """The names in a byline, without ``Par``, what the authors do, and where they are.

    Initials are no names, and a paper beside a name is no author.
    """
    written = " ".join(byline.split())
    if len(written) > _BYLINE_LIMIT:
        return [written]
    parts = _NAMES_END.split(_BY.sub("", written, count=1))
    names = [_TITLE.split(part)[0].strip(" ().,-–") for part in parts]
    names = [name for name in names if name and not is_signature(name)]
    return [name for name in names if not _NO_PERSON.match(name)] or names


def place_of(dateline: str) -> str:
    """The place of a dateline: ``Armeil`` of ``Armeil, 1 mars 2024 (AEX) -``."""
    end = _PLACE_END.search(dateline)
    return (dateline[: end.start()] if end else dateline).strip(" -–—:")


def split_dateline(text: str) -> tuple[str, str, str]:
    """The place, the agency, and the text after a dateline at its beginning; the first two may be ``""``.

    Brackets near the beginning of a sentence are no dateline, unless a dash follows, a day stands before, or
    the agency is in small letters.
    """
    match = _DATELINE.match(text)
    if not match or not (match["day"] or match["dash"] or match["agency"].islower()):
        return "", "", text
    return match["place"].strip(" ,"), match["agency"], text[match.end() :]
