"""Co-occurrents: the words that stand near the words of a query, in the articles that hold these.

The corpus is the articles of the answer in which the words occur. A word that is as frequent there far from
them as near them is no co-occurrent, however typical of the subject it is: ``keyness`` finds such words.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from search.counting.bodies import bodies
from search.counting.full_words import FormCounts, is_word
from search.counting.occurrences import occurrences
from search.counting.significance import SIGNIFICANT, log_dice, log_likelihood
from search.query.ast import RankingWord
from search.query.matcher import matches
from search.retrieval.request import Request
from search.text.analyzer import Token, tokenise
from search.text.sentences import Span, sentence_spans

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

SENTENCE = 0
"""The window that is the sentence of the occurrence."""


@dataclass(frozen=True, slots=True)
class Cooccurrent:
    """A word as the articles write it most often.

    ``near`` counts its tokens in the windows, ``total`` all of them, ``articles`` those that have it in a
    window. ``log_likelihood`` is G² in nats, ``log_dice`` the tightness, at most 14.
    """

    word: str
    stem: str
    near: int
    total: int
    articles: int
    log_likelihood: float
    log_dice: float


@dataclass(frozen=True, slots=True)
class Cooccurrents:
    """The words near the ``occurrences`` of the words of a query in so many ``articles``."""

    occurrences: int
    articles: int
    words: tuple[Cooccurrent, ...]
    degraded: tuple[str, ...] = ()


@dataclass
class _Counts:
    """Of the articles read so far: tokens by stem, near the words and in all, and articles by stem."""

    near: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    articles: Counter[str] = field(default_factory=Counter)
    forms: FormCounts = field(default_factory=FormCounts)
    occurrences: int = 0
    texts: int = 0

    def add(self, text: str, asked: Sequence[RankingWord], window: int) -> None:
        """Count the words of a text, if the words asked for occur in it."""
        spans = occurrences(asked, text)
        if not spans:
            return
        self.occurrences += len(spans)
        self.texts += 1
        tokens = list(_words(text))
        beside = [token for token in tokens if not _overlaps(token, spans)]
        windows = _sentences(text, spans) if window == SENTENCE else _windows(tokens, spans, window)
        near = [token for token in beside if token.stem and _lies_in(token, windows)]
        self.total.update(token.stem for token in beside if token.stem)
        self.near.update(token.stem for token in near)
        self.articles.update({token.stem for token in near})
        for token in near:
            self.forms.add(token, text)


def cooccurrents(
    engine: "Engine", request: Request, window: int = 5, limit: int = 50, minimum: int = 3
) -> Cooccurrents:
    """The words that occur near those of a query more often than chance explains, at most ``limit``.

    Near is within ``window`` words on either side, stop words counted, in the same sentence or not; a window
    of ``SENTENCE`` is the sentence. A token near several occurrences counts once. The surest come first, by
    G² over the tokens near and not near; ties by stem. A word is listed where at least ``minimum`` of its
    tokens are near. Stop words and numbers are not listed. Raises what ``Engine.search`` does.
    """
    results, counts = engine.results(request), _Counts()
    asked = request.query.words
    if asked:
        for body in bodies(engine.collection.store, results.keys):
            counts.add(body, asked, window)
    unasked = (each for each in _ranked(counts, minimum) if not matches(asked, each.word))
    return Cooccurrents(counts.occurrences, counts.texts, tuple(islice(unasked, limit)), results.degraded)


def _words(text: str) -> Iterator[Token]:
    """The words of a text; a compound is one word, and its parts are none."""
    end = 0
    for token in tokenise(text):
        if token.start >= end:
            end = token.end if token.compound else end
            yield token


def _sentences(text: str, spans: Sequence[Span]) -> list[Span]:
    """The sentences that hold an occurrence."""
    return [
        (start, end)
        for start, end in sentence_spans(text)
        if any(first < end and last > start for first, last in spans)
    ]


def _windows(tokens: Sequence[Token], spans: Sequence[Span], size: int) -> list[Span]:
    """From so many words before each occurrence to so many after it."""
    starts, ends = [token.start for token in tokens], [token.end for token in tokens]
    first = np.searchsorted(ends, [start for start, _ in spans], side="right")
    last = np.searchsorted(starts, [end for _, end in spans], side="left") - 1
    return [
        (starts[max(0, begin - size)], ends[min(len(tokens) - 1, stop + size)])
        for begin, stop in zip(first.tolist(), last.tolist(), strict=True)
    ]


def _lies_in(token: Token, spans: Iterable[Span]) -> bool:
    return any(start <= token.start and token.end <= end for start, end in spans)


def _overlaps(token: Token, spans: Iterable[Span]) -> bool:
    return any(start < token.end and token.start < end for start, end in spans)


def _ranked(counts: _Counts, minimum: int) -> Iterator[Cooccurrent]:
    near, total = counts.near.total(), counts.total.total()
    stems = sorted(stem for stem, count in counts.near.items() if count >= minimum and is_word(stem))
    a = np.array([counts.near[stem] for stem in stems], np.float64)
    every = np.array([counts.total[stem] for stem in stems], np.float64)
    if near == total:  # nothing is far from the words
        return
    surety = log_likelihood(a, near, every - a, total - near)
    tightness = log_dice(a, counts.occurrences, every)
    over = np.flatnonzero((a * (total - near) > (every - a) * near) & (surety >= SIGNIFICANT))
    for each in over[np.argsort(-surety[over], kind="stable")].tolist():
        stem = stems[each]
        yield Cooccurrent(
            counts.forms.full_word(stem),
            stem,
            int(a[each]),
            int(every[each]),
            counts.articles[stem],
            float(surety[each]),
            float(tightness[each]),
        )
