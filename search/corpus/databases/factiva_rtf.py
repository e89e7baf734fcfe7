"""Factiva, exported as RTF: the lines of its HTML, with codes or without."""

import re
from collections.abc import Iterator, Mapping, Sequence

from search.corpus.databases.factiva_codes import CODES, ELEMENTS, record
from search.corpus.databases.factiva_positions import codes_of, words_line
from search.corpus.format import Format, Records
from search.corpus.record import BadRecord, Fault
from search.corpus.rich_text import rtf_text
from search.corpus.source import Source
from search.corpus.streams import read_all
from search.errors import Translatable

_BOLD = "\ue000"  # marks where bold type begins: it distinguishes a title from the lines around it
_BOLD_TYPE = re.compile(r"\\b(?![a-zA-Z0-9])")
_NUMBER = re.compile(r"(?:AN *[|\t ] *)?(?:\S{2,12} )?[A-Z][A-Z0-9]{3,9}\d{8}[A-Za-z0-9]{3,14}[| ]*")
_LONGEST_NUMBER = 80
_SIGN = re.compile(r"\bDo[ck]ument[oe]? [A-Z][A-Z0-9]{3,9}\d{8}")
_CODE = re.compile(rf"{_BOLD}?\s*([A-Z]{{2,4}})\s*(?:[|\t]|\s{{2,}}|$)(.*)|{_BOLD}\s*([A-Z]{{2,4}}) (.*)")
_RIGHTS = re.compile(r"©|\(c\)|copyright\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_HEAD = 14  # lines from the number of words to the rights, at most
_BEFORE_RIGHTS = 5  # the same, at least
_LONGEST_RIGHTS = 200
_TITLE = 6  # lines from the title to the number of words
_OVER_TITLE = 2  # lines over the title of one article; more are a list of titles
_LONGEST_PUBLISHER = 80


def recognise_factiva_rtf(source: Source) -> bool:
    """Whether a file is RTF that names Factiva, or has a number of its articles."""
    opening = source.opening
    return opening.startswith("{\\rtf") and ("Factiva" in opening or _SIGN.search(opening) is not None)


def read_factiva_rtf(source: Source) -> Records:
    """Read each article of an export; one without text is an Omission, one that is cut short a Fault.

    Raises BadRecord where it is no RTF or holds no article.
    """
    marked = _BOLD_TYPE.sub(lambda bold: _BOLD + bold[0], read_all(source).decode("cp1252", "replace"))
    *articles, rest = _articles(rtf_text(marked).split("\n"))
    if not articles:
        raise BadRecord("no article of Factiva in it")
    for number, lines in enumerate(articles, 1):
        yield record(_by_codes(lines) or _by_positions(lines), Translatable("article {}: ", number))
    if _by_codes(rest) or words_line(list(filter(None, rest))) >= 0:
        yield Fault(Translatable("article {}: it is cut short, before its number", len(articles) + 1))


def _articles(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines of each article, of which the last one holds its number; then the lines that are left."""
    article: list[str] = []
    for line in lines:
        article.append(line.strip(" \xa0"))
        bare = line.replace(_BOLD, "").strip()
        if len(bare) <= _LONGEST_NUMBER and _NUMBER.fullmatch(bare):
            yield article
            article = []
    yield article


def _by_codes(lines: Sequence[str]) -> dict[str, str]:
    """The values of lines that begin with a code; {} where no line begins with the code of a title."""
    values: dict[str, list[str]] = {}
    code = ""
    for line in lines:
        match = _CODE.match(line)
        name = (match[1] or match[3]) if match else ""
        if match and name in CODES:
            code, line = name, match[2] or match[4] or ""
        values.setdefault(code, []).append(line.replace(_BOLD, "").strip(" |\t\xa0"))
    if "HD" not in values:
        return {}
    gaps = {"LP": "\n\n", "TD": "\n\n"}
    return {code: gaps.get(code, " ").join(filter(None, values[code])) for code in values if code}


def _by_positions(lines: Sequence[str]) -> Mapping[str, str]:
    """The values of lines that only their place identifies.

    The title is the last bold line over the number of words.
    """
    places = [place for place, line in enumerate(lines) if line.replace(_BOLD, "").strip()]
    bare = [lines[place].replace(_BOLD, "").strip() for place in places]
    words = words_line(bare)
    if words < 0:
        return {"LP": "\n\n".join(bare[:-1]), "AN": bare[-1]}
    first = max(0, words - _TITLE)
    bold = (number for number in range(words - 1, first - 1, -1) if _BOLD in lines[places[number]])
    title = next(bold, first)
    end = _end_of_head(bare, words)
    text, publisher = _without_publisher(bare[end:-1])
    return {
        **codes_of(bare[words:end]),
        "SE": "; ".join(bare[_first_over(places, title) : title]),
        "HD": bare[title],
        "BY": "".join(bare[title + 1 : min(title + 2, words)]),
        "CR": "; ".join(bare[title + 2 : words]),
        "LP": "\n\n".join(text),
        "PUB": publisher,
        "AN": bare[-1],
    }


def _first_over(places: Sequence[int], title: int) -> int:
    """The first of the lines over a title that belong to it; over the first one stands a list of titles."""
    if title <= _OVER_TITLE:
        return 0
    return title - 1 if places[title] - places[title - 1] == 1 else title


def _end_of_head(lines: Sequence[str], words: int) -> int:
    """The place after the line of the rights, which names them, or at least their year."""
    for place in range(words + _BEFORE_RIGHTS, min(words + _HEAD, len(lines))):
        if _RIGHTS.match(lines[place]) or (
            _YEAR.search(lines[place]) and len(lines[place]) < _LONGEST_RIGHTS
        ):
            return place + 1
    return min(words + _BEFORE_RIGHTS, len(lines))


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
        **ELEMENTS,
        "id": "AN, Document",
        "title": "HD, the bold line",
        "text": "LP and TD, the lines after the rights",
        "author": "BY, the line after the title",
        "lang": "LA",
    },
)
