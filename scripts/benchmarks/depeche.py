"""Dépêche as a contestant: its legs alone and its whole answers; see ``trial``."""

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from benchmarks import encoders
from benchmarks.exchange import Exchange, Floats, Passages, Question
from benchmarks.stand_in import DIMENSION, StandIn
from benchmarks.trial import DEPTH, Contestant, main
from search.build_types import Stage, Unread
from search.config import Settings
from search.corpus import ReadOptions, read
from search.index import limit_threads, open_index
from search.local.builder import build
from search.local.reader import Generation, open_current
from search.protocols import Corpus
from search.query.plain import plain_query
from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.retrieval.retriever import SemanticIndex
from search.text.chunking import text_hash
from search.types import Article, Mode


class _Built:
    """How every contestant of this module builds: the same articles, with vectors that are known."""

    @staticmethod
    def build(passages: Passages, folder: Path) -> None:
        """See ``trial.Contestant``."""
        known = {
            text_hash(text): vector for text, vector in zip(passages.texts, passages.vectors, strict=True)
        }
        _build(folder, read((str(passages.source),), ReadOptions({}, "", "")), known)


class Words(_Built):
    """The keyword leg: articles and passages scored together, then the best passages."""

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        self._keyword = open_current(folder).keyword

    def ask(self, question: Question) -> Sequence[int]:
        """See ``trial.Contestant``."""
        scores = self._keyword.score(plain_query(question.text).words).passages
        best = np.argpartition(-scores, DEPTH)[:DEPTH]
        found: list[int] = best[np.argsort(-scores[best], kind="stable")].tolist()
        return found


class Vectors(_Built):
    """The vector leg: the nearest passages."""

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        self._vectors = open_current(folder).vectors

    def ask(self, question: Question) -> Sequence[int]:
        """See ``trial.Contestant``."""
        rows: list[int] = self._vectors.search(question.vector, DEPTH).rows.tolist()
        return rows


class Hybrid(_Built):
    """A whole answer with its passages and highlights, the query's vector known."""

    mode = Mode.HYBRID

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        generation = open_current(folder)
        known = {text_hash(plain_query(q.text).text): q.vector for q in exchange.questions()}
        encoder = StandIn("known questions", DIMENSION, known)
        self._first_rows = _first_rows(generation)
        limit_threads()
        self._engine = Engine(
            generation.store, generation.keyword, lambda: SemanticIndex(encoder, generation.vectors), ""
        )

    def ask(self, question: Question) -> Sequence[int]:
        """See ``trial.Contestant``."""
        found = self._engine.search(Request(plain_query(question.text), self.mode))
        return [self._first_rows[result.article.id] for result in found.hits]

    def scores(self, question: Question) -> Mapping[str, float]:
        """See ``trial.Contestant``."""
        return dict(self._engine.rank(Request(plain_query(question.text), self.mode)))


class Keyword(Hybrid):
    """A whole answer by words alone."""

    mode = Mode.KEYWORD


class Program(_Built):
    """A whole answer as the program gives it, the query encoded by the model of the index."""

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        with closing(open_current(folder)) as generation:
            self._first_rows = _first_rows(generation)
        self._library = open_index(Settings(index=str(folder)))

    def ask(self, question: Question) -> Sequence[int]:
        """See ``trial.Contestant``."""
        found = self._library.engine.search(Request(plain_query(question.text)))
        return [self._first_rows[result.article.id] for result in found.hits]


CONTESTANTS: Mapping[str, type[Contestant]] = {
    **encoders.CONTESTANTS,
    "depeche words": Words,
    "depeche vectors": Vectors,
    "depeche keyword": Keyword,
    "depeche hybrid": Hybrid,
    "depeche program": Program,
}


def _first_rows(generation: Generation) -> dict[str, int]:
    firsts = generation.store.first_rows.tolist()
    return dict(zip(generation.store.ids(range(len(firsts))), firsts, strict=True))


def _build(folder: Path, records: Iterable[Article | Unread], known: Mapping[bytes, Floats]) -> None:
    corpus = Corpus(("articles",), records, on_unread=lambda rejected: None)
    build(folder, corpus, StandIn("stand-in@1", DIMENSION, known), "", _Stages())


class _Stages:
    """Progress of a build that tells when each stage begins, on standard error."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._stage: Stage | None = None

    def __call__(self, stage: Stage, done: int, total: int) -> None:
        if stage != self._stage:
            self._stage = stage
            sys.stderr.write(f"      {time.perf_counter() - self._started:8.1f} s  {stage}\n")


if __name__ == "__main__":
    main(CONTESTANTS)
