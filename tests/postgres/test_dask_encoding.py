"""Tests that the workers of a Dask cluster encode the passages of a build."""

from contextlib import closing

import pytest
from distributed import LocalCluster

from search.build_types import Stage
from search.errors import EncoderUnavailable, UsageError
from search.postgres import dask_encoding
from search.postgres.builder import Encoding, build
from search.postgres.reader import PostgresGeneration
from search.protocols import Corpus
from search.types import Article
from tests.fakes import FakeEncoder, silent
from tests.keyword.corpus import random_articles

from .cluster import Server


def test_workers_encode_the_passages(alone: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.postgres.dask_encoding.load_encoder", lambda model: FakeEncoder())
    dask_encoding._encoder.cache_clear()
    steps: list[tuple[int, int]] = []

    def progress(stage: Stage, done: int, total: int) -> None:
        if stage is Stage.ENCODE:
            steps.append((done, total))

    corpus = Corpus(("corpus",), random_articles(seed=5, count=900), lambda _: None)
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as workers:
        encoding = Encoding(FakeEncoder(before_batch=_fail), "", workers.scheduler_address)
        chunks = build(alone.dsn, corpus, encoding, progress).manifest.chunks
    assert steps[-1] == (chunks, chunks)
    assert len(steps) > 1
    with closing(PostgresGeneration(alone.dsn)) as generation:
        generation.verify()


def _fail() -> None:
    raise AssertionError("the builder encoded")


def test_a_worker_with_another_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "search.postgres.dask_encoding.load_encoder", lambda model: FakeEncoder(name="other@2")
    )
    dask_encoding._encoder.cache_clear()
    with pytest.raises(EncoderUnavailable, match="other@2, not by fake@1"):
        dask_encoding.encode_task("", [1], dask_encoding.EncodingJob("depeche_g000000000000", "", "fake@1"))
    dask_encoding._encoder.cache_clear()


def test_a_missing_scheduler_is_an_error(alone: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_encoding, "_TIMEOUT", 1)
    corpus = Corpus(("corpus",), [Article("new", "", "Un texte que personne n'a encodé.")], lambda _: None)
    with pytest.raises(UsageError, match="dask scheduler"):
        build(alone.dsn, corpus, Encoding(FakeEncoder(), "", "tcp://127.0.0.1:1"), silent)
