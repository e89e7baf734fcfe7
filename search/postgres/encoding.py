"""Encodes the passages that have no vector yet, and stores the vectors in their shard."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from search.build_types import Progress, Stage
from search.indexing.batch_order import spread_batches
from search.postgres.connections import Record
from search.postgres.loader import Connection
from search.postgres.schema import checked_id
from search.protocols import Encoder, Floats
from search.text.chunking import encoded_text
from search.types import Article

BATCH = 256
"""Vectors that are stored together; an interruption loses at most one batch."""
_COPY_VECTORS = """
INSERT INTO {new}.vector (key, "row", meaning)
SELECT DISTINCT ON (passage."row") passage.key, passage."row", old_vector.meaning
FROM {new}.passage AS passage JOIN {old}.passage AS old_passage USING (hash)
JOIN {old}.vector AS old_vector ON old_vector."row" = old_passage."row"
ON CONFLICT DO NOTHING
"""
_WITHOUT_VECTOR = """
SELECT passage."row", ends - starts AS length FROM {id}.passage AS passage
WHERE NOT EXISTS (SELECT 1 FROM {id}.vector AS vector WHERE vector."row" = passage."row")
"""
_MISSING = """
SELECT passage.key, passage."row", passage.hash FROM {new}.passage AS passage
WHERE NOT EXISTS (SELECT 1 FROM {new}.vector AS vector WHERE vector."row" = passage."row")
"""
_VECTORS_OF_HASHES = """
SELECT DISTINCT ON (hash) hash, meaning::text FROM {old}.passage AS passage
JOIN {old}.vector AS vector ON vector."row" = passage."row" WHERE hash = ANY (%s)
"""
_TEXTS = """
SELECT passage.key, passage."row", starts, ends, title, body
FROM {id}.passage AS passage JOIN {id}.article AS article ON article.key = passage.key
WHERE passage."row" = ANY (%s) ORDER BY ends - starts, passage."row"
"""
_INSERT = 'INSERT INTO {id}.vector (key, "row", meaning) VALUES (%s, %s, %s::halfvec) ON CONFLICT DO NOTHING'


def copy_vectors(shards: Sequence[Connection], generation: str, published: str) -> None:
    """Copy the vectors of unchanged texts from the published generation, which the same encoder made.

    Each shard copies those that it has. An article may have moved to another shard, as the key decides where
    it is; then its vectors are sent there.
    """
    names = {"new": checked_id(generation), "old": checked_id(published)}
    for shard in shards:
        shard.execute(_COPY_VECTORS.format(**names))
    for shard in shards:
        rows = shard.execute(_MISSING.format(**names)).fetchall()
        for other in (each for each in shards if each is not shard):
            for start in range(0, len(rows), BATCH):
                _send_vectors(other, shard, rows[start : start + BATCH], names)


def _send_vectors(
    source: Connection, target: Connection, rows: Sequence[Record], names: dict[str, str]
) -> None:
    """Send the vectors that one shard has of the texts of rows of another: key, row and hash each."""
    hashes = [text_hash for *_, text_hash in rows]
    vectors: dict[bytes, str] = dict(source.execute(_VECTORS_OF_HASHES.format(**names), (hashes,)).fetchall())
    records = [(key, row, vectors[text_hash]) for key, row, text_hash in rows if text_hash in vectors]
    with target.transaction(), target.cursor() as cursor:
        cursor.executemany(_INSERT.format(id=names["new"]), records)


def encode(
    shards: Sequence[Connection],
    generation: str,
    rows_by_shard: Sequence[Sequence[int]],
    encoder: Encoder,
    progress: Progress,
) -> None:
    """Encode these rows of each shard in this process, and store their vectors."""
    total, done = sum(map(len, rows_by_shard)), 0
    for shard, rows in zip(shards, rows_by_shard, strict=True):
        for batch in spread_batches(rows, BATCH):
            encode_rows(shard, generation, batch, encoder)
            done += len(batch)
            progress(Stage.ENCODE, done, total)


def rows_without_vector(shard: Connection, generation: str) -> list[int]:
    """The rows of a shard that have no vector, the shortest text first.

    The longest text of a batch decides its cost, so texts of similar length are encoded together.
    """
    query = f"{_WITHOUT_VECTOR.format(id=checked_id(generation))} ORDER BY length, 1"
    return [int(row) for row, _ in shard.execute(query).fetchall()]


def encode_rows(shard: Connection, generation: str, rows: Sequence[int], encoder: Encoder) -> None:
    """Encode these rows of a shard and store their vectors, all or none; a row keeps a vector that it has."""
    name = checked_id(generation)
    passages = shard.execute(_TEXTS.format(id=name), (list(rows),)).fetchall()
    texts = [encoded_text(Article("", title, body), start, end) for *_, start, end, title, body in passages]
    vectors = encoder.encode_passages(texts)
    with shard.transaction(), shard.cursor() as cursor:
        cursor.executemany(
            _INSERT.format(id=name),
            [(key, row, halfvec(vector)) for (key, row, *_), vector in zip(passages, vectors, strict=True)],
        )


def halfvec(vector: Floats) -> str:
    """A vector in half precision, written as pgvector reads it."""
    halves: npt.NDArray[np.float16] = vector.astype(np.float16)
    return f"[{','.join(f'{number:.9g}' for number in halves.tolist())}]"
