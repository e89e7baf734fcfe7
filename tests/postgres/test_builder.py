"""Builds on servers: published at once or not at all, resumed, and nothing that was acknowledged is lost."""

import random
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from string import ascii_lowercase

import numpy as np
import psycopg
import pytest
from click.testing import CliRunner
from distributed import LocalCluster

from search.build_types import STAGE_LABELS, BuildReport, Stage
from search.cli import progress as terminal_progress
from search.cli.main import command
from search.errors import EncoderUnavailable, IndexBusy, IndexCorrupt, IndexMissing, UsageError
from search.postgres import dask_encoding
from search.postgres.builder import Encoding, build
from search.postgres.reader import PostgresGeneration, published_id
from search.protocols import Corpus, Progress
from search.query.parser import parse
from search.retrieval.request import Request
from search.types import Article
from tests.cli.running import Terminal
from tests.fakes import FakeEncoder, silent
from tests.keyword.corpus import random_articles
from tests.press import PRESS

from .cluster import Cluster, Server, cluster, single
from .servers import join
from .test_engine import TODAY, engine_on

MANY = random_articles(seed=3, count=1200)  # of which the loader makes three batches


@pytest.fixture(scope="module")
def durable() -> Iterator[Cluster]:
    """Servers that write through to the disk, to be killed."""
    with cluster(fsync="on") as started:
        join(started)
        yield started


@pytest.fixture(scope="module")
def alone() -> Iterator[Server]:
    """One server without shards."""
    with single() as started:
        yield started


def built(
    server: Server, articles: list[Article], encoder: FakeEncoder | None = None, progress: Progress = silent
) -> BuildReport:
    corpus = Corpus(("corpus",), articles, lambda _: None)
    return build(server.dsn, corpus, Encoding(encoder or FakeEncoder(), ""), progress)


def answer(generation: PostgresGeneration, typed: str) -> list[str]:
    return [one.article.id for one in engine_on(generation).search(Request(parse(typed, TODAY))).hits]


def test_one_server_without_shards_keeps_everything(alone: Server) -> None:
    with pytest.raises(IndexMissing, match="depeche build --database"):
        PostgresGeneration(alone.dsn)
    assert published_id(alone.dsn) == ""
    made = built(alone, list(PRESS))
    assert published_id(alone.dsn) == made.manifest.id
    with closing(PostgresGeneration(alone.dsn)) as generation:
        generation.verify()
        assert answer(generation, "obus d'artillerie")[0] == "obus"


def test_a_reader_keeps_its_generation_whatever_is_published(alone: Server) -> None:
    built(alone, list(PRESS))
    with closing(PostgresGeneration(alone.dsn)) as before:
        first = answer(before, "munitions")
        again = built(alone, list(PRESS[:4]))
        built(alone, list(PRESS[4:]))
        assert answer(before, "munitions") == first
        before.verify()
    built(alone, list(PRESS[:2]))
    with psycopg.connect(alone.dsn) as connection:
        kept = {name for (name,) in connection.execute("SELECT id FROM depeche.generation").fetchall()}
    assert again.manifest.id not in kept
    assert published_id(alone.dsn) in kept


def test_a_word_that_no_index_takes_is_found(alone: Server) -> None:
    word = "".join(random.Random(1).choices(ascii_lowercase, k=9000))  # noqa: S311 - for variety
    long = Article("long", "Un mot", f"Le mot {word} est long. Voici la suite.")
    built(alone, [*PRESS, long, replace(long, id="autre", body=f"Le mot {word}zq est plus long.")])
    with closing(PostgresGeneration(alone.dsn)) as generation:
        generation.verify()
        for typed in (f"+{word}", f'"mot {word}"', f"{word[:60]}* -{word}zq"):
            assert answer(generation, typed) == ["long"], typed[:20]


@pytest.mark.parametrize("of", ["keys", "in_rows"])
def test_a_list_of_holders_that_is_cut_is_found(alone: Server, of: str) -> None:
    name = built(alone, list(PRESS)).manifest.id
    with psycopg.connect(alone.dsn) as connection:
        cut = f"UPDATE {name}.posting SET {of} = substr({of}, 5) WHERE length(in_rows) > 0"  # noqa: S608
        assert connection.execute(cut).rowcount > 0
    with (
        closing(PostgresGeneration(alone.dsn)) as generation,
        pytest.raises(IndexCorrupt, match="is incomplete"),
    ):
        generation.verify()


def test_what_has_a_vector_is_not_encoded_again(alone: Server) -> None:
    built(alone, list(PRESS[:5]))
    encoder = FakeEncoder()
    made = built(alone, list(PRESS), encoder)
    texts = [text for batch in encoder.batches for text in batch]
    assert made.encoded == len(texts)
    assert not any(PRESS[0].body[:80] in text for text in texts)


def test_a_terminal_shows_every_stage_of_a_build_on_servers(
    alone: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream, stages = Terminal(), list[Stage]()
    monkeypatch.setattr(sys, "stderr", stream)
    with terminal_progress.permanent() as advance:

        def progress(stage: Stage, done: int, total: int) -> None:
            stages.append(stage)
            advance(stage, done, total)

        built(alone, random_articles(seed=8, count=3), progress=progress)

    assert [*dict.fromkeys(stages)] == [stage for stage in Stage if stage is not Stage.CHECK]
    ends = [stream.shown.find(STAGE_LABELS[stage].capitalize()) for stage in dict.fromkeys(stages)]
    assert -1 not in ends
    assert ends == sorted(ends)


def test_a_second_builder_is_told_who_is_at_work(alone: Server) -> None:
    def second(stage: Stage, done: int, total: int) -> None:
        if stage is Stage.WORDS:
            with pytest.raises(IndexBusy, match=r"server process \d+, since 20\d\d"):
                built(alone, list(PRESS))

    built(alone, list(PRESS[:3]), progress=second)


def test_a_build_that_is_over_locks_nobody_out_while_its_connection_closes(
    alone: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    closes, closing_still = psycopg.Connection.close, list[psycopg.Connection]()
    with monkeypatch.context() as slow:
        slow.setattr(psycopg.Connection, "close", lambda self: closing_still.append(self))
        first = built(alone, list(PRESS[:3])).manifest.id
        second = built(alone, list(PRESS[:3])).manifest.id
    for connection in closing_still:
        closes(connection)

    assert first != second == published_id(alone.dsn)


def test_nothing_acknowledged_is_lost_when_a_shard_is_killed(durable: Cluster) -> None:
    killed = durable.shards[1]
    acknowledged = 0

    def kill(stage: Stage, done: int, total: int) -> None:
        nonlocal acknowledged
        if stage is Stage.LOAD and not acknowledged:
            acknowledged = done
            killed.kill()

    with pytest.raises(UsageError, match=f"127.0.0.1:{killed.port}"):
        built(durable.coordinator, MANY, progress=kill)
    with pytest.raises(IndexMissing):
        PostgresGeneration(durable.coordinator.dsn)
    killed.start()
    keys = _loaded(durable)
    assert acknowledged > 0
    assert set(range(acknowledged)) <= keys

    encoder = FakeEncoder()
    made = built(durable.coordinator, MANY, encoder)
    assert (made.manifest.articles, _loaded(durable)) == (len(MANY), set(range(len(MANY))))
    with closing(PostgresGeneration(durable.coordinator.dsn)) as generation:
        generation.verify()


def _loaded(servers: Cluster) -> set[int]:
    """The keys of every article on the shards, of the only generation there is."""
    found: set[int] = set()
    for shard in servers.shards:
        with psycopg.connect(shard.dsn) as connection:
            ((name,),) = connection.execute(
                "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'depeche_g%'"
            ).fetchall()
            keys = connection.execute(f"SELECT key FROM {name}.words").fetchall()  # noqa: S608 - a name we saw
            found |= {key for (key,) in keys}
    return found


def test_an_encoding_that_stopped_goes_on_where_it_was(durable: Cluster) -> None:
    class Tired(FakeEncoder):
        def encode_passages(self, texts: list[str]) -> np.ndarray:  # type: ignore[override]
            if self.batches:
                raise KeyboardInterrupt
            return super().encode_passages(texts)

    other = random_articles(seed=4, count=700)
    tired = Tired()
    with pytest.raises(KeyboardInterrupt):
        built(durable.coordinator, other, tired)
    rested = FakeEncoder()
    built(durable.coordinator, other, rested)
    done = {text for batch in tired.batches for text in batch}
    assert done
    assert sum(map(len, rested.batches)) + len(tired.batches[0]) == _passages(durable)


def _passages(servers: Cluster) -> int:
    with closing(PostgresGeneration(servers.coordinator.dsn)) as generation:
        return generation.manifest.chunks


def test_a_shard_that_is_back_is_asked_again(
    durable: Cluster, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("search.postgres.connections._REST", 0.0)
    asked = Request(parse("munitions", TODAY), limit=50)
    with closing(PostgresGeneration(durable.coordinator.dsn)) as generation:
        whole = engine_on(generation).search(asked)
        durable.shards[1].kill()
        began = time.monotonic()
        (told,) = engine_on(generation).search(asked).degraded
        assert time.monotonic() - began < 2
        assert "depeche_2" in told
        assert "Connection refused" in told
        durable.shards[1].start()
        again = engine_on(generation).search(asked)
        assert again.degraded == ()
        assert [one.article.id for one in again.hits] == [one.article.id for one in whole.hits]
    assert capfd.readouterr().err == ""


def test_a_dead_shard_is_told_of_and_its_replica_takes_over(durable: Cluster) -> None:
    with closing(PostgresGeneration(durable.coordinator.dsn)) as generation:
        engine, asked = engine_on(generation), Request(parse("munitions", TODAY), limit=50)
        whole = engine.search(asked)
        assert whole.degraded == ()
        durable.shards[0].kill()
        less = engine.search(asked)
        assert f"depeche_1 (127.0.0.1:{durable.shards[0].port}/postgres) does not answer" in less.degraded[0]
        assert less.hits
        assert all(one.article.id for one in less.hits)
        assert less.total < whole.total
        with pytest.raises(IndexCorrupt, match="does not answer"):
            generation.verify()
    durable.replica.promote()
    with psycopg.connect(durable.coordinator.dsn, autocommit=True) as connection:
        connection.execute(f"ALTER SERVER depeche_1 OPTIONS (SET port '{durable.replica.port}')")
    with closing(PostgresGeneration(durable.coordinator.dsn)) as generation:
        again = engine_on(generation).search(Request(parse("munitions", TODAY), limit=50))
        assert [one.article.id for one in again.hits] == [one.article.id for one in whole.hits]
        assert again.degraded == ()
        generation.verify()


def test_the_coordinator_sees_all_shards_as_one_table(servers: Cluster) -> None:
    built(servers.coordinator, MANY)
    with psycopg.connect(servers.coordinator.dsn) as connection:
        ids = connection.execute("SELECT id FROM depeche.article ORDER BY key").fetchall()
        one = connection.execute("SELECT id FROM depeche.article WHERE key = 17").fetchall()
    assert [name for (name,) in ids] == [article.id for article in MANY]
    assert one == [(MANY[17].id,)]


def test_an_address_that_is_none_is_refused(alone: Server) -> None:
    for dsn, said in (
        ("nonsense", "is no address of a server"),
        ("postgresql://depeche:secret@127.0.0.1:1/postgres", "127.0.0.1:1/postgres cannot be reached"),
    ):
        with pytest.raises(UsageError, match=said) as caught:
            PostgresGeneration(dsn)
        assert "secret" not in str(caught.value)


def test_commands_take_the_engine(alone: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.index.load_encoder", lambda model: FakeEncoder())
    monkeypatch.setattr("search.index.fetch_model", lambda model: None)
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "obus.txt").write_text(
        "Les obus\n\nUn train d'obus a quitté la gare de Brest.", encoding="utf-8"
    )
    runner, at = CliRunner(), ["--database", alone.dsn]

    def said(*arguments: str) -> str:
        found = runner.invoke(command, [*arguments, *at], catch_exceptions=False)
        assert found.exit_code == 0, found.output
        return found.output

    assert f"1 article, 1 passage (1 encoded, 0 reused), 0 rejected; 127.0.0.1:{alone.port}/postgres" in (
        said("build", str(folder))
        .replace(" (1 new, 0 changed, 0 removed)", "")
        .replace("(0 new, 0 changed, 0 removed) ", "")
    )
    assert "gare de Brest" in said("find", "trains")
    assert "Intact: 1 article" in said("verify")
    assert f"127.0.0.1:{alone.port}/postgres" in said("status")


def test_workers_encode_what_is_lacking(alone: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.postgres.dask_encoding.load_encoder", lambda model: FakeEncoder())
    dask_encoding._encoder.cache_clear()
    steps: list[tuple[int, int]] = []

    def progress(stage: Stage, done: int, total: int) -> None:
        if stage is Stage.ENCODE:
            steps.append((done, total))

    corpus = Corpus(("corpus",), random_articles(seed=5, count=900), lambda _: None)
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as workers:
        encoding = Encoding(FakeEncoder(before_batch=_not_here), "", workers.scheduler_address)
        made = build(alone.dsn, corpus, encoding, progress)
    assert steps[-1] == (made.manifest.chunks, made.manifest.chunks)
    assert len(steps) > 1
    with closing(PostgresGeneration(alone.dsn)) as generation:
        generation.verify()


def _not_here() -> None:
    raise AssertionError("encoded by the builder itself")


def test_a_worker_with_another_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "search.postgres.dask_encoding.load_encoder", lambda model: FakeEncoder(name="other@2")
    )
    dask_encoding._encoder.cache_clear()
    with pytest.raises(EncoderUnavailable, match="other@2, not by fake@1"):
        dask_encoding.encode_task("", [1], dask_encoding.EncodingJob("depeche_g000000000000", "", "fake@1"))
    dask_encoding._encoder.cache_clear()


def test_no_scheduler_is_told(alone: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_encoding, "_TIMEOUT", 1)
    corpus = Corpus(("corpus",), [Article("new", "", "Un texte que personne n'a encodé.")], lambda _: None)
    with pytest.raises(UsageError, match="dask scheduler"):
        build(alone.dsn, corpus, Encoding(FakeEncoder(), "", "tcp://127.0.0.1:1"), silent)
