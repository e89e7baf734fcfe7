"""Computes vectors by a graph of OpenVINO, on several streams."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from search.embedding.openvino_loading import openvino
from search.protocols import Floats, Ints

WIDTH_STEP = 16  # tokens
_BATCH_TOKENS = 1536


class CompiledGraph:
    """A graph from tokens to pooled vectors, compiled for this processor with the given options.

    A batch is split into parts of texts of similar length, with about the same number of tokens. Each stream
    of OpenVINO computes one part at a time. This is a third faster than all cores on one part, as streams do
    not wait for each other. Widths are multiples of 16, because OpenVINO uses memory for every shape. Raises
    ImportError, RuntimeError.
    """

    def __init__(self, graph: Any, options: dict[str, str]) -> None:  # noqa: ANN401 - OpenVINO has no types
        compiled = openvino().Core().compile_model(graph, "CPU", options)
        self._requests = openvino().AsyncInferQueue(compiled)
        self.streams = len(self._requests)
        self.dimension = int(compiled.output(0).partial_shape[1].get_length())

    def vectors(self, ids: Ints, mask: Ints) -> Floats:
        """One row for each text, float32, not of length 1."""
        vectors = np.empty((len(ids), self.dimension), np.float32)

        def store(request: Any, rows: Ints) -> None:  # noqa: ANN401
            vectors[rows] = request.get_output_tensor().data

        self._requests.set_callback(store)
        try:
            for rows, width in _split(mask.sum(axis=1)):
                self._requests.start_async([ids[rows, :width], mask[rows, :width]], rows)
        finally:  # also after Ctrl-C: a callback during the exit of Python would abort the process
            self._requests.wait_all()
        return vectors


def _split(lengths: npt.NDArray[np.int64]) -> Iterator[tuple[Ints, int]]:
    """Parts of at most ``_BATCH_TOKENS``: their rows and their width; the longest texts come first."""
    order = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(order):
        width = -(-int(lengths[order[start]]) // WIDTH_STEP) * WIDTH_STEP
        rows = order[start : start + max(1, _BATCH_TOKENS // width)]
        yield rows, width
        start += len(rows)
