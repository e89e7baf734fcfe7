"""The embedded transformer as a graph of OpenVINO, with its weights as they are: in 4 bits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from search.embedding.openvino_loading import openvino
from search.embedding.q4_weights import Q4File, codes

_BLOCK_SIZE = 32
_Node = Any


def query_graph(model: Q4File) -> Any:  # noqa: ANN401 - OpenVINO has no types
    """A model of three inputs, float32, for one text of any number of tokens, and padding.

    ``(1, tokens, hidden)``: the sums of the embeddings of each token. ``(1, 1, 1, tokens)``: what is added to
    the attention that a token gets, 0 or minus infinity. ``(1, 1, tokens)``: the share of each token in the
    mean. Its output is the mean of the last layer, ``(1, 1, hidden)``. Raises ImportError, RuntimeError.
    """
    ov = openvino()
    embeddings, attended, shares = (
        ov.opset15.parameter(shape, np.float32)
        for shape in ([1, -1, model.shape.hidden], [1, 1, 1, -1], [1, 1, -1])
    )
    layers = _Layers(model, ov.opset15, attended)
    hidden = layers.normalised(embeddings, "emb.ln")
    for layer in range(model.shape.layers):
        hidden = layers.layer(hidden, f"l{layer}.")
    pooled = ov.opset15.matmul(shares, hidden, transpose_a=False, transpose_b=False)
    return ov.Model([pooled], [embeddings, attended, shares], "query")


@dataclass(frozen=True, slots=True)
class _Layers:
    """Makes the nodes of the layers of BERT (Devlin et al. 2019, arXiv:1810.04805)."""

    model: Q4File
    op: Any
    attended: _Node

    def layer(self, hidden: _Node, layer: str) -> _Node:
        """The output of a layer, from that of the layer before."""
        attention = self._linear(self._attention(hidden, layer), [f"{layer}ao"])
        hidden = self.normalised(self.op.add(hidden, attention), f"{layer}aln")
        inner = self.op.gelu(self._linear(hidden, [f"{layer}fi"]), "erf")
        return self.normalised(self.op.add(hidden, self._linear(inner, [f"{layer}fo"])), f"{layer}oln")

    def normalised(self, hidden: _Node, name: str) -> _Node:
        """Layer normalisation."""
        op, model = self.op, self.model
        standardised = op.mvn(
            hidden,
            op.constant([-1]),
            normalize_variance=True,
            eps=model.shape.epsilon,
            eps_mode="inside_sqrt",
        )
        scaled = op.multiply(standardised, op.constant(model.weights(f"{name}.w")))
        return op.add(scaled, op.constant(model.weights(f"{name}.b")))

    def _attention(self, hidden: _Node, layer: str) -> _Node:
        """Of all heads, which attend by ``softmax(QKᵀ / √width + attended) V`` and are joined."""
        op, shape = self.op, self.model.shape
        width = shape.hidden // shape.heads
        joined = self._linear(hidden, [f"{layer}q", f"{layer}k", f"{layer}v"])
        split = op.reshape(joined, op.constant([1, -1, 3 * shape.heads, width]), special_zero=False)
        heads = op.split(op.transpose(split, op.constant([0, 2, 1, 3])), op.constant(1), 3)
        values = op.scaled_dot_product_attention(*heads.outputs(), self.attended)
        transposed = op.transpose(values, op.constant([0, 2, 1, 3]))
        return op.reshape(transposed, op.constant([1, -1, shape.hidden]), special_zero=False)

    def _linear(self, hidden: _Node, names: Sequence[str]) -> _Node:
        """A product with matrices that lie one below the other, and their biases."""
        biases = np.concatenate([self.model.weights(f"{name}.b") for name in names])
        matrix = self._matrix(np.concatenate([self.model.blocks(f"{name}.w") for name in names]), len(biases))
        product = self.op.matmul(hidden, matrix, transpose_a=False, transpose_b=True)
        return self.op.add(product, self.op.constant(biases))

    def _matrix(self, blocks: npt.NDArray[np.void], rows: int) -> _Node:
        """The form that OpenVINO multiplies without unpacking it: 4 bits, times a scale for each block."""
        op, ov = self.op, openvino()
        shape = [rows, len(blocks) // rows, _BLOCK_SIZE]
        halves = codes(blocks).view(np.uint8).ravel() & 15
        packed = halves[0::2] | halves[1::2] << 4
        # A tensor refers to the array; only the constant has a copy.
        constant = op.constant(ov.Tensor(packed, ov.Shape(shape), ov.Type.i4), shared_memory=False)
        scales = op.constant(np.ascontiguousarray(blocks["scale"]).reshape(*shape[:2], 1))
        scaled = op.multiply(op.convert(constant, "f16"), scales)
        return op.convert(op.reshape(scaled, op.constant([rows, -1]), special_zero=False), "f32")
