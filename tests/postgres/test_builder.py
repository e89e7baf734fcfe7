"""Tests builds on servers: they publish completely or not at all, and continue after an interruption."""

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

from search.build_types import STAGE_LABELS, BuildReport, Progress, Stage
from search.cli import progress as terminal_progress
from search.cli.main import command
from search.errors import IndexBusy, IndexCorrupt, IndexMissing, UsageError
from search.postgres.builder import Encoding, build
from search.postgres.reader import PostgresGeneration, published_id
from search.protocols import Corpus
from search.query.parser import parse
from search.retrieval.request import Request
from search.types import Article
from tests.cli.running import Terminal
from tests.fakes import FakeEncoder, silent
from tests.keyword.corpus import random_articles
from tests.press import PRESS

from .cluster import Cluster, Server, cluster
from .servers import join
from .test_engine import TODAY, engine_on

MANY = random_articles(seed=3, count=1200)  # three batches of the loader


@pytest.fixture(scope="module")
def durable() -> Iterator[Cluster]:
    """Servers that write durably; tests kill them."""
    with cluster(fsync="on") as started:
        join(started)
        yield started


def run_build(
    server: Server, articles: list[Article], encoder: FakeEncoder | None = None, progress: Progress = silent
) -> BuildReport:
    corpus = Corpus(("corpus",), articles, lambda _: None)
    return build(server.dsn, corpus, Encoding(encoder or FakeEncoder(), ""), progress)


def ids_for(generation: PostgresGeneration, query: str) -> list[str]:
    return [hit.article.id for hit in engine_on(generation).search(Request(parse(query, TODAY))).hits]


def test_one_server_without_shards_has_everything(alone: Server) -> None:
    with pytest.raises(IndexMissing, match="depeche build --database"):
        PostgresGeneration(alone.dsn)
    assert published_id(alone.dsn) == ""
    report = run_build(alone, list(PRESS))
    assert published_id(alone.dsn) == report.manifest.id
    with closing(PostgresGeneration(alone.dsn)) as generation:
        generation.verify()
        assert ids_for(generation, "obus d'artillerie")[0] == "obus"


def test_builds_do_not_drop_the_generation_of_a_reader(alone: Server) -> None:
    run_build(alone, list(PRESS))
    with closing(PostgresGeneration(alone.dsn)) as before:
        first = ids_for(before, "munitions")
        again = run_build(alone, list(PRESS[:4]))
        run_build(alone, list(PRESS[4:]))
        assert ids_for(before, "munitions") == first
        before.verify()
    run_build(alone, list(PRESS[:2]))
    with psycopg.connect(alone.dsn) as connection:
        existing = {name for (name,) in connection.execute("SELECT id FROM depeche.generation").fetchall()}
    assert again.manifest.id not in existing
    assert published_id(alone.dsn) in existing


def test_a_word_that_is_too_long_for_an_index_is_found(alone: Server) -> None:
    word = "".join(random.Random(1).choices(ascii_lowercase, k=9000))  # noqa: S311 - for variety
    long = Article("long", "Un mot", f"Le mot {word} est long. Voici la suite.")
    run_build(alone, [*PRESS, long, replace(long, id="autre", body=f"Le mot {word}zq est plus long.")])
    with closing(PostgresGeneration(alone.dsn)) as generation:
        generation.verify()
        for typed in (f"+{word}", f'"mot {word}"', f"{word[:60]}* -{word}zq"):
            assert ids_for(generation, typed) == ["long"], typed[:20]


@pytest.mark.parametrize("column", ["keys", "in_rows"])
def test_incomplete_postings_are_found(alone: Server, column: str) -> None:
    name = run_build(alone, list(PRESS)).manifest.id
    with psycopg.connect(alone.dsn) as connection:
        damage = f"UPDATE {name}.posting SET {column} = substr({column}, 5) WHERE length(in_rows) > 0"  # noqa: S608
        assert connection.execute(damage).rowcount > 0
    with (
        closing(PostgresGeneration(alone.dsn)) as generation,
        pytest.raises(IndexCorrupt, match="is incomplete"),
    ):
        generation.verify()


def test_unchanged_texts_are_not_encoded_again(alone: Server) -> None:
    run_build(alone, list(PRESS[:5]))
    encoder = FakeEncoder()
    report = run_build(alone, list(PRESS), encoder)
    texts = [text for batch in encoder.batches for text in batch]
    assert report.encoded == len(texts)
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

        run_build(alone, random_articles(seed=8, count=3), progress=progress)

    in_a_folder = {Stage.SEARCHABLE, Stage.CHECK}
    assert [*dict.fromkeys(stages)] == [stage for stage in Stage if stage not in in_a_folder]
    ends = [stream.shown.find(STAGE_LABELS[stage].capitalize()) for stage in dict.fromkeys(stages)]
    assert -1 not in ends
    assert ends == sorted(ends)


def test_a_second_build_is_refused_and_the_error_names_the_first(alone: Server) -> None:
    def second(stage: Stage, done: int, total: int) -> None:
        if stage is Stage.WORDS:
            with pytest.raises(IndexBusy, match=r"server process \d+, since 20\d\d"):
                run_build(alone, list(PRESS))

    run_build(alone, list(PRESS[:3]), progress=second)


def test_a_finished_build_does_not_lock_out_the_next_one(
    alone: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    close, still_open = psycopg.Connection.close, list[psycopg.Connection]()
    with monkeypatch.context() as slow:
        slow.setattr(psycopg.Connection, "close", lambda self: still_open.append(self))
        first = run_build(alone, list(PRESS[:3])).manifest.id
        second = run_build(alone, list(PRESS[:3])).manifest.id
    for connection in still_open:
        close(connection)

    assert first != second == published_id(alone.dsn)


def test_a_killed_shard_loses_no_article_that_progress_reported(durable: Cluster) -> None:
    killed = durable.shards[1]
    reported = 0

    def kill(stage: Stage, done: int, total: int) -> None:
        nonlocal reported
        if stage is Stage.LOAD and not reported:
            reported = done
            killed.kill()

    with pytest.raises(UsageError, match=f"127.0.0.1:{killed.port}"):
        run_build(durable.coordinator, MANY, progress=kill)
    with pytest.raises(IndexMissing):
        PostgresGeneration(durable.coordinator.dsn)
    killed.start()
    keys = _loaded(durable)
    assert reported > 0
    assert set(range(reported)) <= keys

    encoder = FakeEncoder()
    report = run_build(durable.coordinator, MANY, encoder)
    assert (report.manifest.articles, _loaded(durable)) == (len(MANY), set(range(len(MANY))))
    with closing(PostgresGeneration(durable.coordinator.dsn)) as generation:
        generation.verify()


def _loaded(servers: Cluster) -> set[int]:
    """The keys of all articles on the shards, which have only one generation."""
    all_keys: set[int] = set()
    for shard in servers.shards:
        with psycopg.connect(shard.dsn) as connection:
            ((name,),) = connection.execute(
                "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'depeche_g%'"
            ).fetchall()
            keys = connection.execute(f"SELECT key FROM {name}.words").fetchall()  # noqa: S608 - a name from the catalogue
            all_keys |= {key for (key,) in keys}
    return all_keys


def test_an_interrupted_encoding_continues(durable: Cluster) -> None:
    class InterruptedEncoder(FakeEncoder):
        def encode_passages(self, texts: list[str]) -> np.ndarray:  # type: ignore[override]
            if self.batches:
                raise KeyboardInterrupt
            return super().encode_passages(texts)

    other = random_articles(seed=4, count=700)
    interrupted = InterruptedEncoder()
    with pytest.raises(KeyboardInterrupt):
        run_build(durable.coordinator, other, interrupted)
    complete = FakeEncoder()
    run_build(durable.coordinator, other, complete)
    done = {text for batch in interrupted.batches for text in batch}
    assert done
    assert sum(map(len, complete.batches)) + len(interrupted.batches[0]) == _passages(durable)


def _passages(servers: Cluster) -> int:
    with closing(PostgresGeneration(servers.coordinator.dsn)) as generation:
        return generation.manifest.chunks


def test_a_shard_that_was_restarted_is_used_again(
    durable: Cluster, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("search.postgres.connections._RETRY_AFTER", 0.0)
    request = Request(parse("munitions", TODAY), limit=50)
    with closing(PostgresGeneration(durable.coordinator.dsn)) as generation:
        complete = engine_on(generation).search(request)
        durable.shards[1].kill()
        started = time.monotonic()
        (message,) = engine_on(generation).search(request).degraded
        assert time.monotonic() - started < 2
        assert "depeche_2" in message
        assert "Connection refused" in message
        durable.shards[1].start()
        again = engine_on(generation).search(request)
        assert again.degraded == ()
        assert [hit.article.id for hit in again.hits] == [hit.article.id for hit in complete.hits]
    assert capfd.readouterr().err == ""


def test_a_dead_shard_is_reported_and_can_be_replaced_by_its_replica(durable: Cluster) -> None:
    dsn, request = durable.coordinator.dsn, Request(parse("munitions", TODAY), limit=50)
    with closing(PostgresGeneration(dsn)) as asked, closing(PostgresGeneration(dsn)) as generation:
        engine = engine_on(asked)
        complete = engine.search(request)
        assert complete.degraded == ()
        durable.shards[0].kill()
        assert engine.search(request).hits == complete.hits  # what was answered needs no server
        partial = engine_on(generation).search(request)
        assert (
            f"depeche_1 (127.0.0.1:{durable.shards[0].port}/postgres) does not answer" in partial.degraded[0]
        )
        assert partial.hits
        assert all(hit.article.id for hit in partial.hits)
        assert partial.total < complete.total
        with pytest.raises(IndexCorrupt, match="does not answer"):
            generation.verify()
    durable.replica.promote()
    with psycopg.connect(durable.coordinator.dsn, autocommit=True) as connection:
        connection.execute(f"ALTER SERVER depeche_1 OPTIONS (SET port '{durable.replica.port}')")
    with closing(PostgresGeneration(durable.coordinator.dsn)) as generation:
        again = engine_on(generation).search(Request(parse("munitions", TODAY), limit=50))
        assert [hit.article.id for hit in again.hits] == [hit.article.id for hit in complete.hits]
        assert again.degraded == ()
        generation.verify()


def test_the_coordinator_sees_all_shards_as_one_table(servers: Cluster) -> None:
    run_build(servers.coordinator, MANY)
    with psycopg.connect(servers.coordinator.dsn) as connection:
        ids = connection.execute("SELECT id FROM depeche.article ORDER BY key").fetchall()
        one = connection.execute("SELECT id FROM depeche.article WHERE key = 17").fetchall()
    assert [name for (name,) in ids] == [article.id for article in MANY]
    assert one == [(MANY[17].id,)]


def test_an_invalid_address_is_refused(alone: Server) -> None:
    for dsn, message in (
        ("nonsense", "is no address of a server"),
        ("postgresql://depeche:secret@127.0.0.1:1/postgres", "127.0.0.1:1/postgres cannot be reached"),
    ):
        with pytest.raises(UsageError, match=message) as caught:
            PostgresGeneration(dsn)
        assert "secret" not in str(caught.value)


def test_commands_work_with_a_server(alone: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.index.load_encoder", lambda model: FakeEncoder())
    monkeypatch.setattr("search.index.fetch_model", lambda model: None)
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "obus.txt").write_text(
        "Les obus\n\nUn train d'obus a quitté la gare de Brest.", encoding="utf-8"
    )
    runner, options = CliRunner(), ["--database", alone.dsn]

    def output(*arguments: str) -> str:
        result = runner.invoke(command, [*arguments, *options], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    output("sync", str(folder), "--yes")
    (folder / "ble.txt").write_text("Le blé\n\nLa récolte de blé est abondante.", encoding="utf-8")
    added = "2 articles (1 new, 0 changed, 0 removed, 1 kept), 2 passages (1 encoded, 1 reused), 0 rejected"
    assert f"{added}; 127.0.0.1:{alone.port}/postgres" in output("add", str(folder / "ble.txt"))
    removed = output("remove", "--from", str(folder / "ble.txt"), "--yes")
    assert "1 article removed, 1 article left" in removed
    assert "gare de Brest" in output("find", "trains")
    assert "Intact: 1 article" in output("verify")
    assert f"127.0.0.1:{alone.port}/postgres" in output("status")
