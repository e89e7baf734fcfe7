"""From a stream of articles to a published generation on servers."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import psycopg

from search.build_types import BuildReport, Manifest, Stage
from search.errors import IndexBusy, Translatable, UsageError
from search.indexing import deduplication
from search.indexing.article_store import SqliteStore
from search.indexing.article_writer import writing
from search.indexing.encoder_check import probe
from search.indexing.pipeline import ReadSummary, chunk_articles, store_articles
from search.postgres import schema
from search.postgres.connections import Shard, connected, place, shards, unreachable
from search.postgres.dask_encoding import Wanted, encode_apart
from search.postgres.encoding import encode, lacking_rows, reuse
from search.postgres.loader import Connection, Loader, analysed, load_lexicon
from search.protocols import Corpus, Encoder, Progress
from search.text import analyzer, chunking

_LOCK = 0x646570C3  # the builder's; readers hold one of their generation
_HOLDER = """
SELECT pid, to_char(backend_start, 'YYYY-MM-DD HH24:MI:SS'), client_addr::text FROM pg_locks
JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND objid = %s AND granted LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Encoding:
    """Who makes the vectors: an encoder, what the user named it by, and the address of a Dask scheduler.

    Without an address they are made here; with one, the encoder only tells what fits into a passage.
    """

    encoder: Encoder
    model: str
    workers: str = ""


@dataclass(frozen=True, slots=True)
class _Site:
    """The servers of a build, connected: shards as they are named and as they are reached."""

    coordinator: Connection
    named: tuple[Shard, ...]
    reached: tuple[Connection, ...]

    @property
    def spread(self) -> bool:
        """Whether the articles are kept by others than the coordinator."""
        return bool(self.named[0].name)


def build(dsn: str, corpus: Corpus, encoding: Encoding, progress: Progress) -> BuildReport:
    """Build a generation beside the published one and publish it; whatever fails leaves the old one.

    A build of the same articles that was interrupted is taken up where it was left. Raises CorpusError,
    IndexBusy, EncoderUnavailable, OSError, and UsageError for a server that does not answer or refuses.
    """
    with _told(dsn), _site(dsn) as site, TemporaryDirectory(prefix="depeche-") as name:
        folder = Path(name)
        with writing(folder / "articles.sqlite") as writer:
            read = store_articles(writer, corpus, progress)
            chunk_articles(writer, corpus, read, encoding.encoder, progress)
        with closing(SqliteStore(folder / "articles.sqlite")) as store:
            made = _begun(site, _manifest(store, corpus, read, encoding))
            _load(site, made.id, store, folder / "words", progress)
            encoded = _encode(site, made.id, encoding, progress)
        _index(site, made.id, progress)
        _publish(site.coordinator, made)
        _collect(site)
        return BuildReport(made, writer.change, encoded, made.chunks - encoded, "")


@contextmanager
def _site(dsn: str) -> Iterator[_Site]:
    """The servers, for the one builder there may be; raises IndexBusy."""
    with ExitStack() as stack:
        coordinator = stack.enter_context(connected(dsn))
        _prepare(coordinator, dsn)
        stack.enter_context(_alone(coordinator, dsn))
        named = shards(coordinator, dsn)
        reached = tuple(stack.enter_context(connected(shard.conninfo)) for shard in named)
        yield _Site(coordinator, named, reached)


def _load(site: _Site, generation: str, store: SqliteStore, said: Path, progress: Progress) -> None:
    lexicon = analysed(store, said, progress)
    for server in (site.coordinator, *site.reached) if site.spread else site.reached:
        load_lexicon(server, generation, lexicon)
    site.coordinator.execute(schema.lexicon_indexes(generation))
    Loader(site.coordinator, site.reached, generation).load(store, said, lexicon.averages, progress)
    _load_extent(site.coordinator, generation, store, progress)


def _encode(site: _Site, generation: str, encoding: Encoding, progress: Progress) -> int:
    """Give every passage a vector; give how many were encoded."""
    reuse(site.reached, generation, _published(site.coordinator), encoding.encoder.name)
    lacking = [lacking_rows(shard, generation) for shard in site.reached]
    if encoding.workers:
        wanted = Wanted(generation, encoding.model, encoding.encoder.name)
        by_shard = [(shard.conninfo, rows) for shard, rows in zip(site.named, lacking, strict=True)]
        encode_apart(encoding.workers, by_shard, wanted, progress)
    else:
        encode(site.reached, generation, lacking, encoding.encoder, progress)
    return sum(map(len, lacking))


def _index(site: _Site, generation: str, progress: Progress) -> None:
    for number, shard in enumerate(site.reached, start=1):
        progress(Stage.INDEX, number, len(site.reached))
        shard.execute(schema.indexes(generation))
        if site.spread:
            shard.execute(schema.without_lexicon(generation))
        for table in (*schema.TABLES, schema.POSTING):
            shard.execute(f"VACUUM ANALYZE {generation}.{table}")


@contextmanager
def _told(dsn: str) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as exc:
        if isinstance(exc, psycopg.OperationalError) and not exc.sqlstate:
            raise unreachable(dsn, exc) from exc
        raise UsageError(
            Translatable(
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
            Translatable(
                "The server {} has no pgvector; install it there (the extensions vector and pg_trgm).",
                place(dsn),
            )
        ) from exc


@contextmanager
def _alone(coordinator: Connection, dsn: str) -> Iterator[None]:
    """Lock other builders out; raises IndexBusy.

    The lock is released by a statement: a server ends a closed connection only some time later.
    """
    ((held,),) = coordinator.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,)).fetchall()
    if not held:
        told = coordinator.execute(_HOLDER, (_LOCK,)).fetchone() or ("?", "?", "?")
        raise IndexBusy(
            Translatable(
                "Another build of {} is running: server process {}, since {}, from {}; wait for it to end.",
                place(dsn),
                *told,
            )
        )
    try:
        yield
    finally:
        with suppress(psycopg.OperationalError):  # a lost connection holds no lock
            coordinator.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))


def _manifest(store: SqliteStore, corpus: Corpus, read: ReadSummary, encoding: Encoding) -> Manifest:
    encoder = encoding.encoder
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
        analyser=analyzer.fingerprint(),
        chunking=chunking.parameters(),
        model=encoding.model,
        encoder=encoder.name,
        dimension=encoder.dimension,
        digest=read.digest,
        probe=probe(encoder),
        vectors="hnsw halfvec",
        checksums={},
    )


def _begun(site: _Site, made: Manifest) -> Manifest:
    """With the tables to load for its id: those of an interrupted build of the very same, else new ones."""
    names = [*map(str, site.named)]
    facts = (schema.FORMAT, made.digest, made.analyser, made.chunking, made.encoder, names)
    digest = hashlib.sha256(repr(facts).encode()).hexdigest()
    left = site.coordinator.execute("SELECT id, digest FROM depeche.generation WHERE state = 'loading'")
    for generation, known in left.fetchall():
        if known == digest:
            return replace(made, id=generation)
        _drop(site, generation)
    return replace(made, id=_new_tables(site, digest, made))


def _new_tables(site: _Site, digest: str, made: Manifest) -> str:
    stamp = f"{digest}{datetime.now(UTC).isoformat()}"
    generation = schema.checked(f"depeche_g{hashlib.sha256(stamp.encode()).hexdigest()[:12]}")
    with site.coordinator.transaction():
        site.coordinator.execute(schema.coordinator(generation))
        if site.spread:
            names = [shard.name for shard in site.named]
            site.coordinator.execute(schema.spread(generation, made.dimension, names))
    for shard in site.reached:
        with shard.transaction():
            shard.execute("CREATE EXTENSION IF NOT EXISTS vector")
            shard.execute(schema.shard(generation, made.dimension))
    site.coordinator.execute(
        "INSERT INTO depeche.generation (id, state, digest) VALUES (%s, 'loading', %s)", (generation, digest)
    )
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
    found = deduplication.Families(deduplication.signatures(said), lambda key: store.articles([key])[0])
    progress(Stage.COPIES, articles, articles)
    leaders = found.leaders()
    with coordinator.transaction():
        coordinator.execute(f"TRUNCATE {generation}.extent")
        coordinator.execute(
            f"INSERT INTO {generation}.extent VALUES (%s, %s, %s, %s)",
            (articles, rows, store.first_rows.astype("<i8").tobytes(), leaders.astype("<i8").tobytes()),
        )


def _publish(coordinator: Connection, made: Manifest) -> None:
    with coordinator.transaction():
        coordinator.execute(
            "UPDATE depeche.generation SET manifest = %s WHERE id = %s", (msgspec.json.encode(made), made.id)
        )
        coordinator.execute(schema.publish(made.id))


def _collect(site: _Site) -> None:
    """Drop what was published before, unless somebody reads it."""
    before = site.coordinator.execute("SELECT id FROM depeche.generation WHERE state = 'before'").fetchall()
    for (generation,) in before:
        ((free,),) = site.coordinator.execute(
            "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (generation,)
        ).fetchall()
        if free:
            _drop(site, generation)


def _drop(site: _Site, generation: str) -> None:
    name = schema.checked(generation)
    for connection in (site.coordinator, *site.reached):
        connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
    site.coordinator.execute("DELETE FROM depeche.generation WHERE id = %s", (generation,))
