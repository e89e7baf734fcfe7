"""IPTC 7901: messages as teleprinters had them, between control characters."""

import re
from dataclasses import dataclass

from search.corpus.agencies.conventions import authors, split_dateline, story, unsigned
from search.corpus.encodings import read_text
from search.corpus.format import Format, Records
from search.corpus.record import Fault, RawRecord
from search.corpus.source import Source
from search.errors import Translatable
from search.text.published import month_number

_CONTROLS = "\x00\x01\x02\x03\x04\x16\x7f"
_NOISE = re.compile(f"[{_CONTROLS}\t]")
# eca062 4 i 211 ccccb dpa 061: the service with its number, the priority, the category, the words.
_HEADER = re.compile(
    r"^(?P<controls>[ \x00-\x08\x16\x7f]*)(?P<service>[A-Za-z]{2,5})(?P<number>\d{1,6}) "
    r"(?P<priority>[0-9A-Za-z]) (?P<category>[A-Za-z]{1,3}) {1,8}(?P<words>\d{1,5})"
    r"(?: {1,8}(?P<rest>[^\n]{0,80}))?$",
    re.MULTILINE,
)
_TRAILER = re.compile(
    r"^[ \x00-\x09\x0b-\x1f\x7f]*(?P<day>[0-3]\d)(?P<hour>[0-2]\d)(?P<minute>[0-5]\d)"
    r"(?: ?(?:[A-Z]{3,4}|Z))? (?P<month>[^\W\d_]{3,9})\.? (?P<year>\d{4}|\d{2})[ \x00-\x08\x7f]*$",
    re.MULTILINE,
)
_CODE = re.compile(r"/(?P<before_dash>[A-Z]{2,5})-|(?P<before_number>[A-Za-z]{2,5}) \d{1,5}\b")
_NOTES = re.compile(r"^(?:\* \* \*|##? )", re.MULTILINE)
_BYLINE = re.compile(r"(?:Par|By|Von|De notre) [^\n.]{2,80}$")
_TAKE = re.compile(r"[^a-zà-ÿ]{2,30}$")
_HEADER_WITHIN = 500
"""Characters of a file in which its first message begins."""
_HEADING_LINES = 20
_WRAPPED = 45
"""Characters of a line from which on the next one goes on with it."""
_CENTURY = 70
_MARKS = 2
"""Words around a message that are no text."""


@dataclass(frozen=True, slots=True)
class _Heading:
    """What stands above a text: its words for the file, the headline, what goes above it, the names."""

    slug: list[str]
    title: str
    kicker: str
    authors: list[str]


def read_iptc7901(source: Source) -> Records:
    """Read the messages of a file in their order; raises BadRecord where its encoding is unknown.

    Text before the first message, and text between the end of a message and the next header, is a fault.
    """
    text = read_text(source)
    headers = _headers(text)
    ends = [*(header.start() for header in headers[1:]), len(text)]
    line = 1 + text.count("\n", 0, headers[0].start()) if headers else 1
    if lost := _lost(text[: headers[0].start()] if headers else text):
        yield Fault(lost, 1)
    for header, end in zip(headers, ends, strict=False):
        trailer = _TRAILER.search(text, header.end(), end)
        content = text[header.end() : trailer.start() if trailer else end]
        yield RawRecord(_fields(header, content, trailer), line)
        if trailer and (lost := _lost(text[trailer.end() : end])):
            yield Fault(lost, line + text.count("\n", header.start(), trailer.end()))
        line += text.count("\n", header.start(), end)


def _headers(text: str) -> list[re.Match[str]]:
    """The headers of all messages: those after a start of heading, if there are any."""
    headers = list(_HEADER.finditer(text))
    return [header for header in headers if "\x01" in header["controls"]] or headers


def _lost(text: str) -> str:
    """The message about a text outside the messages; telex marks such as ZCZC and NNNN are none."""
    return Translatable("a message without a header of IPTC 7901") if len(text.split()) > _MARKS else ""


def _fields(header: re.Match[str], content: str, trailer: re.Match[str] | None) -> dict[str, object]:
    above, text = _split_heading(content)
    heading = _heading(above)
    place, agency, text = split_dateline(_paragraphs(text))
    date = _date(trailer) if trailer else ""
    code = _CODE.search(header["rest"] or "")
    number = f"{header['service']}{header['number']}"
    return {
        "id": f"{number}-{date}" if date else "",
        "title": heading.title,
        "kicker": heading.kicker,
        "text": story(text, heading.title),
        "date": date,
        "source": agency or (code[code.lastgroup or 0] if code else header["service"]),
        "section": header["category"],
        "place": place,
        "author": heading.authors,
        "keywords": heading.slug,
        "word_count": header["words"],
        "priority": header["priority"],
    }


def _split_heading(content: str) -> tuple[str, str]:
    """What stands above the text, up to the line that ends with ``=``; and the text.

    Where no line does, a blank line or an indent after the start of text ends the headline.
    """
    lines = content.split("\n")
    above = range(min(len(lines), _HEADING_LINES))
    end = next((number for number in above if _clean(lines[number]).endswith("=")), None)
    if end is None:
        start = next((number for number in above if "\x02" in lines[number]), 0)
        first = next((number for number in above[start:] if _clean(lines[number])), start)
        end = next((number - 1 for number in above[first + 1 :] if _is_gap(lines[number])), above[-1])
    elif _is_byline(lines[end + 1 : end + 3]):
        end += 1
    return "\n".join(lines[: end + 1]), "\n".join(lines[end + 1 :])


def _is_byline(lines: list[str]) -> bool:
    """Whether a line holds names, and a gap after it ends them."""
    return len(lines) > 1 and _BYLINE.match(_clean(lines[0])) is not None and _is_gap(lines[1])


def _is_gap(line: str) -> bool:
    return line.startswith("  ") or not _clean(line)


def _heading(above: str) -> _Heading:
    slug_lines, headline = _slug_and_headline(above)
    lines = [line for line in (_clean(line).rstrip("= ") for line in headline.split("\n")) if line]
    names: list[str] = []
    if len(lines) > 1 and _BYLINE.match(lines[-1]):
        names = authors(lines.pop())
    kickers: list[str] = []
    while len(lines) > 1 and _is_kicker(lines[0], lines[1]):
        kickers.append(lines.pop(0))
    slug = [word.strip() for line in slug_lines for word in _clean(line).split("/")]
    return _Heading([word for word in slug if word], " ".join(lines), " ".join(kickers), names)


def _is_kicker(line: str, following: str) -> bool:
    """Whether a line stands above a headline: it is no wrapped part of it, which small letters go on with."""
    return bool(_TAKE.match(line)) or (len(line) < _WRAPPED and not following[:1].islower())


def _slug_and_headline(above: str) -> tuple[list[str], str]:
    """The lines before the start of text, and those after it; without one, the first line is the slug."""
    before, start, after = above.rpartition("\x02")
    if start:
        return before.split("\n"), after
    lines = [line for line in above.split("\n") if _clean(line)]
    return lines[:-1][:1], "\n".join(lines[1:] or lines)


def _paragraphs(text: str) -> str:
    """The text without notes to the desks, a line for a paragraph: blank lines and indents separate them."""
    notes = _NOTES.search(text)
    text = text[: notes.start()] if notes else text
    paragraphs: list[list[str]] = []
    fresh = True
    for line in unsigned(_NOISE.sub("", text)).split("\n"):
        words = line.strip()
        if words and (fresh or line.startswith("  ")):
            paragraphs.append([])
        if words:
            paragraphs[-1].append(words)
        fresh = not words
    return "\n\n".join(map(" ".join, paragraphs))


def _date(trailer: re.Match[str]) -> str:
    """``011705 mars 24`` in ISO form; ``""`` for a month that has no such name."""
    month = month_number(trailer["month"])
    year = int(trailer["year"])
    if len(trailer["year"]) == len("24"):
        year += 1900 if year >= _CENTURY else 2000
    clock = f"{trailer['hour']}:{trailer['minute']}"
    return f"{year}-{month:02}-{trailer['day']}T{clock}" if month else ""


def _clean(line: str) -> str:
    return _NOISE.sub("", line).strip()


def _is_iptc7901(source: Source) -> bool:
    header = _HEADER.search(source.opening, 0, _HEADER_WITHIN)
    if not header or _lost(source.opening[: header.start()]):
        return False
    has_controls = any(mark in source.opening for mark in "\x01\x02\x03")
    return has_controls or _TRAILER.search(source.opening) is not None


IPTC7901 = Format(
    "IPTC 7901",
    _is_iptc7901,
    read_iptc7901,
    {
        "id": "the service, its number and the date",
        "title": "the lines up to =",
        "kicker": "a short line above the headline",
        "text": "the lines after it",
        "date": "the last line, as 011705 mars 24",
        "source": "the dateline, else the header",
        "section": "the category in the header",
        "place": "the dateline",
        "author": "a line that begins with Par",
        "keywords": "the line below the header",
        "word_count": "the words in the header",
    },
)
