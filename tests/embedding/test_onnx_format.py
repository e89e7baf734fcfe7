"""Tests that ONNX Runtime reads what is written, and computes it as numpy does."""

import numpy as np
import pytest

from search.embedding import onnx_format
from search.embedding.query_route import _onnxruntime, is_installed

if not is_installed():
    pytest.skip("ONNX Runtime is not here", allow_module_level=True)

ROWS, COLUMNS = 300, 7  # a number of more than seven bits, and tensors of more than 127 bytes


def test_a_model_computes_what_was_written() -> None:
    rng = np.random.default_rng(7)
    scale, bias = rng.standard_normal((2, COLUMNS), np.float32)
    epsilon = 0.5
    attributes: onnx_format.Attributes = {"axis": -1, "epsilon": epsilon}
    graph = onnx_format.graph(
        [
            onnx_format.node("LayerNormalization", "", ["in", "scale", "bias"], ["normalised"], attributes),
            onnx_format.node("Clip", "", ["normalised", "", "most"], ["clipped"], {}),
            onnx_format.node("Reshape", "", ["clipped", "shape"], ["out"], {}),
        ],
        [
            onnx_format.tensor("scale", scale),
            onnx_format.tensor("bias", bias),
            onnx_format.tensor("most", np.array(0.25, np.float32)),
            onnx_format.tensor("shape", np.array([COLUMNS, -1], np.int64)),
        ],
        [onnx_format.floats("in", ("rows", COLUMNS))],
        [onnx_format.floats("out", (COLUMNS, "rows"))],
    )
    session = _onnxruntime().InferenceSession(onnx_format.model(graph, {"": 20}))
    values = rng.standard_normal((ROWS, COLUMNS), np.float32)

    (computed,) = session.run(["out"], {"in": values})

    centred = values - values.mean(axis=1, keepdims=True)
    normalised = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + epsilon) * scale + bias
    np.testing.assert_allclose(computed, np.minimum(normalised, 0.25).reshape(COLUMNS, -1), atol=1e-5)
    assert [(part.name, part.shape) for part in session.get_inputs()] == [("in", ["rows", COLUMNS])]
