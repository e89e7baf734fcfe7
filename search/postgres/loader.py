"""Loads the stored articles of a build into the shards, in batches that are loaded whole or not at all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import msgspec
import psycopg

from search.build_types import Progress, Stage
from search.indexing.article_store import SqliteStore
from search.postgres import schema
from search.postgres.connections import Record
from search.postgres.term_vectors import (
    AnalysedArticle,
    LexiconBuilder,
    saturation_counts,
    sparsevec,
    weights,
)
from search.postgres.wire_format import float_array, int_array
from search.types import Article, Chunk

_BATCH = 500  # articles that are loaded together
_SHARD_OF_KEY = """
SELECT key, remainder FROM generate_series(%s::int, %s::int) AS key, generate_series(0, %s - 1) AS remainder
WHERE satisfies_hash_partition(%s::regclass, %s, remainder, key) ORDER BY key
"""

Connection = psycopg.Connection[Record]


def analyse_articles(store: SqliteStore, file: Path, progress: Progress) -> LexiconBuilder:
    """Analyse every article, and write the results to a file, by key; raises OSError."""
    lexicon = LexiconBuilder()
    total = len(store.first_rows)
    with file.open("wb") as stream:
        for key, (article, chunks) in enumerate(store.articles_with_chunks(range(total))):
            analysed = lexicon.analyse(key, article, [(chunk.start, chunk.end) for chunk in chunks])
            packed = msgspec.msgpack.encode(analysed)
            stream.write(len(packed).to_bytes(4, "little") + packed)
            progress(Stage.WORDS, key + 1, total)
    return lexicon


def load_lexicon(server: Connection, generation: str, lexicon: LexiconBuilder) -> None:
    """Replace the lexicon of a generation on one server."""
    server.execute(schema.empty_lexicon(generation))
    _copy(server, f"{generation}.lexicon", lexicon.records())


@dataclass(frozen=True, slots=True)
class _ArticleToLoad:
    """An article with its chunks, and the result of its analysis."""

    article: Article
    chunks: list[Chunk]
    analysed: AnalysedArticle

    @property
    def key(self) -> int:
        return self.analysed.key


class Loader:
    """Loads articles in the order of their keys; each goes to its shard."""

    def __init__(self, coordinator: Connection, shards: Sequence[Connection], generation: str) -> None:
        self._coordinator = coordinator
        self._shards = shards
        self._generation = schema.checked_id(generation)

    def load(
        self, store: SqliteStore, analysed: Path, mean_lengths: Sequence[float], progress: Progress
    ) -> None:
        """Load the articles that the shards do not have yet.

        ``analysed`` is the file of ``analyse_articles``. ``progress`` is called when a batch is durable.
        """
        hashes, total = store.text_hashes(), len(store.first_rows)
        last_keys = [self._last_key(shard) for shard in self._shards]
        results = _read_analysed(analysed)
        for start in range(0, total, _BATCH):
            keys = range(start, min(total, start + _BATCH))
            stored = zip(store.articles_with_chunks(keys), results, strict=False)
            batch = [_ArticleToLoad(article, chunks, result) for (article, chunks), result in stored]
            shard_of_key = self._shard_of_key(keys)
            for number, shard in enumerate(self._shards):
                new = [
                    each
                    for each in batch
                    if shard_of_key[each.key] == number and each.key > last_keys[number]
                ]
                if new:
                    self._load_batch(shard, new, mean_lengths, hashes, store)
            progress(Stage.LOAD, keys[-1] + 1, total)

    def _last_key(self, shard: Connection) -> int:
        """The highest key of a shard; it has all of its articles up to there, as batches come in order."""
        ((key,),) = shard.execute(f"SELECT coalesce(max(key), -1) FROM {self._generation}.words").fetchall()
        return int(key)

    def _shard_of_key(self, keys: range) -> dict[int, int]:
        """By key, the number of its shard; PostgreSQL's own hash decides, as for its foreign partitions."""
        if len(self._shards) == 1:
            return dict.fromkeys(keys, 0)
        count = len(self._shards)
        parameters = (keys[0], keys[-1], count, f"{self._generation}.article", count)
        return dict(self._coordinator.execute(_SHARD_OF_KEY, parameters).fetchall())

    def _load_batch(
        self,
        shard: Connection,
        batch: Sequence[_ArticleToLoad],
        mean_lengths: Sequence[float],
        hashes: Sequence[bytes],
        store: SqliteStore,
    ) -> None:
        first_rows = store.first_rows
        tables: dict[str, Iterable[Record]] = {
            "article": ((each.key, *astuple(each.article)) for each in batch),
            "words": (_words_record(each.analysed, mean_lengths) for each in batch),
            "written": (_written_record(each.analysed, mean_lengths) for each in batch),
            "passage": (
                (each.key, row, chunk.ordinal, chunk.start, chunk.end, hashes[row])
                for each in batch
                for row, chunk in enumerate(each.chunks, start=int(first_rows[each.key]))
            ),
            "passage_words": (
                record
                for each in batch
                for record in _passage_records(each.analysed, int(first_rows[each.key]), mean_lengths)
            ),
        }
        with shard.transaction():
            for table, records in tables.items():
                _copy(shard, f"{self._generation}.{table}", records)


def _copy(connection: Connection, table: str, records: Iterable[Sequence[object]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copying:
        for record in records:
            copying.write_row(record)


def _read_analysed(file: Path) -> Iterator[AnalysedArticle]:
    decoder = msgspec.msgpack.Decoder(AnalysedArticle)
    with file.open("rb") as stream:
        while length := stream.read(4):
            yield decoder.decode(stream.read(int.from_bytes(length, "little")))


def _words_record(article: AnalysedArticle, mean_lengths: Sequence[float]) -> Record:
    weight_of_term: dict[int, float] = {}
    for counts, saturation in zip(article.fields, _field_saturations(article, mean_lengths), strict=True):
        weight_of_term |= weights(counts, saturation)
    scores = (weight_of_term.get(term, 0.0) for term in article.terms)  # 0: a term that only filters
    return article.key, int_array(article.terms), float_array(scores), *article.days


def _written_record(article: AnalysedArticle, mean_lengths: Sequence[float]) -> Record:
    count_of_term: dict[int, int] = {}
    for counts in article.fields:
        count_of_term |= counts
    return article.key, sparsevec(count_of_term), _field_saturations(article, mean_lengths), *article.written


def _field_saturations(article: AnalysedArticle, mean_lengths: Sequence[float]) -> list[float]:
    lengths = [sum(counts.values()) for counts in article.fields]
    return saturation_counts(lengths, mean_lengths[:-1])


def _passage_records(
    article: AnalysedArticle, first_row: int, mean_lengths: Sequence[float]
) -> Iterator[Record]:
    for row, counts in enumerate(article.passages, start=first_row):
        (saturation,) = saturation_counts([sum(counts.values())], mean_lengths[-1:])
        terms, scores = sorted(counts), weights(counts, saturation)
        in_order = float_array(scores[term] for term in terms)
        yield article.key, row, int_array(terms), in_order, sparsevec(counts), saturation
