"""Vectors of the passages that have none: read from a shard, encoded, and kept there."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from search.build_types import Stage
from search.postgres.loader import Connection
from search.postgres.schema import checked
from search.protocols import Encoder, Floats, Progress
from search.text.chunking import encoded_text
from search.types import Article

BATCH = 256
"""Vectors made durable together: what an interruption can cost."""
_REUSED = """
INSERT INTO {new}.vector (key, "row", meaning)
SELECT DISTINCT ON (passage."row") passage.key, passage."row", kept.meaning
FROM {new}.passage AS passage JOIN {old}.passage AS before USING (hash)
JOIN {old}.vector AS kept ON kept."row" = before."row"
ON CONFLICT DO NOTHING
"""
_LACKING = """
SELECT passage."row", ends - starts AS length FROM {id}.passage AS passage
WHERE NOT EXISTS (SELECT 1 FROM {id}.vector AS vector WHERE vector."row" = passage."row")
"""
_TEXTS = """
SELECT passage.key, passage."row", starts, ends, title, body
FROM {id}.passage AS passage JOIN {id}.article AS article ON article.key = passage.key
WHERE passage."row" = ANY (%s) ORDER BY ends - starts, passage."row"
"""
_KEPT = 'INSERT INTO {id}.vector (key, "row", meaning) VALUES (%s, %s, %s::halfvec) ON CONFLICT DO NOTHING'


def reuse(shards: Sequence[Connection], generation: str, published: tuple[str, str], encoder: str) -> None:
    """Copy, within each shard, what the published generation has; that is its id and who encoded it."""
    old, made_by = published
    if old and made_by == encoder:
        for shard in shards:
            shard.execute(_REUSED.format(new=checked(generation), old=checked(old)))


def encode(
    shards: Sequence[Connection],
    generation: str,
    lacking: Sequence[Sequence[int]],
    encoder: Encoder,
    progress: Progress,
) -> None:
    """Give vectors to the rows that lack them, by shard, here."""
    total, done = sum(map(len, lacking)), 0
    for shard, rows in zip(shards, lacking, strict=True):
        for start in range(0, len(rows), BATCH):
            encode_rows(shard, generation, rows[start : start + BATCH], encoder)
            done += len(rows[start : start + BATCH])
            progress(Stage.ENCODE, done, total)


def lacking_rows(shard: Connection, generation: str) -> list[int]:
    """The rows of a shard without a vector, the shortest first: a batch costs what its longest text does."""
    found = shard.execute(f"{_LACKING.format(id=checked(generation))} ORDER BY length, 1").fetchall()
    return [int(row) for row, _ in found]


def encode_rows(shard: Connection, generation: str, rows: Sequence[int], encoder: Encoder) -> None:
    """Give these rows of a shard their vectors, all or none; those that have one keep it."""
    name = checked(generation)
    found = shard.execute(_TEXTS.format(id=name), (list(rows),)).fetchall()
    texts = [encoded_text(Article("", title, body), start, end) for _, _, start, end, title, body in found]
    vectors = encoder.encode_passages(texts)
    with shard.transaction(), shard.cursor() as cursor:
        cursor.executemany(
            _KEPT.format(id=name),
            [(key, row, told(vector)) for (key, row, *_), vector in zip(found, vectors, strict=True)],
        )


def told(vector: Floats) -> str:
    """A vector as pgvector reads it, in half precision."""
    halves: npt.NDArray[np.float16] = vector.astype(np.float16)
    return f"[{','.join(f'{number:.9g}' for number in halves.tolist())}]"
