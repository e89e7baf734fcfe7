"""From a stream of articles to a published generation on servers."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import psycopg

from search import duplicates
from search.errors import IndexBusy, UsageError, Worded
from search.generation.building import Built, Corpus, Read, cut, take
from search.generation.reading import probe
from search.model import Manifest
from search.postgres import schema
from search.postgres.encoding import encode
from search.postgres.loading import Connection, Loader, analysed, load_lexicon
from search.postgres.servers import Shard, connected, place, shards, unreachable
from search.protocols import Encoder, Progress
from search.store import SqliteStore, writing
from search.text import chunking, french

_LOCK = 0x646570C3  # the builder's; readers hold one of their generation
_HOLDER = """
SELECT pid, to_char(backend_start, 'YYYY-MM-DD HH24:MI:SS'), client_addr::text FROM pg_locks
JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND objid = %s AND granted LIMIT 1
"""


def build(dsn: str, corpus: Corpus, encoder: Encoder, model: str, progress: Progress) -> Built:
    """Build a generation beside the published one and publish it; whatever fails leaves the old one.

    A build of the same articles that was interrupted is taken up where it was left. Raises CorpusError,
    IndexBusy, EncoderUnavailable, OSError, and UsageError for a server that does not answer or refuses.
    """
    with _told(dsn), ExitStack() as stack:
        coordinator = stack.enter_context(connected(dsn))
        _prepare(coordinator, dsn)
        stack.enter_context(_alone(coordinator, dsn))
        named = shards(coordinator, dsn)
        reached = [stack.enter_context(connected(shard.conninfo)) for shard in named]
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="depeche-")))
        with writing(folder / "articles.sqlite") as writer:
            read = take(writer, corpus, progress)
            cut(writer, corpus, read, encoder, progress)
            change = writer.change
        with closing(SqliteStore(folder / "articles.sqlite")) as store:
            made = _manifest(store, corpus, read, encoder, model)
            generation = _begun(coordinator, named, reached, made)
            made = replace(made, id=generation)
            lexicon = analysed(store, folder / "words", progress)
            load_lexicon(coordinator, generation, lexicon)
            loader = Loader(coordinator, reached, generation)
            loader.load(store, folder / "words", lexicon.averages, progress)
            encoded = encode(reached, generation, _published(coordinator), encoder, progress)
            _load_extent(coordinator, generation, store, progress)
        for number, shard in enumerate(reached, start=1):
            progress("index", number, len(reached))
            shard.execute(schema.indexes(generation))
            for table in schema.TABLES:
                shard.execute(f"ANALYZE {generation}.{table}")
        _publish(coordinator, generation, made)
        _collect(coordinator, reached)
    return Built(made, change, encoded, made.chunks - encoded, "")


@contextmanager
def _told(dsn: str) -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError as exc:
        raise unreachable(dsn, exc) from exc
    except psycopg.Error as exc:
        raise UsageError(
            Worded(
                "The server {} refuses ({}); nothing was published.",
                place(dsn),
                str(exc).strip().splitlines()[0],
            )
        ) from exc


def _prepare(coordinator: Connection, dsn: str) -> None:
    try:
        coordinator.execute(schema.GENERATIONS)
    except psycopg.errors.UndefinedFile as exc:
        raise UsageError(
            Worded(
                "The server {} has no pgvector; install it there (the extensions vector and pg_trgm).",
                place(dsn),
            )
        ) from exc


@contextmanager
def _alone(coordinator: Connection, dsn: str) -> Iterator[None]:
    """One builder at a time; raises IndexBusy."""
    ((held,),) = coordinator.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,)).fetchall()
    if not held:
        told = coordinator.execute(_HOLDER, (_LOCK,)).fetchone() or ("?", "?", "?")
        raise IndexBusy(
            Worded(
                "Another build of {} is running: server process {}, since {}, from {}; wait for it to end.",
                place(dsn),
                *told,
            )
        )
    yield  # the lock goes with the connection


def _manifest(store: SqliteStore, corpus: Corpus, read: Read, encoder: Encoder, model: str) -> Manifest:
    articles, chunks = store.counts()
    return Manifest(
        format=schema.FORMAT,
        id="",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        corpus=corpus.paths,
        articles=articles,
        chunks=chunks,
        rejected=read.rejected,
        replaced=read.replaced,
        analyser=french.fingerprint(),
        chunking=chunking.parameters(),
        model=model,
        encoder=encoder.name,
        dimension=encoder.dimension,
        digest=read.digest,
        probe=probe(encoder),
        vectors="hnsw halfvec",
        checksums={},
    )


def _begun(
    coordinator: Connection, named: Sequence[Shard], reached: Sequence[Connection], made: Manifest
) -> str:
    """The tables to load: those of an interrupted build of the very same, else new ones."""
    facts = (schema.FORMAT, made.digest, made.analyser, made.chunking, made.encoder, [*map(str, named)])
    digest = hashlib.sha256(repr(facts).encode()).hexdigest()
    left = coordinator.execute("SELECT id, digest FROM depeche.generation WHERE state = 'loading'").fetchall()
    for generation, known in left:
        if known == digest:
            return str(generation)
        _drop(coordinator, reached, generation)
    stamp = f"{digest}{datetime.now(UTC).isoformat()}"
    generation = f"depeche_g{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    for shard in reached:
        shard.execute(f"DROP SCHEMA IF EXISTS {schema.checked(generation)} CASCADE")
    with coordinator.transaction():
        coordinator.execute(schema.coordinator(generation))
        coordinator.execute(
            "INSERT INTO depeche.generation (id, state, digest) VALUES (%s, 'loading', %s)",
            (generation, digest),
        )
        if named[0].name:
            coordinator.execute(schema.spread(generation, made.dimension, [shard.name for shard in named]))
    for shard in reached:
        with shard.transaction():
            shard.execute("CREATE EXTENSION IF NOT EXISTS vector")
            shard.execute(schema.shard(generation, made.dimension))
    return generation


def _published(coordinator: Connection) -> tuple[str, str]:
    """The published generation and its encoder; both ``""`` when there is none."""
    found = coordinator.execute(
        "SELECT id, manifest FROM depeche.generation WHERE state = 'published'"
    ).fetchone()
    if found is None:
        return "", ""
    return str(found[0]), msgspec.json.decode(found[1], type=Manifest).encoder


def _load_extent(coordinator: Connection, generation: str, store: SqliteStore, progress: Progress) -> None:
    articles, rows = store.counts()
    said = (article for article, _ in store.chunked(range(articles)))
    found = duplicates.Families(duplicates.signatures(said), lambda key: store.articles([key])[0])
    progress("copies", articles, articles)
    leaders = found.leaders()
    with coordinator.transaction():
        coordinator.execute(f"TRUNCATE {generation}.extent")
        coordinator.execute(
            f"INSERT INTO {generation}.extent VALUES (%s, %s, %s, %s)",
            (articles, rows, store.first_rows.astype("<i8").tobytes(), leaders.astype("<i8").tobytes()),
        )


def _publish(coordinator: Connection, generation: str, made: Manifest) -> None:
    with coordinator.transaction():
        coordinator.execute(
            "UPDATE depeche.generation SET manifest = %s WHERE id = %s",
            (msgspec.json.encode(made), generation),
        )
        coordinator.execute(schema.publish(generation))


def _collect(coordinator: Connection, reached: Sequence[Connection]) -> None:
    """Drop what was published before, unless somebody reads it."""
    before = coordinator.execute("SELECT id FROM depeche.generation WHERE state = 'before'").fetchall()
    for (generation,) in before:
        ((free,),) = coordinator.execute(
            "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (generation,)
        ).fetchall()
        if free:
            _drop(coordinator, reached, generation)


def _drop(coordinator: Connection, reached: Sequence[Connection], generation: str) -> None:
    name = schema.checked(generation)
    for connection in (coordinator, *reached):
        connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
    coordinator.execute("DELETE FROM depeche.generation WHERE id = %s", (generation,))
