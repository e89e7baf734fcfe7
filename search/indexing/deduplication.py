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

import hashlib
import math
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
import numpy.typing as npt

from search.protocols import Ints
from search.text.analyzer import fold
from search.text.dates import published_days
from search.types import Article

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
_FEW = 4  # articles that share a band without being alike by mere chance
_WORD = re.compile(r"\w+")
_STEP = np.uint32(0x9E3779B1)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_REMEMBERED = 8192  # texts whose shingles are kept


Signatures = npt.NDArray[np.void]
"""By article what is looked at before texts are compared.

``size``: how many shingles it has; ``day``: an ordinal, 0 when it is not known; ``title`` and ``opening``:
hashes of its title and first words, 0 where they tell nothing; ``bands``: of its MinHash signature.
"""
Compared = npt.NDArray[np.void]
"""Pairs of articles whose texts were compared, ``one < other``, in order; what they have in ``common``."""

_SIGNATURE = np.dtype(
    [("size", "<u4"), ("day", "<i4"), ("title", "<u8"), ("opening", "<u8"), ("bands", "<u4", (_BANDS,))]
)
_PAIR = np.dtype([("one", "<u4"), ("other", "<u4"), ("common", "<f8")])


class _Hashes(dict[str, int]):
    """Words and their hashes, each made once."""

    def __missing__(self, word: str) -> int:
        found = self[word] = zlib.crc32(word.encode())
        return found


def signatures(articles: Iterable[Article]) -> Signatures:
    """The signature of each article, in their order."""
    from datasketch import MinHash

    hashes_of, empty = _Hashes(), MinHash(num_perm=_BANDS * _ROWS, seed=1, hashfunc=int)

    def signature(article: Article) -> tuple[object, ...]:
        shingles = _shingles(_words(article), hashes_of)
        hashed = empty.copy()
        hashed.update_batch(shingles.tolist())
        return (len(shingles), *_facts(article), _bands(hashed.hashvalues))

    return np.fromiter((signature(article) for article in articles), _SIGNATURE)


class Families:
    """Finds out which articles say the same, from their signatures and, where those do not tell, their texts.

    ``article`` gives an article by key. What two texts have in common is taken from ``known``, where it is
    there.
    """

    def __init__(
        self, signatures: Signatures, article: Callable[[int], Article], known: Compared | None = None
    ) -> None:
        self._signatures = signatures
        self._texts = [_Text(*each) for each in signatures[["size", "day", "title", "opening"]].tolist()]
        self._hashes_of = _Hashes()
        self._article = article
        self._shingles = lru_cache(_REMEMBERED)(self._read)
        self._known = {} if known is None else {(one, other): common for one, other, common in known.tolist()}
        self._compared: dict[tuple[int, int], float] = {}

    def leaders(self) -> Ints:
        """By article key the key of the most complete article of its family; often its own.

        Of articles that are equally long the earlier stands for the others, then the one with the lower key.
        """
        order = sorted(range(len(self._texts)), key=self._standing)
        standing = {key: place for place, key in enumerate(order)}
        leaders = np.arange(len(self._texts))
        near = self._near()
        for key in order:
            before = (other for other in near.get(key, ()) if standing[other] < standing[key])
            alike = [other for other in before if leaders[other] == other and self._same(key, other)]
            if alike:
                leaders[key] = max(alike, key=lambda other: (self._common(key, other), -standing[other]))
        return leaders

    @property
    def compared(self) -> Compared:
        """What was compared to find the leaders."""
        found = sorted((one, other, common) for (one, other), common in self._compared.items())
        return np.array(found, _PAIR)

    def _standing(self, key: int) -> tuple[int, int, int]:
        """Sorts first what stands for its family."""
        return -self._texts[key].size, self._texts[key].day, key

    def _near(self) -> Mapping[int, set[int]]:
        """By key, the others worth comparing."""
        near: defaultdict[int, set[int]] = defaultdict(set)
        hashed = hashed_alike(self._signatures).tolist()
        for one, other in chain(_beginning_alike(self._texts), hashed):
            near[one].add(other)
            near[other].add(one)
        return near

    def _same(self, one: int, other: int) -> bool:
        """Whether two articles are of one family."""
        first, second = self._texts[one], self._texts[other]
        apart = _apart(first, second)
        same_title = bool(first.title) and first.title == second.title
        common = self._common(one, other)
        if same_title and apart == 0:
            return common >= UPDATED
        if apart > _DAYS:
            return common >= REPRINTED
        begin_alike = same_title or (bool(first.opening) and first.opening == second.opening)
        return common >= (BEGUN_ALIKE if begin_alike else CONTAINED)

    def _common(self, one: int, other: int) -> float:
        """The share of the shorter text's shingles that the other one has too."""
        pair = (one, other) if one < other else (other, one)
        if pair not in self._compared:
            known = self._known.get(pair)
            self._compared[pair] = self._compare(*pair) if known is None else known
        return self._compared[pair]

    def _compare(self, one: int, other: int) -> float:
        shorter = min(self._texts[one].size, self._texts[other].size)
        shared = np.intersect1d(self._shingles(one), self._shingles(other), assume_unique=True)
        return len(shared) / shorter if shorter else 0.0

    def _read(self, key: int) -> Shingles:
        return _shingles(_words(self._article(key)), self._hashes_of)


def still(compared: Compared, moved: Ints) -> Compared:
    """What was compared of the articles that are still there, by the keys that they have now.

    ``moved`` tells by article the new key, negative for one that is gone.
    """
    pairs = np.sort(moved[np.stack([compared["one"], compared["other"]], axis=1).astype(np.int64)], axis=1)
    there = pairs[:, 0] >= 0
    found = np.empty(int(there.sum()), _PAIR)
    found["one"], found["other"] = pairs[there].T
    found["common"] = compared["common"][there]
    return found


@dataclass(frozen=True, slots=True)
class _Text:
    """What is known of an article without its text; see ``Signatures``."""

    size: int
    day: int
    title: int
    opening: int


def _facts(article: Article) -> tuple[int, int, int]:
    """Its day, and the hashes of its title and first words."""
    title = tuple(fold(word) for word in _WORD.findall(article.title))
    opening = _words(article)[:_OPENING]
    days = published_days(article.published)
    return (
        days.first.toordinal() if days else 0,
        _hash(title) if len(title) >= _TITLE else 0,
        _hash(opening) if len(opening) >= _OPENING else 0,
    )


def _words(article: Article) -> list[str]:
    return _WORD.findall(article.body.lower())


def _hash(words: Sequence[str]) -> int:
    return int.from_bytes(hashlib.blake2b("\0".join(words).encode(), digest_size=8).digest(), "little")


def _bands(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
    """What is the same in signatures that agree in all rows of a band, and in no others but by chance."""
    rows = values.astype(np.uint64).reshape(_BANDS, _ROWS)
    found = np.zeros(_BANDS, np.uint64)
    for row in rows.T:
        found = (found ^ row) * _MIX
    return (found >> np.uint64(32)).astype(np.uint32)


def _shingles(words: Sequence[str], hashes_of: _Hashes) -> Shingles:
    hashes = np.fromiter(map(hashes_of.__getitem__, words), np.uint32, len(words))
    if len(words) < _WORDS:
        return np.unique(hashes)
    found = hashes[: 1 - _WORDS].copy()
    for step in range(1, _WORDS):
        found = found * _STEP + hashes[step : len(hashes) + 1 - _WORDS + step]
    return np.unique(found)


def _beginning_alike(texts: Sequence[_Text]) -> Iterator[tuple[int, int]]:
    """Pairs of the same title or first words within the same days."""
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for key, text in enumerate(texts):
        for begins in filter(None, (text.title, text.opening)):
            for day in range(text.day - _DAYS, text.day + _DAYS + 1):
                yield from ((other, key) for other in found[begins, day])
            found[begins, text.day].append(key)


def hashed_alike(signatures: Signatures) -> Ints:
    """Pairs that locality-sensitive hashing puts together, ``one < other``: shape ``(pairs, 2)``.

    Those that agree in a band: in any a day apart at most, else in two, or in one that few articles share.
    What many share agrees by chance, and such pairs grow with the square of an archive.
    """
    keys = np.flatnonzero(signatures["size"])
    found = [_agreeing(keys, band) for band in signatures["bands"][keys].T]
    pairs, which, agreed = np.unique(
        np.concatenate([pairs for pairs, _ in found]), axis=0, return_inverse=True, return_counts=True
    )
    rare = np.bincount(which.ravel(), np.concatenate([shared <= _FEW for _, shared in found])) > 0
    days = signatures["day"][pairs]
    close = (np.abs(days[:, 0] - days[:, 1]) <= _DAYS) & days.all(axis=1)
    alike: Ints = pairs[close | rare | (agreed > 1)]
    return alike


def _agreeing(keys: Ints, band: npt.NDArray[np.uint32]) -> tuple[Ints, Ints]:
    """Every pair of these ascending keys that has the same value, and how many keys have that."""
    order = np.argsort(band, kind="stable")
    ordered, found = band[order], [np.empty((0, 2), np.int64)]
    places = np.arange(len(order))
    for step in range(1, len(order)):
        places = places[places + step < len(order)]
        places = places[ordered[places] == ordered[places + step]]
        if not len(places):
            break
        found.append(np.stack([order[places], order[places + step]], axis=1))
    pairs = np.concatenate(found)
    _, which, shared = np.unique(band, return_inverse=True, return_counts=True)
    return keys[pairs], shared[which.ravel()[pairs[:, 0]]]


def _apart(one: _Text, other: _Text) -> float:
    """How many days lie between two articles; infinitely many when one of them is not known."""
    return abs(one.day - other.day) if one.day and other.day else math.inf
