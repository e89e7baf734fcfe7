"""Encodes passages on the workers of a Dask cluster; each worker reads from a shard and writes to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from search.build_types import Progress, Stage
from search.embedding import load_encoder
from search.errors import EncoderUnavailable, Translatable, UsageError
from search.indexing.batch_order import spread_batches
from search.postgres.connections import connect
from search.postgres.encoding import BATCH, encode_rows
from search.protocols import Encoder

if TYPE_CHECKING:
    from distributed import Client

_TASK_ROWS = 4 * BATCH  # some seconds of work
_TIMEOUT = 10  # seconds


@dataclass(frozen=True, slots=True)
class EncodingJob:
    """The generation to encode, the model as the user named it, and the name of its encoder."""

    generation: str
    model: str
    encoder: str


def encode_on_workers(
    scheduler: str, rows_by_shard: Sequence[tuple[str, Sequence[int]]], job: EncodingJob, progress: Progress
) -> None:
    """Encode rows on the workers of a scheduler; each shard is given by its address and its rows.

    A task may run twice and a worker may die: a row keeps the vector that it has, and the next build encodes
    the rows that have none. Raises UsageError when the scheduler does not answer, and EncoderUnavailable when
    a worker has another model.
    """
    total, done = sum(len(rows) for _, rows in rows_by_shard), 0
    with _client(scheduler) as client:
        from distributed import as_completed

        futures = {}
        for conninfo, rows in rows_by_shard:
            for part in spread_batches(rows, _TASK_ROWS):
                futures[client.submit(encode_task, conninfo, part, job, pure=False)] = len(part)
        for future in as_completed(futures):
            future.result()
            done += futures[future]
            progress(Stage.ENCODE, done, total)


def encode_task(conninfo: str, rows: Sequence[int], job: EncodingJob) -> None:
    """Encode these rows of a shard; runs on a worker. Raises EncoderUnavailable."""
    encoder = _encoder(job.model)
    if encoder.name != job.encoder:
        raise EncoderUnavailable(
            Translatable(
                "A worker encodes by {}, not by {}: give all the same model.", encoder.name, job.encoder
            )
        )
    with connect(conninfo) as shard:
        for start in range(0, len(rows), BATCH):
            encode_rows(shard, job.generation, rows[start : start + BATCH], encoder)


@cache
def _encoder(model: str) -> Encoder:
    return load_encoder(model or None)


def _client(scheduler: str) -> "Client":
    try:
        from distributed import Client
    except ModuleNotFoundError as exc:
        raise UsageError(
            Translatable(
                "--workers needs {}, which is not installed; run: pip install 'depeche-search[dask]'",
                exc.name,
            )
        ) from exc
    try:
        return Client(scheduler, timeout=_TIMEOUT)
    except (OSError, ValueError) as exc:
        raise UsageError(
            Translatable(
                "There is no Dask scheduler at {} ({}); start one: dask scheduler", scheduler, str(exc) or exc
            )
        ) from exc
