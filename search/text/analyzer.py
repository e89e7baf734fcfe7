"""The French analysis chain, the same for indexing, searching, highlighting and suggestions.

The steps are: normalise and join cut words, tokenise, remove elisions and fold; for stemmed fields also
remove stop words and stem. Folding comes before stop words and stemming, so that every spelling of a word
gives the same terms: with or without accents, in capitals, composed or decomposed, cut at a line end. Two
things are kept of the spelling: a proper name with its capital is not stemmed, and ``spellings`` tell words
apart that are one when folded.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from search.text.cut_words import cuts
from search.text.irregular_words import EVERY_WORD
from search.text.proper_names import PROPER_NAMES
from search.text.stemmer import stem
from search.text.stopwords import STOP_WORDS


class Token(NamedTuple):
    """A term and its place in the text, ``text[start:end]``; ``position`` counts words from 0.

    A hyphenated compound gives one token for the whole word, at the position of its first part, and one
    token for each part. ``compound`` is true for the whole word. ``stem`` is ``""`` for a stop word.
    ``spellings`` tell how the word is written, where folding hides it: with accents, with a capital.
    """

    term: str
    start: int
    end: int
    position: int
    compound: bool = False
    stem: str = ""
    spellings: tuple[str, ...] = ()


TermsOfRun = Callable[[str], tuple[Token, ...]]
"""From a run of a text to its terms, with their places in it; the last has the highest position."""


class Normalised(NamedTuple):
    """Normalised text; character ``i`` comes from ``text[starts[i]:ends[i]]`` (None: from ``text[i]``)."""

    text: str
    starts: list[int] | None
    ends: list[int] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The place of ``text[start:end]`` in the original text."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


# Each replacement has the same length, which keeps offsets: apostrophes, hyphens, spaces, and the
# ellipsis, which NFKC would expand.
_SAME_LENGTH = {
    **dict.fromkeys("’‘ʼʹ´`′＇", "'"),
    **dict.fromkeys("\u2010\u2011", "-"),
    **dict.fromkeys("\u00a0\u2007\u2008\u2009\u200a\u202f", " "),
    "…": " ",
}
_PLAIN_WORD = re.compile("[A-Za-z0-9À-ÖØ-öø-ÿœŒ]+")
_INVISIBLE = re.compile("[\0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_MARKS = "\u0300-\u036f"
_MARK = re.compile(f"[{_MARKS}]")
_VISIBLE = re.compile("[^\0]+")
_CLUSTER = re.compile(f".[{_MARKS}]*", re.DOTALL)
_SPELLED_ALIKE = str.maketrans({"è": "é", "î": "i", "œ": "oe", "æ": "ae"})
_LETTERLIKE = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})

_CHAR = f"[^\\W_{_MARKS}][{_MARKS}]*"
_LETTER = f"[^\\W\\d_{_MARKS}][{_MARKS}]*"
_ELIDED = f"(?:[ldjmtsnc]|ç|qu|jusqu|lorsqu|puisqu|quoiqu)'(?={_CHAR})"
_ELISION = re.compile(_ELIDED, re.IGNORECASE)
_TOKEN = re.compile(
    rf"""
    (?P<elision> {_ELIDED} )
  | (?P<acronym> (?:{_LETTER}\.){{2,}} (?:{_LETTER}(?!{_CHAR}))? )
  | (?P<number>  \d{{1,3}}(?:\ \d{{3}})+(?:,\d+)?(?!\d) | \d+(?:[.,]\d+)+ | \d+(?!{_CHAR}) )
  | (?P<word>    (?:{_CHAR})+ (?:['-](?:{_CHAR})+)* )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Every token lies in one run, and does not depend on the text around it. Runs recur, so they are cached.
_RUN = re.compile(rf"\w[\w'.{_MARKS}-]*(?:(?<=\d)[ ,](?=\d)[\w'.{_MARKS}-]+)*")
_RUN_OR_GAP = re.compile(f"({_RUN.pattern})")
_LONG_RUN = 64  # characters from which a run is not cached, since it is not likely to recur
_PART = re.compile(rf"(?:^|(?<=-))(?:(?:[ldjmtsnc]|ç|qu)'(?={_CHAR}))?(?P<part>[^-]+)", re.IGNORECASE)
_CLITICS = frozenset("je tu il elle on nous vous ils elles ce t le la les lui leur moi toi y en ci".split())
_NO_CLITIC = frozenset(("rendez-vous",))

_STEM_PROBE = (
    "L’Élysée a réagi : cœurs, munitions nord-coréennes, l'U.R.S.S., aujourd’hui, 3,5 % de 10 000 obus, "
    "recons-\ntruction, grand-\nmère, mi- neurs, "
    "lois, travaux, actrices, condamné, dépendent, affirment, département, Cannes, canne, péché, PARIS"
)


def normalise(text: str) -> Normalised:
    """NFKC, one kind of apostrophe, hyphen and space, no invisible characters; with original offsets.

    Words that were cut at a line end are whole.
    """
    if _PLAIN_WORD.fullmatch(text):  # most words of a query are
        return Normalised(text, None, None)
    plain = text
    for character, same in _SAME_LENGTH.items():
        plain = plain.replace(character, same)
    plain = _with_whole_words(plain)
    if not _has_invisible(plain) and unicodedata.is_normalized("NFKC", plain):
        return Normalised(plain, None, None)
    blanked = _INVISIBLE.sub("\0", plain)
    visible = blanked.replace("\0", "")
    if not _MARK.search(visible) and unicodedata.is_normalized("NFKC", visible):
        starts = [place for piece in _VISIBLE.finditer(blanked) for place in range(*piece.span())]
        return Normalised(visible, starts, [place + 1 for place in starts])
    return _normalised_clusters(blanked)


def _has_invisible(text: str) -> bool:
    """Whether ``_INVISIBLE`` matches; most texts are Latin 1, which has two such signs."""
    try:
        signs = text.encode("latin-1")
    except UnicodeEncodeError:
        return _INVISIBLE.search(text) is not None
    return b"\0" in signs or b"\xad" in signs


def _normalised_clusters(blanked: str) -> Normalised:
    r"""NFKC of each letter with its marks, without ``\0``, which stands for what is left out."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster in _CLUSTER.finditer(blanked):
        piece = unicodedata.normalize("NFKC", cluster[0].replace("\0", ""))
        pieces.append(piece)
        starts.extend([cluster.start()] * len(piece))
        ends.extend([cluster.end()] * len(piece))
    return Normalised("".join(pieces), starts, ends)


def _with_whole_words(plain: str) -> str:
    r"""The text, of the same length, with ``\0`` for what cuts a word."""
    pieces: list[str] = []
    rest = 0
    for start, end, hyphen in cuts(plain):
        mark = "-" if hyphen else ""
        pieces += (plain[rest:start], mark, "\0" * (end - start - len(mark)))
        rest = end
    return "".join(pieces) + plain[rest:] if pieces else plain


@lru_cache(maxsize=1 << 12)
def fold(word: str) -> str:
    """Lower case without accents or ligatures: ``Élysée`` → ``elysee``, ``cœur`` → ``coeur``."""
    if word.isascii():
        return word.lower()
    latin = word.translate(_latin_letters())
    return latin.lower() if latin.isascii() else _folded(word)


def _folded(word: str) -> str:
    """The same for any word; each of its letters is folded by itself."""
    decomposed = unicodedata.normalize("NFKD", word)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.casefold().translate(_LETTERLIKE)


@cache
def _latin_letters() -> dict[int, str]:
    """The letters of French and its neighbours, folded: looked up, a word takes a third of the time."""
    return {code: _folded(chr(code)) for code in range(0x80, 0x180) if chr(code).isalpha()}


def stems_matching(term: str, written: str = "") -> tuple[str, ...]:
    """The stems by which a folded word is searched; empty for a stop word.

    ``written`` is the word as typed. A proper name that is typed without its capital may be the common word
    too: ``tours`` matches Tours and tours.
    """
    if term in STOP_WORDS:
        return ()
    if term not in PROPER_NAMES:
        return (stem(term),)
    name = term.capitalize()
    return (name,) if written[:1].isupper() else (stem(term), name)


def accented(written: str, term: str) -> str:
    """The beginning of a word that its inflections share, with its accents; ``""`` when it has none.

    ``term`` is the word folded. The first letter has no accent, since a capital often loses it: ``Élysée``
    and ``Elysée`` give ``elysé``. Accents of spelling alone do not count: ``évènement`` is ``événement``. A
    final é does not either, since it inflects: ``tué`` and ``tue``.
    """
    if written.isascii() and len(written) > 1:
        return ""
    lower = written.lower().translate(_SPELLED_ALIKE)
    root = stem(term)
    if not term.startswith(root) or len(lower) != len(term):
        return ""
    length = len(root.removesuffix("e"))
    spelled = term[:1] + lower[1:length]
    return "" if spelled == term[:length] else spelled


def _spellings(surface: str, term: str) -> tuple[str, ...]:
    """The root of a word with its accents, and the word with its capital, where it has them.

    A word in capitals alone may be a name, as in the dateline of a dispatch.
    """
    if term in STOP_WORDS or not surface.isalpha():
        return ()
    spelled = accented(surface, term)
    capital = term.capitalize() if surface[:1].isupper() else ""
    return tuple(filter(None, (spelled, capital)))


def caching_terms(size: int) -> TermsOfRun:
    """A function that gives the terms of a run, and keeps those of the ``size`` runs it was asked for last.

    A run is a word with its apostrophes, hyphens and points. Its terms are the same in every text.
    """

    @lru_cache(size)
    def cached(run: str) -> tuple[Token, ...]:
        return analyse_run(run)

    return lambda run: cached(run) if len(run) < _LONG_RUN else analyse_run(run)


terms_of_run = caching_terms(1 << 14)
"""For queries: the cache takes some 8 MB, and has the words of the latest thirty answers."""
BUILD_CACHE = 1 << 16
"""Runs whose terms a build keeps: a smaller cache would take it 1 s longer for 4,000 articles."""


def tokenise(text: str, terms_of: TermsOfRun = terms_of_run) -> Iterator[Token]:
    """Every word of a text, folded, with stop words, in order."""
    normal = normalise(text)
    position = 0
    for run in runs(normal):
        step, at = -1, run.start()
        for term, start, end, step, compound, stem_of_term, spellings in terms_of(run[0]):
            first, last = normal.original(at + start, at + end)
            yield Token(term, first, last, position + step, compound, stem_of_term, spellings)
        position += step + 1


def content_words(text: str) -> Iterator[Token]:
    """The words of a text without stop words and wholes of compounds; their places in the text are not given.

    It takes half of the time of ``tokenise``.
    """
    for run in runs(normalise(text)):
        for token in terms_of_run(run[0]):
            if token.stem and not token.compound:
                yield token


def runs(normal: Normalised) -> Iterator[re.Match[str]]:
    """The runs of a text, in order; see ``caching_terms``."""
    return _RUN.finditer(normal.text)


def run_texts(normal: Normalised) -> list[str]:
    """The runs of a text, in order, without their places."""
    return _RUN.findall(normal.text)


def next_run(text: str, start: int) -> re.Match[str] | None:
    """The first run of a normalised text from a place on that is in no run."""
    return _RUN.search(text, start)


def elision_end(run: str) -> int:
    """The length of the elision that a run begins with: 2 of ``l'homme``, 0 without one."""
    elision = _ELISION.match(run)
    return elision.end() if elision else 0


def pieces(normal: Normalised) -> list[str]:
    """The text in pieces: what is before the first run, the run, what is before the next one, and so on."""
    return _RUN_OR_GAP.split(normal.text)


def exact_terms(text: str) -> list[str]:
    """The folded words of a phrase in order, with stop words; a compound gives its parts."""
    return [token.term for token in tokenise(text) if not token.compound]


def whole_term(text: str) -> str:
    """The term of a single word: the whole compound, else the parts separated by spaces."""
    tokens = list(tokenise(text))
    wholes = [token.term for token in tokens if token.compound]
    return " ".join(wholes or [token.term for token in tokens])


def folded_pattern(pattern: str) -> str:
    """A prefix or pattern in the form of terms: folded, without elision; keeps ``*`` and ``?``."""
    plain = normalise(pattern).text
    return fold(plain[elision_end(plain) :])


def stemmed(text: str) -> Iterator[Token]:
    """The tokens of a text as stems, without stop words; positions do not change."""
    for token in tokenise(text):
        if token.stem:
            yield token._replace(term=token.stem)


@cache
def fingerprint() -> str:
    """Identifies this chain: an index that was built with another chain must be rebuilt."""
    listed = [*sorted(STOP_WORDS), *sorted(PROPER_NAMES), *map(stem, sorted(EVERY_WORD))]
    probe = [*stemmed(_STEM_PROBE), *listed, _TOKEN.pattern]
    return hashlib.sha256(repr(probe).encode()).hexdigest()[:16]


def analyse_run(run: str) -> tuple[Token, ...]:
    """The terms of one run, with their places in it; the last has the highest position."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(run):
        position = tokens[-1].position + 1 if tokens else 0
        for term, start, end, step, compound, *_ in _forms(match[0], match.lastgroup):
            surface = match[0][start:end]
            first, last = match.start() + start, match.start() + end
            stem_of_term, spellings = next(iter(stems_matching(term, surface)), ""), _spellings(surface, term)
            tokens.append(Token(term, first, last, position + step, compound, stem_of_term, spellings))
    return tuple(tokens)


def _forms(surface: str, kind: str | None) -> list[Token]:
    """The terms of one match, with their places in it; the last has the highest position."""
    whole = 0, len(surface), 0
    if kind == "elision":
        return []
    if kind == "number":
        return [Token(surface.replace(" ", "").replace(".", ","), *whole)]
    if kind == "acronym":
        return [Token(fold(surface.replace(".", "")), *whole)]
    folded = fold(surface)
    if "-" not in surface:
        return [Token(folded, *whole)]
    parts = [
        Token(fold(part["part"]), part.start("part"), part.end("part"), step)
        for step, part in enumerate(_PART.finditer(surface))
    ]
    if parts[-1].term in _CLITICS and folded not in _NO_CLITIC:
        return parts
    return [Token(folded, *whole, compound=True), *parts]
