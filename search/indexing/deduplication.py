"""Finds articles that say the same: the copies of a dispatch, and its earlier and later versions.

Two articles belong to one group when most of the shorter text is in the other text. Half of the shorter text
is enough if the articles have the same title or first words, and were published on the same day or one day
apart. A little of it is enough if they have the same title and the same day: a dispatch grows from hour to
hour. Articles that have the same title every day report other news. Articles that are more days apart must
share more text, because later reports repeat the background of earlier ones.

Texts are compared as sets of shingles: three words in a row (Broder, "On the resemblance and containment of
documents", 1997). Not every pair is compared. Pairs are chosen by their titles, by their first words, and by
locality-sensitive hashing of MinHash signatures (Indyk & Motwani, STOC 1998), so that the work grows with the
number of articles and not of pairs.

Each group has a leader, its most complete article. Every member is compared with the leader. So a chain of
small changes does not put different articles into one group.
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

from search.indexing.min_hash import min_hash
from search.protocols import Ints
from search.text.analyzer import fold
from search.text.dates import published_days
from search.types import Article

Shingles = npt.NDArray[np.uint32]

REPRINTED = 0.75
"""Least share of the shorter text's shingles that two copies have in common."""
CONTAINED = 0.6
"""The same, for articles that are at most one day apart."""
SAME_OPENING = 0.5
"""The same, for articles that also have the same title or first words."""
UPDATED = 0.1
"""The same, for articles with the same title and the same day."""
SAME_LENGTH = 0.9
"""Least ratio of the lengths of two texts that may differ in a few words only."""
_DAYS = 1
_WORDS = 3  # of a shingle
_LEAST_TITLE_WORDS = 3  # shorter titles are too common to identify an article
_OPENING_WORDS = 12
_BANDS, _ROWS = 24, 2  # of a signature; 94 % of the pairs that share a third of their shingles are compared
_RARE = 4  # the most articles that share a band value for it to be more than chance
_WORD = re.compile(r"\w+")
_STEP = np.uint32(0x9E3779B1)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_CACHED_TEXTS = 8192


Signatures = npt.NDArray[np.void]
"""By article, the facts that choose the pairs to compare.

``size``: the number of its shingles. ``day``: an ordinal, 0 when it is not known. ``title`` and ``opening``:
hashes of its title and of its first words, 0 when these are too short. ``bands``: hashes of the parts of its
MinHash signature.
"""
Compared = npt.NDArray[np.void]
"""Pairs of articles whose texts were compared, ``one < other``, sorted.

``common``: the share of the shorter text's shingles that both have.
"""

_SIGNATURE = np.dtype(
    [("size", "<u4"), ("day", "<i4"), ("title", "<u8"), ("opening", "<u8"), ("bands", "<u4", (_BANDS,))]
)
_PAIR = np.dtype([("one", "<u4"), ("other", "<u4"), ("common", "<f8")])


class _WordHashes(dict[str, int]):
    """Hashes by word, each computed once."""

    def __missing__(self, word: str) -> int:
        word_hash = self[word] = zlib.crc32(word.encode())
        return word_hash


def signatures(articles: Iterable[Article]) -> Signatures:
    """The signature of each article, in their order."""
    word_hashes = _WordHashes()

    def signature(article: Article) -> tuple[object, ...]:
        words = _words(article)
        shingles = _shingles(words, word_hashes)
        values = min_hash(shingles, _BANDS * _ROWS)
        return (len(shingles), *_day_and_hashes(article, words[:_OPENING_WORDS]), _bands(values))

    return np.fromiter((signature(article) for article in articles), _SIGNATURE)


class CopyGroups:
    """Groups the articles that say the same, by their signatures and texts.

    ``article`` gives an article by key. ``known`` are results of earlier comparisons; these pairs are not
    compared again.
    """

    def __init__(
        self, signatures: Signatures, article: Callable[[int], Article], known: Compared | None = None
    ) -> None:
        self._signatures = signatures
        facts = signatures[["size", "day", "title", "opening"]]
        self._facts = [_Facts(*record) for record in facts.tolist()]
        self._word_hashes = _WordHashes()
        self._article = article
        self._shingles = lru_cache(_CACHED_TEXTS)(self._read_shingles)
        self._known = {} if known is None else {(one, other): common for one, other, common in known.tolist()}
        self._compared: dict[tuple[int, int], float] = {}

    def leaders(self) -> Ints:
        """By article key, the key of the leader of its group; often its own.

        The leader is the longest article of the group. Of equally long articles it is the earliest, then the
        one with the lowest key.
        """
        order = sorted(range(len(self._facts)), key=self._leader_order)
        ranks = {key: rank for rank, key in enumerate(order)}
        leaders = np.arange(len(self._facts))
        candidates = self._candidates()
        for key in order:
            longer = (other for other in candidates.get(key, ()) if ranks[other] < ranks[key])
            matching = [other for other in longer if leaders[other] == other and self._is_copy(key, other)]
            if matching:
                leaders[key] = max(matching, key=lambda other: (self._common(key, other), -ranks[other]))
        return leaders

    @property
    def compared(self) -> Compared:
        """The pairs that ``leaders`` compared."""
        pairs = sorted((one, other, common) for (one, other), common in self._compared.items())
        return np.array(pairs, _PAIR)

    def _leader_order(self, key: int) -> tuple[int, int, int]:
        """A sort key that puts leaders before their members."""
        return -self._facts[key].size, self._facts[key].day, key

    def _candidates(self) -> Mapping[int, set[int]]:
        """By key, the articles to compare it with."""
        candidates: defaultdict[int, set[int]] = defaultdict(set)
        for one, other in chain(_same_opening_pairs(self._facts), lsh_pairs(self._signatures).tolist()):
            candidates[one].add(other)
            candidates[other].add(one)
        return candidates

    def _is_copy(self, one: int, other: int) -> bool:
        """Whether two articles belong to one group."""
        return self._common(one, other) >= self._least_common(one, other) and not self._differ(one, other)

    def _least_common(self, one: int, other: int) -> float:
        """The least share of common shingles that puts two articles into one group."""
        first, second = self._facts[one], self._facts[other]
        days = _days_between(first, second)
        same_title = bool(first.title) and first.title == second.title
        if same_title and days == 0:
            return UPDATED
        if days > _DAYS:
            return REPRINTED
        same_opening = same_title or (bool(first.opening) and first.opening == second.opening)
        return SAME_OPENING if same_opening else CONTAINED

    def _differ(self, one: int, other: int) -> bool:
        """Whether two articles of one length report two things in the same words.

        Each title then has a word that the article itself has too, and the other one lacks: forecasts for two
        days, notices for two countries. A longer version of a dispatch may have another title.
        """
        shorter, longer = sorted((self._facts[one].size, self._facts[other].size))
        if shorter < SAME_LENGTH * longer or self._common(one, other) == 1:
            return False
        first, second = self._article(one), self._article(other)
        return _has_own_topic(first, second) and _has_own_topic(second, first)

    def _common(self, one: int, other: int) -> float:
        """The share of the shorter text's shingles that both texts have."""
        pair = (one, other) if one < other else (other, one)
        if pair not in self._compared:
            known = self._known.get(pair)
            self._compared[pair] = self._compare(*pair) if known is None else known
        return self._compared[pair]

    def _compare(self, one: int, other: int) -> float:
        shorter = min(self._facts[one].size, self._facts[other].size)
        shared = np.intersect1d(self._shingles(one), self._shingles(other), assume_unique=True)
        return len(shared) / shorter if shorter else 0.0

    def _read_shingles(self, key: int) -> Shingles:
        return _shingles(_words(self._article(key)), self._word_hashes)


def with_moved_keys(compared: Compared, moved: Ints) -> Compared:
    """The comparisons of articles that still exist, with their new keys.

    ``moved`` has the new key by old key, negative for an article that does not exist any more.
    """
    old_pairs = np.stack([compared["one"], compared["other"]], axis=1).astype(np.int64)
    pairs = np.sort(moved[old_pairs], axis=1)
    exist = pairs[:, 0] >= 0
    still_valid = np.empty(int(exist.sum()), _PAIR)
    still_valid["one"], still_valid["other"] = pairs[exist].T
    still_valid["common"] = compared["common"][exist]
    return still_valid


@dataclass(frozen=True, slots=True)
class _Facts:
    """The fields of a signature, except its bands; see ``Signatures``."""

    size: int
    day: int
    title: int
    opening: int


def _day_and_hashes(article: Article, opening: Sequence[str]) -> tuple[int, int, int]:
    """The fields ``day``, ``title`` and ``opening`` of a signature, from the first words of the body."""
    title = tuple(fold(word) for word in _WORD.findall(article.title))
    days = published_days(article.published)
    return (
        days.first.toordinal() if days else 0,
        _hash(title) if len(title) >= _LEAST_TITLE_WORDS else 0,
        _hash(opening) if len(opening) >= _OPENING_WORDS else 0,
    )


def _words(article: Article) -> list[str]:
    return _WORD.findall(article.body.lower())


def _hash(words: Sequence[str]) -> int:
    return int.from_bytes(hashlib.blake2b("\0".join(words).encode(), digest_size=8).digest(), "little")


def _bands(values: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """One hash for each band of a signature: equal bands have equal hashes."""
    rows = values.astype(np.uint64).reshape(_BANDS, _ROWS)
    hashes = np.zeros(_BANDS, np.uint64)
    for row in rows.T:
        hashes = (hashes ^ row) * _MIX
    return (hashes >> np.uint64(32)).astype(np.uint32)


def _shingles(words: Sequence[str], word_hashes: _WordHashes) -> Shingles:
    hashes = np.fromiter(map(word_hashes.__getitem__, words), np.uint32, len(words))
    if len(words) < _WORDS:
        return _distinct(hashes)
    shingles = hashes[: 1 - _WORDS].copy()
    for step in range(1, _WORDS):
        shingles = shingles * _STEP + hashes[step : len(hashes) + 1 - _WORDS + step]
    return _distinct(shingles)


def _distinct(hashes: Shingles) -> Shingles:
    """The distinct ones, ascending; of some hundred numbers that is faster than ``np.unique``."""
    hashes = np.sort(hashes)
    is_first = np.ones(len(hashes), bool)
    np.not_equal(hashes[1:], hashes[:-1], out=is_first[1:])
    return hashes[is_first]


def _same_opening_pairs(facts: Sequence[_Facts]) -> Iterator[tuple[int, int]]:
    """Pairs with the same title or first words that are at most ``_DAYS`` apart."""
    earlier_keys: dict[tuple[int, int], list[int]] = defaultdict(list)
    for key, article in enumerate(facts):
        for text_hash in filter(None, (article.title, article.opening)):
            for day in range(article.day - _DAYS, article.day + _DAYS + 1):
                yield from ((other, key) for other in earlier_keys[text_hash, day])
            earlier_keys[text_hash, article.day].append(key)


def lsh_pairs(signatures: Signatures) -> Ints:
    """Pairs that locality-sensitive hashing finds similar, ``one < other``: shape ``(pairs, 2)``.

    Articles at most a day apart must agree in one band. Others must agree in two bands, or in one band whose
    value few articles have. A value that many articles have is chance, and its pairs would grow with the
    square of the archive.
    """
    keys = np.flatnonzero(signatures["size"])
    by_band = [_pairs_in_band(keys, band) for band in signatures["bands"][keys].T]
    pairs, pair_index, agreeing_bands = np.unique(
        np.concatenate([pairs for pairs, _ in by_band]), axis=0, return_inverse=True, return_counts=True
    )
    is_rare = np.concatenate([sharing <= _RARE for _, sharing in by_band])
    rare = np.bincount(pair_index.ravel(), is_rare) > 0
    days = signatures["day"][pairs]
    close = (np.abs(days[:, 0] - days[:, 1]) <= _DAYS) & days.all(axis=1)
    similar: Ints = pairs[close | rare | (agreeing_bands > 1)]
    return similar


def _pairs_in_band(keys: Ints, band: npt.NDArray[np.uint32]) -> tuple[Ints, Ints]:
    """Every pair of these ascending keys with the same band value, and how many keys have that value."""
    order = np.argsort(band, kind="stable")
    ordered, parts = band[order], [np.empty((0, 2), np.int64)]
    indexes = np.arange(len(order))
    for step in range(1, len(order)):
        indexes = indexes[indexes + step < len(order)]
        indexes = indexes[ordered[indexes] == ordered[indexes + step]]
        if not len(indexes):
            break
        parts.append(np.stack([order[indexes], order[indexes + step]], axis=1))
    pairs = np.concatenate(parts)
    _, value_index, sharing = np.unique(band, return_inverse=True, return_counts=True)
    return keys[pairs], sharing[value_index.ravel()[pairs[:, 0]]]


def _has_own_topic(article: Article, other: Article) -> bool:
    """Whether a word of the title is in the article's text, and nowhere in the other article."""
    own = set(_title_words(article)).intersection(_words(article))
    return bool(own.difference(_title_words(other), _words(other)))


def _title_words(article: Article) -> list[str]:
    return _WORD.findall(article.title.lower())


def _days_between(one: _Facts, other: _Facts) -> float:
    """The days between two articles; infinite when one of the dates is not known."""
    return abs(one.day - other.day) if one.day and other.day else math.inf
