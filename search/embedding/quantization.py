"""The products of a model in 8-bit integers: weights, and activations scaled by what real texts gave."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from search.embedding.openvino_loading import openvino
from search.protocols import Floats, Ints

Ranges = list[Floats]
"""Of each input of a product, in the order of the graph: the least and the greatest value by channel."""

_SMOOTHING = 0.8
"""How much of the spread of activations goes into the weights: of .5 to 1, it gave the nearest vectors."""
_TINY = 1e-5
_LEVELS = 255


def calibrate(graph: Path, ids: Ints, mask: Ints) -> tuple[Floats, Ranges]:
    """The vectors of these texts in float32, not of length 1, and the ranges. Raises RuntimeError."""
    op = openvino().opset13
    model = openvino().Core().read_model(graph)
    sources = {_source(product): product.input_value(0) for product, _ in _products(model)}
    rows_and_tokens = op.constant([0, 1])
    for source in sources.values():
        model.add_outputs(
            [reduce(source, rows_and_tokens).output(0) for reduce in (op.reduce_min, op.reduce_max)]
        )
    compiled = openvino().Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    vectors: list[Floats] = []
    extremes: list[list[Floats]] = []
    for row, length in enumerate(mask.sum(axis=1).tolist()):  # one by one: padding is no activation
        results = compiled([ids[row : row + 1, :length], mask[row : row + 1, :length]])
        first, *others = (results[output].copy() for output in compiled.outputs)
        vectors.append(first[0])
        extremes.append(others)
    channels = [np.stack(values) for values in zip(*extremes, strict=True)]
    ranges = [
        np.stack([least.min(axis=0), greatest.max(axis=0)])
        for least, greatest in zip(channels[::2], channels[1::2], strict=True)
    ]
    return np.stack(vectors), ranges


def quantized(graph: Path, ranges: Ranges) -> Any:  # noqa: ANN401 - OpenVINO has no types
    """The model with products of 8-bit integers; raises RuntimeError, ValueError for ranges of another model.

    Channels of activations with great values are divided before, and their weights multiplied: SmoothQuant
    (Xiao et al. 2023, arXiv:2211.10438), with the divisors max|x|^a / max|w|^(1-a).
    """
    op = openvino().opset13
    model = openvino().Core().read_model(graph)
    products = [*_products(model)]
    sources = dict.fromkeys(_source(product) for product, _ in products)
    inputs: dict[str, tuple[Any, Floats]] = {}
    for source, (least, greatest) in zip(sources, ranges, strict=True):
        users = [(product, weights) for product, weights in products if _source(product) == source]
        heaviest = np.max([np.abs(weights).max(axis=0) for _, weights in users], axis=0)
        largest = np.maximum(np.abs(least), np.abs(greatest))
        divisors = np.maximum(largest, _TINY) ** _SMOOTHING / np.maximum(heaviest, _TINY) ** (1 - _SMOOTHING)
        value = op.multiply(users[0][0].input_value(0), op.constant((1 / divisors).astype(np.float32)))
        bounds = [
            op.constant(np.float32(b))
            for b in _bounds(float((least / divisors).min()), float((greatest / divisors).max()))
        ]
        inputs[source] = (op.fake_quantize(value, *bounds, *bounds, _LEVELS + 1).output(0), divisors)
    for product, weights in products:
        value, divisors = inputs[_source(product)]
        product.input(0).replace_source_output(value)
        product.input(1).replace_source_output(_integers(weights * divisors))
    model.validate_nodes_and_infer_types()
    return model


def _products(model: Any) -> Iterator[tuple[Any, Floats]]:  # noqa: ANN401
    """The products of activations with constant matrices, and these matrices, ``[outputs, inputs]``."""
    for node in model.get_ordered_ops():
        if node.get_type_name() == "MatMul":
            constant = node.input_value(1).get_node()
            if constant.get_type_name() == "Convert":
                constant = constant.input_value(0).get_node()
            if constant.get_type_name() == "Constant":
                yield node, np.asarray(constant.get_data(), np.float32)


def _source(product: Any) -> str:  # noqa: ANN401
    value = product.input_value(0)
    return f"{value.get_node().get_friendly_name()}:{value.get_index()}"


def _bounds(least: float, greatest: float) -> tuple[float, float]:
    """The range of 256 levels, one of which is zero."""
    least, greatest = min(least, 0.0), max(greatest, 0.0)
    step = max(greatest - least, _TINY) / _LEVELS
    zero = round(-least / step)
    return -zero * step, (_LEVELS - zero) * step


def _integers(weights: Floats) -> Any:  # noqa: ANN401
    """A matrix in 8 bits, times a scale for each output."""
    op = openvino().opset13
    scales = np.maximum(np.abs(weights).max(axis=1, keepdims=True), _TINY) / 127
    integers = np.round(weights / scales).astype(np.int8)
    scaled = op.multiply(
        op.convert(op.constant(integers), np.float32), op.constant(scales.astype(np.float32))
    )
    return scaled.output(0)
