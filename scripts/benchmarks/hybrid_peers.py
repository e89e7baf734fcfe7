"""Peers that answer by words and meaning, each as its documentation shows it, all with the same vectors."""

# mypy: disable-error-code="import-not-found"

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.exchange import Exchange, Floats, Passages, Question
from benchmarks.keyword_peers import Fts5, Whoosh
from benchmarks.trial import DEPTH

_RRF_K = 60


class Fts5AndNumpy:
    """SQLite FTS5 and every vector compared by numpy, merged by reciprocal rank."""

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        self._words = Fts5(exchange, folder)
        self._vectors: Floats = np.load(folder / "vectors.npy")

    @staticmethod
    def build(passages: Passages, folder: Path) -> None:
        """See ``trial.Contestant``."""
        Fts5.build(passages, folder)
        np.save(folder / "vectors.npy", passages.vectors)

    def ask(self, question: Question) -> Sequence[int]:
        """See ``trial.Contestant``."""
        scores = self._vectors @ question.vector
        best = np.argpartition(-scores, DEPTH)[:DEPTH]
        nearest: list[int] = best[np.argsort(-scores[best])].tolist()
        return reciprocal_ranks(self._words.ask(question), nearest)


class WhooshAndSentenceTransformers:
    """Plain Whoosh and sentence-transformers' own semantic search, merged by reciprocal rank."""

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        import torch

        self._words = Whoosh(exchange, folder / "whoosh")
        self._vectors = torch.from_numpy(np.load(folder / "vectors.npy"))

    @staticmethod
    def build(passages: Passages, folder: Path) -> None:
        """See ``trial.Contestant``."""
        (folder / "whoosh").mkdir()
        Whoosh.build(passages, folder / "whoosh")
        np.save(folder / "vectors.npy", passages.vectors)

    def ask(self, question: Question) -> Sequence[int]:
        """See ``trial.Contestant``."""
        import torch
        from sentence_transformers.util import semantic_search

        (found,) = semantic_search(torch.from_numpy(question.vector), self._vectors, top_k=DEPTH)
        return reciprocal_ranks(self._words.ask(question), [int(hit["corpus_id"]) for hit in found])


class LanceDb:
    """LanceDB: its full text and its vectors, merged by its own reciprocal rank fusion."""

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        import lancedb
        from lancedb.rerankers import RRFReranker

        self._table: Any = lancedb.connect(folder).open_table("passages")
        self._reranker = RRFReranker()

    @staticmethod
    def build(passages: Passages, folder: Path) -> None:
        """See ``trial.Contestant``."""
        import lancedb
        import pyarrow

        size = passages.vectors.shape[1]
        columns = {
            "row": pyarrow.array(range(len(passages.texts))),
            "text": pyarrow.array(passages.texts),
            "vector": pyarrow.FixedSizeListArray.from_arrays(passages.vectors.ravel(), size),
        }
        table = lancedb.connect(folder).create_table("passages", pyarrow.table(columns))
        table.create_fts_index("text", language="French")

    def ask(self, question: Question) -> Sequence[int]:
        """See ``trial.Contestant``."""
        query = self._table.search(query_type="hybrid").vector(question.vector).text(question.text)
        ranked = query.distance_type("dot").rerank(self._reranker).limit(DEPTH).select(["row"])
        found: list[int] = ranked.to_arrow()["row"].to_pylist()
        return found


class Txtai:
    """txtai: a hybrid index with its defaults; the vectors come by its way for external ones."""

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        self._index = _txtai({question.text: question.vector for question in exchange.questions()})
        self._index.load(str(folder / "txtai"))

    @staticmethod
    def build(passages: Passages, folder: Path) -> None:
        """See ``trial.Contestant``."""
        index = _txtai(dict(zip(passages.texts, passages.vectors, strict=True)))
        index.index((row, text, None) for row, text in enumerate(passages.texts))
        index.save(str(folder / "txtai"))

    def ask(self, question: Question) -> Sequence[int]:
        """See ``trial.Contestant``."""
        return [int(row) for row, _ in self._index.search(question.text, DEPTH)]


_given: dict[str, Floats] = {}


def given_vectors(texts: Sequence[str]) -> Floats:
    """What txtai calls for vectors, by this function's name: its saved settings cannot hold a function."""
    return np.stack([_given[text] for text in texts])


def _txtai(vectors: Mapping[str, Floats]) -> Any:  # noqa: ANN401 - a peer has no types here
    from txtai import Embeddings

    os.environ["ALLOW_RESOLVE_TRANSFORM"] = "True"  # txtai imports the function named below: our own
    _given.update(vectors)
    return Embeddings(method="external", transform=f"{__name__}.given_vectors", hybrid=True)


def reciprocal_ranks(*rankings: Sequence[int]) -> list[int]:
    """Rows of several rankings in one, the highest sum of ``1 / (60 + rank)`` first, ties by row."""
    scores: dict[int, float] = {}
    for row, points in _points(rankings):
        scores[row] = scores.get(row, 0.0) + points
    return sorted(scores, key=lambda row: (-scores[row], row))


def _points(rankings: Sequence[Sequence[int]]) -> Iterator[tuple[int, float]]:
    for ranking in rankings:
        for rank, row in enumerate(ranking, start=1):
            yield row, 1 / (_RRF_K + rank)
