"""Articles that say the same: the copies of a dispatch, and its earlier and later versions.

Two articles are of one family when the shorter one's text is for the most part in the other's. Half of it is
enough where they begin alike on the same day or the next, a little of it under the same title on one day:
so a dispatch grows from hour to hour, while what has the same title every day tells other news. Days apart,
more of it must be there: what followed is told with the same past.

Texts are compared as sets of shingles, three words in a row (Broder, "On the resemblance and containment of
documents", 1997). Which pairs are worth comparing is told by their titles, their first words, and
locality-sensitive hashing of MinHash signatures (Indyk & Motwani, STOC 1998, by datasketch): the work grows
with the number of articles, not of pairs.

A family gathers around its most complete article: each member is like that one, so that no chain of small
changes joins what is different.
"""

import math
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from search.model import Article
from search.protocols import Ints
from search.text.dates import published_days
from search.text.french import fold

Shingles = npt.NDArray[np.uint32]

REPRINTED = 0.75
"""The share of the shorter text's shingles that copies have in common."""
CONTAINED = 0.6
"""Likewise, on the same day or the next."""
BEGUN_ALIKE = 0.5
"""Likewise, where also title or first words are the same."""
UPDATED = 0.1
"""Likewise, under the same title on the same day."""
_DAYS = 1
_WORDS = 3  # in a shingle
_TITLE, _OPENING = (
    3,
    12,
)  # words from which a title tells an article from others, and by which texts begin alike
_BANDS, _ROWS = 24, 2  # of a signature: of pairs that share a third of their shingles 94 in 100 are compared
_WORD = re.compile(r"\w+")
_STEP = np.uint32(0x9E3779B1)


class _Hashes(dict[str, int]):
    """Words and their hashes, each made once."""

    def __missing__(self, word: str) -> int:
        found = self[word] = zlib.crc32(word.encode())
        return found


@dataclass(frozen=True, slots=True)
class _Text:
    """What of an article is compared; title and opening, its first words, are empty where they tell nothing.

    ``day`` is 0 when it is not known.
    """

    shingles: Shingles
    title: tuple[str, ...]
    opening: tuple[str, ...]
    day: int


def families(articles: Iterable[Article]) -> Ints:
    """By article key, in the order given, the key of the most complete article of its family; often its own.

    Of articles that are equally long the earlier stands for the others, then the one with the lower key.
    """
    hashes_of = _Hashes()
    texts = [_text(article, hashes_of) for article in articles]
    standing = {
        key: place for place, key in enumerate(sorted(range(len(texts)), key=partial(_standing, texts)))
    }
    leaders = np.arange(len(texts))
    near = _near(texts)
    for key in standing:
        before = [other for other in near[key] if leaders[other] == other and standing[other] < standing[key]]
        alike = [other for other in before if _same(texts[key], texts[other])]
        if alike:
            leaders[key] = max(alike, key=lambda other: (_common(texts[key], texts[other]), -standing[other]))
    return leaders


def _standing(texts: Sequence[_Text], key: int) -> tuple[int, int, int]:
    """Sorts first what stands for its family."""
    return -len(texts[key].shingles), texts[key].day, key


def _text(article: Article, hashes_of: _Hashes) -> _Text:
    words = _WORD.findall(article.body.lower())
    title = tuple(fold(word) for word in _WORD.findall(article.title))
    days = published_days(article.published)
    return _Text(
        _shingles(words, hashes_of),
        title if len(title) >= _TITLE else (),
        tuple(words[:_OPENING]) if len(words) >= _OPENING else (),
        days.first.toordinal() if days else 0,
    )


def _shingles(words: Sequence[str], hashes_of: _Hashes) -> Shingles:
    hashes = np.fromiter(map(hashes_of.__getitem__, words), np.uint32, len(words))
    if len(words) < _WORDS:
        return np.unique(hashes)
    found = hashes[: 1 - _WORDS].copy()
    for step in range(1, _WORDS):
        found = found * _STEP + hashes[step : len(hashes) + 1 - _WORDS + step]
    return np.unique(found)


def _near(texts: Sequence[_Text]) -> list[set[int]]:
    """By key, the others worth comparing."""
    near: list[set[int]] = [set() for _ in texts]
    for one, other in [*_beginning_alike(texts), *_hashed_alike(texts)]:
        near[one].add(other)
        near[other].add(one)
    return near


def _beginning_alike(texts: Sequence[_Text]) -> Iterator[tuple[int, int]]:
    """Pairs of the same title or first words within the same days."""
    found: dict[tuple[tuple[str, ...], int], list[int]] = defaultdict(list)
    for key, text in enumerate(texts):
        for begins in filter(None, (text.title, text.opening)):
            for day in range(text.day - _DAYS, text.day + _DAYS + 1):
                yield from ((other, key) for other in found[begins, day])
            found[begins, text.day].append(key)


def _hashed_alike(texts: Sequence[_Text]) -> Iterator[tuple[int, int]]:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=_BANDS * _ROWS, params=(_BANDS, _ROWS))
    told = (text.shingles.tolist() for text in texts)
    signatures = MinHash.generator(told, num_perm=_BANDS * _ROWS, seed=1, hashfunc=int)
    for key, signature in enumerate(signatures):
        if len(texts[key].shingles):
            yield from ((other, key) for other in index.query(signature))
            index.insert(key, signature, check_duplication=False)


def _same(one: _Text, other: _Text) -> bool:
    """Whether two articles are of one family."""
    common, apart = _common(one, other), _apart(one, other)
    same_title = bool(one.title) and one.title == other.title
    if same_title and apart == 0:
        return common >= UPDATED
    if apart > _DAYS:
        return common >= REPRINTED
    begin_alike = same_title or (bool(one.opening) and one.opening == other.opening)
    return common >= (BEGUN_ALIKE if begin_alike else CONTAINED)


def _apart(one: _Text, other: _Text) -> float:
    """How many days lie between two articles; infinitely many when one of them is not known."""
    return abs(one.day - other.day) if one.day and other.day else math.inf


def _common(one: _Text, other: _Text) -> float:
    """The share of the shorter text's shingles that the other one has too."""
    shorter = min(len(one.shingles), len(other.shingles))
    shared = np.intersect1d(one.shingles, other.shingles, assume_unique=True)
    return len(shared) / shorter if shorter else 0.0
