"""Builds a generation on servers from a stream of articles, and publishes it."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import psycopg

from search.build_types import BuildReport, Manifest, Progress, Stage
from search.errors import IndexBusy, IndexCorrupt, IndexIncompatible, Translatable, UsageError
from search.indexing import deduplication
from search.indexing.article_store import SqliteStore
from search.indexing.article_writer import StoreWriter, open_writer
from search.indexing.encoder_check import probe
from search.indexing.pipeline import ReadSummary, chunk_articles, store_articles
from search.postgres import schema
from search.postgres.connections import Shard, connect, find_shards, location, unreachable_error
from search.postgres.dask_encoding import EncodingJob, encode_on_workers
from search.postgres.encoding import copy_vectors, encode, rows_without_vector
from search.postgres.loader import Connection, Loader, analyse_articles, load_lexicon
from search.postgres.published_articles import PublishedFacts, published_articles, published_facts
from search.protocols import Corpus, Encoder
from search.retention import keep_none
from search.text import analyzer, chunking

_LOCK = 0x646570C3  # the builder's advisory lock; each reader locks the id of its generation
_LOCK_HOLDER = """
SELECT pid, to_char(backend_start, 'YYYY-MM-DD HH24:MI:SS'), client_addr::text FROM pg_locks
JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND objid = %s AND granted LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoder, the name that the user gave it, and the address of a Dask scheduler.

    Without an address, this process encodes. With one, the workers of the scheduler encode, and the encoder
    only counts tokens.
    """

    encoder: Encoder
    model: str
    workers: str = ""


@dataclass(frozen=True, slots=True)
class _Servers:
    """The connections of a build: to the coordinator, and to each of ``shards`` in the same order."""

    coordinator: Connection
    shards: tuple[Shard, ...]
    shard_connections: tuple[Connection, ...]

    @property
    def has_shards(self) -> bool:
        """Whether other servers than the coordinator have the articles."""
        return bool(self.shards[0].name)


def build(dsn: str, corpus: Corpus, encoding: Encoding, progress: Progress) -> BuildReport:
    """Build a generation beside the published one, then publish it; a failure leaves the published one.

    If an earlier build of the same articles was interrupted, this one continues it. Raises CorpusError,
    IndexBusy, EncoderUnavailable, OSError, and UsageError when a server does not answer or refuses.
    """
    with (
        _server_errors_as_usage_errors(dsn),
        _connect_for_build(dsn) as servers,
        TemporaryDirectory(prefix="depeche-") as name,
    ):
        folder = Path(name)
        published = published_facts(servers.coordinator)
        with open_writer(folder / "articles.sqlite") as writer:
            _hold_published(writer, servers.coordinator, published, corpus)
            summary = store_articles(writer, corpus, progress)
            corpus = corpus.joined(published.corpus)
            chunk_articles(writer, summary, encoding.encoder, progress)
        with closing(SqliteStore(folder / "articles.sqlite")) as store:
            manifest = _resume_or_create(servers, _manifest(store, corpus, summary, encoding))
            _load(servers, manifest.id, store, folder / "words", progress)
            encoded = _encode(servers, manifest.id, published, encoding, progress)
        _create_indexes(servers, manifest.id, progress)
        _publish(servers.coordinator, manifest)
        _drop_old_generations(servers)
        return BuildReport(manifest, writer.change, encoded, manifest.chunks - encoded, "")


@contextmanager
def _connect_for_build(dsn: str) -> Iterator[_Servers]:
    """Connect to all servers and lock other builders out; raises IndexBusy."""
    with ExitStack() as stack:
        coordinator = stack.enter_context(connect(dsn))
        _prepare(coordinator, dsn)
        stack.enter_context(_build_lock(coordinator, dsn))
        shards = find_shards(coordinator, dsn)
        connections = tuple(stack.enter_context(connect(shard.conninfo)) for shard in shards)
        yield _Servers(coordinator, shards, connections)


def _load(servers: _Servers, generation: str, store: SqliteStore, analysed: Path, progress: Progress) -> None:
    lexicon = analyse_articles(store, analysed, progress)
    connections = servers.shard_connections
    for connection in (servers.coordinator, *connections) if servers.has_shards else connections:
        load_lexicon(connection, generation, lexicon)
    servers.coordinator.execute(schema.lexicon_indexes(generation))
    loader = Loader(servers.coordinator, connections, generation)
    loader.load(store, analysed, lexicon.mean_lengths, progress)
    _load_extent(servers.coordinator, generation, store, progress)


def _hold_published(
    writer: StoreWriter, coordinator: Connection, published: PublishedFacts, corpus: Corpus
) -> None:
    """Give the writer the published articles; where none is to be kept, only if they can be read.

    Raises IndexIncompatible for the index of a newer program, if some of its articles are to be kept.
    """
    if not published.id:
        return
    if published.format > schema.FORMAT and corpus.keeps is not keep_none:
        raise IndexIncompatible(
            Translatable(
                "The index on the servers has format {} of a newer program, this one reads {}; "
                "use that program, or make the index anew from its files: depeche sync --database … PATH",
                published.format,
                schema.FORMAT,
            )
        )
    try:
        writer.hold(published_articles(coordinator, published))
    except (psycopg.Error, IndexCorrupt):
        if corpus.keeps is not keep_none:
            raise


def _encode(
    servers: _Servers, generation: str, published: PublishedFacts, encoding: Encoding, progress: Progress
) -> int:
    """Give every passage a vector; give the number of passages that were encoded."""
    connections = servers.shard_connections
    if published.id and published.encoder == encoding.encoder.name:
        copy_vectors(connections, generation, published.id)
    rows_by_shard = [rows_without_vector(connection, generation) for connection in connections]
    if encoding.workers:
        job = EncodingJob(generation, encoding.model, encoding.encoder.name)
        addresses = [shard.conninfo for shard in servers.shards]
        encode_on_workers(encoding.workers, list(zip(addresses, rows_by_shard, strict=True)), job, progress)
    else:
        encode(connections, generation, rows_by_shard, encoding.encoder, progress)
    return sum(map(len, rows_by_shard))


def _create_indexes(servers: _Servers, generation: str, progress: Progress) -> None:
    for number, connection in enumerate(servers.shard_connections, start=1):
        progress(Stage.INDEX, number, len(servers.shard_connections))
        connection.execute(schema.shard_indexes(generation))
        if servers.has_shards:
            connection.execute(schema.drop_lexicon(generation))
        for table in (*schema.TABLES, schema.POSTING):
            connection.execute(f"VACUUM ANALYZE {generation}.{table}")


@contextmanager
def _server_errors_as_usage_errors(dsn: str) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as exc:
        if isinstance(exc, psycopg.OperationalError) and not exc.sqlstate:
            raise unreachable_error(dsn, exc) from exc
        raise UsageError(
            Translatable(
                "The server {} refuses ({}); nothing was published.",
                location(dsn),
                str(exc).strip().splitlines()[0],
            )
        ) from exc


def _prepare(coordinator: Connection, dsn: str) -> None:
    try:
        coordinator.execute(schema.GENERATIONS)
    except psycopg.errors.UndefinedFile as exc:
        raise UsageError(
            Translatable(
                "The server {} has no pgvector; install it there (the extensions vector and pg_trgm).",
                location(dsn),
            )
        ) from exc


@contextmanager
def _build_lock(coordinator: Connection, dsn: str) -> Iterator[None]:
    """Lock other builders out; raises IndexBusy.

    A statement releases the lock, because a server may end a closed connection only some time later.
    """
    ((locked,),) = coordinator.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,)).fetchall()
    if not locked:
        holder = coordinator.execute(_LOCK_HOLDER, (_LOCK,)).fetchone() or ("?", "?", "?")
        raise IndexBusy(
            Translatable(
                "Another build of {} is running: server process {}, since {}, from {}; wait for it to end.",
                location(dsn),
                *holder,
            )
        )
    try:
        yield
    finally:
        with suppress(psycopg.OperationalError):  # a lost connection has lost its lock too
            coordinator.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))


def _manifest(store: SqliteStore, corpus: Corpus, summary: ReadSummary, encoding: Encoding) -> Manifest:
    encoder = encoding.encoder
    articles, chunks = store.counts()
    return Manifest(
        format=schema.FORMAT,
        id="",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        corpus=corpus.paths,
        articles=articles,
        chunks=chunks,
        rejected=summary.rejected,
        replaced=summary.replaced,
        passed_over=summary.passed_over,
        lost_fields=summary.lost_fields,
        analyser=analyzer.fingerprint(),
        chunking=chunking.parameters(),
        model=encoding.model,
        encoder=encoder.name,
        dimension=encoder.dimension,
        digest=summary.digest,
        probe=probe(encoder),
        vectors="hnsw halfvec",
        encoded=chunks,
        checksums={},
    )


def _resume_or_create(servers: _Servers, manifest: Manifest) -> Manifest:
    """The manifest with the id of the tables to load.

    They are the tables of an interrupted build of the same articles, or new tables. All other tables of
    interrupted builds are dropped.
    """
    names = [*map(str, servers.shards)]
    facts = (schema.FORMAT, manifest.digest, manifest.analyser, manifest.chunking, manifest.encoder, names)
    digest = hashlib.sha256(repr(facts).encode()).hexdigest()
    query = "SELECT id, digest FROM depeche.generation WHERE state = 'loading'"
    for generation, its_digest in servers.coordinator.execute(query).fetchall():
        if its_digest == digest:
            return replace(manifest, id=generation)
        _drop(servers, generation)
    return replace(manifest, id=_create_tables(servers, digest, manifest))


def _create_tables(servers: _Servers, digest: str, manifest: Manifest) -> str:
    stamp = f"{digest}{datetime.now(UTC).isoformat()}"
    generation = schema.checked_id(f"depeche_g{hashlib.sha256(stamp.encode()).hexdigest()[:12]}")
    with servers.coordinator.transaction():
        servers.coordinator.execute(schema.coordinator_tables(generation))
        if servers.has_shards:
            names = [shard.name for shard in servers.shards]
            servers.coordinator.execute(schema.partitioned_tables(generation, manifest.dimension, names))
    for connection in servers.shard_connections:
        with connection.transaction():
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
            connection.execute(schema.shard_tables(generation, manifest.dimension))
    servers.coordinator.execute(
        "INSERT INTO depeche.generation (id, state, digest) VALUES (%s, 'loading', %s)", (generation, digest)
    )
    return generation


def _load_extent(coordinator: Connection, generation: str, store: SqliteStore, progress: Progress) -> None:
    count, rows = store.counts()
    articles = (article for article, _ in store.articles_with_chunks(range(count)))
    signatures = deduplication.signatures(articles)
    groups = deduplication.CopyGroups(signatures, lambda key: store.articles([key])[0])
    progress(Stage.COPIES, count, count)
    leaders = groups.leaders()
    with coordinator.transaction():
        coordinator.execute(f"TRUNCATE {generation}.extent")
        coordinator.execute(
            f"INSERT INTO {generation}.extent VALUES (%s, %s, %s, %s)",
            (count, rows, store.first_rows.astype("<i8").tobytes(), leaders.astype("<i8").tobytes()),
        )


def _publish(coordinator: Connection, manifest: Manifest) -> None:
    with coordinator.transaction():
        coordinator.execute(
            "UPDATE depeche.generation SET manifest = %s WHERE id = %s",
            (msgspec.json.encode(manifest), manifest.id),
        )
        coordinator.execute(schema.publish(manifest.id))


def _drop_old_generations(servers: _Servers) -> None:
    """Drop the generations that were published before, except those that a reader has locked."""
    query = "SELECT id FROM depeche.generation WHERE state = 'before'"
    for (generation,) in servers.coordinator.execute(query).fetchall():
        ((locked,),) = servers.coordinator.execute(
            "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (generation,)
        ).fetchall()
        if locked:
            _drop(servers, generation)


def _drop(servers: _Servers, generation: str) -> None:
    name = schema.checked_id(generation)
    for connection in (servers.coordinator, *servers.shard_connections):
        connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
    servers.coordinator.execute("DELETE FROM depeche.generation WHERE id = %s", (generation,))
