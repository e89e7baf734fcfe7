"""From the stored articles of a build to the shards: in batches that are each there whole or not at all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from pathlib import Path

import msgspec
import psycopg

from search.build_types import Stage
from search.indexing.article_store import SqliteStore
from search.postgres import schema
from search.postgres.connections import Record
from search.postgres.term_vectors import Analysed, Lexicon, halves, sparse, weights
from search.protocols import Progress
from search.types import Article, Chunk

_BATCH = 500  # articles that are loaded together
_PLACED = """
SELECT key, remainder FROM generate_series(%s::int, %s::int) AS key, generate_series(0, %s - 1) AS remainder
WHERE satisfies_hash_partition(%s::regclass, %s, remainder, key) ORDER BY key
"""

Connection = psycopg.Connection[Record]


def analysed(store: SqliteStore, place: Path, progress: Progress) -> Lexicon:
    """Number the terms of every article, and keep what each says in a file, by key; raises OSError."""
    lexicon = Lexicon()
    total = len(store.first_rows)
    with place.open("wb") as file:
        for key, (article, chunks) in enumerate(store.chunked(range(total))):
            said = lexicon.analyse(key, article, [(chunk.start, chunk.end) for chunk in chunks])
            packed = msgspec.msgpack.encode(said)
            file.write(len(packed).to_bytes(4, "little") + packed)
            progress(Stage.WORDS, key + 1, total)
    return lexicon


def load_lexicon(server: Connection, generation: str, lexicon: Lexicon) -> None:
    """Write the lexicon anew."""
    server.execute(schema.lexicon(generation))
    _copy(server, f"{generation}.lexicon", lexicon.records())


class Loader:
    """Loads articles, in the order of their keys, into the shards they belong to."""

    def __init__(self, coordinator: Connection, shards: Sequence[Connection], generation: str) -> None:
        self._coordinator = coordinator
        self._shards = shards
        self._generation = schema.checked(generation)

    def load(self, store: SqliteStore, analysed: Path, averages: Sequence[float], progress: Progress) -> None:
        """Load what is not there yet, in whole batches; ``progress`` is told what cannot be lost any more."""
        hashes, total = store.text_hashes(), len(store.first_rows)
        there = [self._loaded(shard) for shard in self._shards]
        said = _said(analysed)
        for start in range(0, total, _BATCH):
            keys = range(start, min(total, start + _BATCH))
            batch = list(zip(keys, store.chunked(keys), said, strict=False))
            placed = self._placed(keys)
            for number, shard in enumerate(self._shards):
                wanted = [each for each in batch if placed[each[0]] == number and each[0] > there[number]]
                if wanted:
                    self._load_batch(shard, wanted, averages, hashes, store)
            progress(Stage.LOAD, keys[-1] + 1, total)

    def _loaded(self, shard: Connection) -> int:
        """The last key that a shard has: batches come in order, so it has all before that are its own."""
        ((last,),) = shard.execute(f"SELECT coalesce(max(key), -1) FROM {self._generation}.words").fetchall()
        return int(last)

    def _placed(self, keys: range) -> dict[int, int]:
        """By key, the number of its shard: PostgreSQL's own hash, that foreign partitions go by."""
        if len(self._shards) == 1:
            return dict.fromkeys(keys, 0)
        count = len(self._shards)
        told = (keys[0], keys[-1], count, f"{self._generation}.article", count)
        return dict(self._coordinator.execute(_PLACED, told).fetchall())

    def _load_batch(
        self,
        shard: Connection,
        batch: Sequence[tuple[int, tuple[Article, list[Chunk]], Analysed]],
        averages: Sequence[float],
        hashes: Sequence[bytes],
        store: SqliteStore,
    ) -> None:
        firsts = store.first_rows
        with shard.transaction():
            for table, records in (
                ("article", ((key, *astuple(article)) for key, (article, _), _ in batch)),
                ("words", (_words(said, averages) for _, _, said in batch)),
                ("written", (_written(said, averages) for _, _, said in batch)),
                (
                    "passage",
                    (
                        (key, row, chunk.ordinal, chunk.start, chunk.end, hashes[row])
                        for key, (_, chunks), _ in batch
                        for row, chunk in enumerate(chunks, start=int(firsts[key]))
                    ),
                ),
                (
                    "passage_words",
                    (
                        record
                        for key, _, said in batch
                        for record in _passage_words(said, int(firsts[key]), averages)
                    ),
                ),
            ):
                _copy(shard, f"{self._generation}.{table}", records)


def _copy(connection: Connection, table: str, records: Iterable[Sequence[object]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copying:
        for record in records:
            copying.write_row(record)


def _said(analysed: Path) -> Iterator[Analysed]:
    decoder = msgspec.msgpack.Decoder(Analysed)
    with analysed.open("rb") as file:
        while length := file.read(4):
            yield decoder.decode(file.read(int.from_bytes(length, "little")))


def _words(said: Analysed, averages: Sequence[float]) -> Record:
    weighed: dict[int, float] = {}
    for counts, half in zip(said.fields, _halves(said, averages), strict=True):
        weighed |= weights(counts, half)
    return said.key, said.terms, sparse(weighed), *said.days


def _written(said: Analysed, averages: Sequence[float]) -> Record:
    counted: dict[int, int] = {}
    for counts in said.fields:
        counted |= counts
    return said.key, sparse(counted), _halves(said, averages), *said.written


def _halves(said: Analysed, averages: Sequence[float]) -> list[float]:
    return halves([sum(counts.values()) for counts in said.fields], averages[:-1])


def _passage_words(said: Analysed, first_row: int, averages: Sequence[float]) -> Iterator[Record]:
    for row, counts in enumerate(said.passages, start=first_row):
        (half,) = halves([sum(counts.values())], averages[-1:])
        yield said.key, row, sorted(counts), sparse(weights(counts, half)), sparse(counts), half
