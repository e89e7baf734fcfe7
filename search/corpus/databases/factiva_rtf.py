"""Factiva, exported as RTF: the lines of its HTML, with codes or without."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from search.corpus.databases.factiva_codes import CODES, record
from search.corpus.databases.factiva_positions import codes_of, words_line
from search.corpus.format import Format, Records
from search.corpus.record import BadRecord
from search.corpus.source import Source
from search.corpus.streams import read_all

_BOLD = "\ue000"  # marks where bold type begins: it tells a title from the lines around it
_BOLD_TYPE = re.compile(r"\\b(?![a-zA-Z0-9])")
# striprtf would write the address of a link behind its words, and looks for links in quadratic time.
_LINK = re.compile(r"\{\\field(?=\{)")
_NUMBER = re.compile(r"(?:AN *[|\t ] *)?(?:\S{2,12} )?[A-Z][A-Z0-9]{3,9}\d{8}[A-Za-z0-9]{3,14}[| ]*")
_LONGEST_NUMBER = 80
_CODE = re.compile(rf"{_BOLD}?\s*([A-Z]{{2,4}})\s*(?:[|\t]|\s{{2,}}|$)(.*)|{_BOLD}\s*([A-Z]{{2,4}}) (.*)")
_RIGHTS = re.compile(r"©|\(c\)|copyright\b", re.IGNORECASE)
_LONGEST_HEAD = 14  # lines from the number of words to the rights
_LONGEST_PUBLISHER = 80
_PARSER_ERRORS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def recognise_factiva_rtf(source: Source) -> bool:
    """Whether a file is RTF that names Factiva, or has its codes."""
    opening = source.opening
    return opening.startswith("{\\rtf") and ("Factiva" in opening or ("HD" in opening and "WC" in opening))


def read_factiva_rtf(source: Source) -> Records:
    """Read each article of an export; one without text is an Omission.

    Raises BadRecord where it is no RTF or holds no article.
    """
    articles = list(_articles(_plain(read_all(source)).split("\n")))
    if not articles:
        raise BadRecord("no article of Factiva in it")
    for number, lines in enumerate(articles, 1):
        yield record(_by_codes(lines) or _by_positions(lines), f"article {number}: ")


def _plain(data: bytes) -> str:
    from striprtf.striprtf import rtf_to_text

    marked = _BOLD_TYPE.sub(lambda bold: _BOLD + bold[0], _LINK.sub("{", data.decode("cp1252", "replace")))
    try:
        text: str = rtf_to_text(marked, errors="replace")  # type: ignore[no-untyped-call]
    except _PARSER_ERRORS as error:
        raise BadRecord(f"the RTF is too broken to read ({error!r})") from error
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _articles(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines of each article: the last one holds its number."""
    article: list[str] = []
    for line in lines:
        article.append(line.strip(" \xa0"))
        bare = line.replace(_BOLD, "").strip()
        if len(bare) <= _LONGEST_NUMBER and _NUMBER.fullmatch(bare):
            yield article
            article = []


def _by_codes(lines: Sequence[str]) -> dict[str, str]:
    """The values of lines that begin with a code; {} where no line begins with the code of a title."""
    values: dict[str, list[str]] = {}
    code = ""
    for line in lines:
        match = _CODE.match(line)
        found = (match[1] or match[3]) if match else ""
        if match and found in CODES:
            code, line = found, match[2] or match[4] or ""
        values.setdefault(code, []).append(line.replace(_BOLD, "").strip(" |\t\xa0"))
    if "HD" not in values:
        return {}
    gaps = {"LP": "\n\n", "TD": "\n\n"}
    return {code: gaps.get(code, " ").join(filter(None, values[code])) for code in values if code}


def _by_positions(lines: Sequence[str]) -> Mapping[str, str]:
    """The values of lines that only their place tells apart.

    The title is the last bold line over the number of words.
    """
    bare = [line.replace(_BOLD, "").strip() for line in lines]
    words = words_line(bare)
    if words < 0:
        return {"LP": "\n\n".join(filter(None, bare[:-1])), "AN": bare[-1]}
    start = words - len(list(takewhile(bool, reversed(bare[:words]))))
    title = next((place for place in range(words - 1, start - 1, -1) if _BOLD in lines[place]), start)
    end = _end_of_head(bare, words)
    text, publisher = _without_publisher([line for line in bare[end:-1] if line])
    return {
        **codes_of(bare[words:end]),
        "SE": "; ".join(bare[start:title]),
        "HD": bare[title],
        "BY": "".join(bare[title + 1 : min(title + 2, words)]),
        "CR": "; ".join(bare[title + 2 : words]),
        "LP": "\n\n".join(text),
        "PUB": publisher,
        "AN": bare[-1],
    }


def _end_of_head(lines: Sequence[str], words: int) -> int:
    """The place after the line of the rights: they are named, or a blank line follows them."""
    for place in range(words, min(words + _LONGEST_HEAD, len(lines))):
        if _RIGHTS.match(lines[place]):
            return place + 1
        if not lines[place]:
            return place
    return min(words + 2, len(lines))


def _without_publisher(lines: list[str]) -> tuple[list[str], str]:
    """The text, and the name of the publisher, which is a last line that ends like no sentence."""
    if len(lines) > 1 and len(lines[-1]) < _LONGEST_PUBLISHER and lines[-1][-1] not in '.!?…»”"':
        return lines[:-1], lines[-1]
    return lines, ""


FACTIVA_RTF = Format(
    "Factiva RTF",
    recognise_factiva_rtf,
    read_factiva_rtf,
    {
        "id": "AN, Document",
        "title": "HD, the bold line",
        "text": "LP and TD, the lines after the rights",
        "author": "BY, the line after the title",
        "date": "PD",
        "time": "ET",
        "source": "SN",
        "section": "SE",
        "page": "PG",
        "edition": "ED",
        "word_count": "WC",
        "keywords": "NS and IPD",
        "lang": "LA",
    },
)
