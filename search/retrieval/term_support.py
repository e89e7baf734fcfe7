"""How far articles back the words of a query, those too that they do not hold: pure arrays.

A word stands among the passages that hold it: an article backs a word that it lacks when its own passages lie
near theirs, as one on pupils backs "élève" by its meaning; a word that nobody holds is backed by none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.protocols import Bools, Floats, Holders, Ints
from search.query.ast import RankingWord
from search.query.printer import leaf_text

_HOLDERS = 64  # passages that stand for a word; of more, so many spread over all
_NONE: Ints = np.empty(0, np.int64)
_FULLY = 4.0  # deviations of nearness by which a word is backed as if it were held

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Meant:
    """The words that a query means, each with who holds it; ``names`` tells which are names or numbers.

    A name is a word with a digit, or with a capital unless it begins the query or all is in capitals.
    """

    words: tuple[Holders, ...]
    names: Bools

    @classmethod
    def of(cls, query: Sequence[RankingWord], words: Sequence[Holders]) -> "Meant":
        """From the words as typed and those of them that count."""
        shouted = all(word.text == word.text.upper() for word in words)
        begins = leaf_text(query[0].leaf) if query else ""
        capital = [word.text[:1].isupper() and not shouted for word in words]
        if words and begins.startswith(words[0].text):
            capital[0] = False
        number = [any(map(str.isdigit, word.text)) for word in words]
        return cls(tuple(words), np.array(capital, bool) | np.array(number, bool))

    def held(self, keys: Ints) -> Bools:
        """Which words these articles hold, shape ``(words, keys)``."""
        return np.array([word.articles[keys] for word in self.words], bool).reshape(
            len(self.words), len(keys)
        )

    def coverage(self, keys: Ints) -> Floats:
        """The share of the idf mass whose words each of these articles holds."""
        return self._share(self.held(keys))

    def missing(self, keys: Ints) -> Floats:
        """The share of the idf mass that is of names which each of these articles lacks."""
        return self._share(~self.held(keys) & self.names[:, np.newaxis])

    def _share(self, which: Bools) -> Floats:
        idf = np.array([word.idf for word in self.words], np.float32)
        found: Floats = idf @ which.astype(np.float32) / (idf.sum() or np.float32(1))
        return found


@dataclass(frozen=True, slots=True)
class Cloud:
    """How the passages of an archive lie: the centre and the covariance of their vectors."""

    centre: Doubles
    covariance: Doubles

    @classmethod
    def of(cls, vectors: Floats) -> "Cloud":
        """That of these vectors, of which there is at least one."""
        wide = vectors.astype(np.float64)
        centre = wide.mean(axis=0)
        return cls(centre, wide.T @ wide / len(wide) - np.outer(centre, centre))

    def nearness(self, vectors: Floats, points: Floats) -> Doubles:
        """Inner products, shape ``(points, vectors)``, each point's standardised over the archive."""
        mean = points @ self.centre
        deviation = np.sqrt(np.maximum(0, (points @ self.covariance * points).sum(axis=1)))
        apart: Doubles = (points @ vectors.T - mean[:, np.newaxis]) / np.where(deviation, deviation, 1)[
            :, None
        ]
        return apart


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the words of a query stand: by word, the mean vector of passages that hold it, 0 of none."""

    points: Floats
    cloud: Cloud

    @classmethod
    def of(cls, meant: Meant, vectors: Callable[[Ints], Floats], cloud: Cloud) -> "Surroundings":
        """From the vectors of rows."""
        points = np.zeros((len(meant.words), len(cloud.centre)), np.float32)
        rows = [_spread_out(word.rows) for word in meant.words]
        found = vectors(np.concatenate([_NONE, *rows]))
        by_word = np.split(found, np.cumsum(list(map(len, rows)), dtype=np.int64))[:-1]
        for point, own in zip(points, by_word, strict=True):
            if len(own):
                point[:] = own.mean(axis=0)
        return cls(points, cloud)

    def backing(self, vectors: Floats, starts: Ints) -> Doubles:
        """How far articles back each word by their nearest row, 0 to 1, shape ``(words, articles)``.

        ``vectors`` are those of their rows, ``starts`` tells where each article's begin.
        """
        by_row = self.cloud.nearness(vectors, self.points)
        return np.clip(np.maximum.reduceat(by_row, starts, axis=1) / _FULLY, 0, 1)


def _spread_out(rows: Ints) -> Ints:
    if len(rows) <= _HOLDERS:
        return rows
    return rows[np.linspace(0, len(rows) - 1, _HOLDERS).round().astype(np.int64)]
