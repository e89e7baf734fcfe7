"""Vectors made by many machines: workers of Dask read passages from a shard, and keep their vectors there."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from search.build_types import Stage
from search.embedding import load_encoder
from search.errors import EncoderUnavailable, Translatable, UsageError
from search.postgres.connections import connected
from search.postgres.encoding import BATCH, encode_rows
from search.protocols import Encoder, Progress

if TYPE_CHECKING:
    from distributed import Client

_TASK = 4 * BATCH  # rows of a task: some seconds of a worker
_PATIENCE = 10  # seconds until a scheduler that does not answer is none


@dataclass(frozen=True, slots=True)
class Wanted:
    """Vectors of which generation, by which model as the user named it, and by what name the encoder has."""

    generation: str
    model: str
    encoder: str


def encode_apart(
    scheduler: str, lacking: Sequence[tuple[str, Sequence[int]]], wanted: Wanted, progress: Progress
) -> None:
    """Give vectors to the rows that lack them on the workers of a scheduler: where a shard is, and its rows.

    A task may be run twice and a worker may die: a row keeps the vector it has, and what is missing in the
    end is made by the next build. Raises UsageError when the scheduler is not there, and EncoderUnavailable
    when a worker has another model.
    """
    total, done = sum(len(rows) for _, rows in lacking), 0
    with _client(scheduler) as client:
        from distributed import as_completed

        futures = {}
        for conninfo, rows in lacking:
            for start in range(0, len(rows), _TASK):
                part = list(rows[start : start + _TASK])
                futures[client.submit(encode_task, conninfo, part, wanted, pure=False)] = len(part)
        for future in as_completed(futures):
            future.result()
            done += futures[future]
            progress(Stage.ENCODE, done, total)


def encode_task(conninfo: str, rows: Sequence[int], wanted: Wanted) -> None:
    """What a worker does: encode these rows of a shard; raises EncoderUnavailable."""
    loaded = _loaded(wanted.model)
    if loaded.name != wanted.encoder:
        raise EncoderUnavailable(
            Translatable(
                "A worker encodes by {}, not by {}: give all the same model.", loaded.name, wanted.encoder
            )
        )
    with connected(conninfo) as shard:
        for start in range(0, len(rows), BATCH):
            encode_rows(shard, wanted.generation, rows[start : start + BATCH], loaded)


@cache
def _loaded(model: str) -> Encoder:
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
        return Client(scheduler, timeout=_PATIENCE)
    except (OSError, ValueError) as exc:
        raise UsageError(
            Translatable(
                "There is no Dask scheduler at {} ({}); start one: dask scheduler", scheduler, str(exc) or exc
            )
        ) from exc
