"""The offsets of French paragraphs and sentences."""

import itertools
import re

Span = tuple[int, int]

_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*")
# It begins with a sign, for which the library looks faster than for what stands behind one.
_SENTENCE_END = re.compile(r"""[.!?…]((?:\s?[»"”’')\]])*\s++)(?=[«"“‘(\[—–-]*\s*[\w«"“])""")
_ABBREVIATION = re.compile(
    r"(?<!\w)(?:\w|MM|Mme|Mmes|Mlle|Dr|Drs|Pr|Me|Mgr|St|Ste|cf|ex|art|env|vol|éd|fig|hab|av|apr|p\.\s?ex|No|Cie)\.$"
)

_LONGEST_ABBREVIATION = 8


def paragraph_spans(text: str) -> list[Span]:
    """Paragraphs in order, without white space around them; blank lines separate them."""
    return _between(text, 0, len(text), [match.span() for match in _PARAGRAPH_END.finditer(text)])


def sentence_spans(text: str) -> list[Span]:
    """Sentences in order, without white space around them; the end of a paragraph ends a sentence.

    A full stop does not end a sentence after an initial or a usual abbreviation (``M. Dupont``), nor
    before a lower-case letter.
    """
    return [span for start, end in paragraph_spans(text) for span in _sentences(text, start, end)]


def _sentences(text: str, start: int, end: int) -> list[Span]:
    return _between(
        text,
        start,
        end,
        [gap.span(1) for gap in _SENTENCE_END.finditer(text, start, end) if _ends_sentence(text, start, gap)],
    )


def _ends_sentence(text: str, start: int, gap: re.Match[str]) -> bool:
    stop = gap.start(1)
    before = max(start, stop - _LONGEST_ABBREVIATION)
    return not text[gap.end()].islower() and not _ABBREVIATION.search(text, before, stop)


def _between(text: str, start: int, end: int, gaps: list[Span]) -> list[Span]:
    """The spans between the gaps, without white space around them."""
    bounds = [start, *(gap_end for _, gap_end in gaps), end]
    stripped = (_stripped(text, first, last) for first, last in itertools.pairwise(bounds))
    return [(first, last) for first, last in stripped if first < last]


def _stripped(text: str, start: int, end: int) -> Span:
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end
