from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from search.embedding import q4_weights
from search.errors import EncoderUnavailable

from .conftest import HIDDEN, PIECES, Bytes, pack, weights_file

nibbles = arrays(np.uint8, st.tuples(st.integers(1, 4), st.just(32)), elements=st.integers(0, 15))


def test_a_block_worked_out_by_hand() -> None:
    # Scale 0.5; byte 0 holds 15 (low) and 9 (high), byte 1 holds 0 and 8, the others 8 and 8.
    block = np.float16(0.5).tobytes() + bytes([0x9F, 0x80, *[0x88] * 14])

    weights = q4_weights.unpack(block)

    expected = np.zeros(32, np.float32)
    expected[[0, 1, 16, 17]] = [3.5, -4.0, 0.5, 0.0]
    np.testing.assert_array_equal(weights, expected)
    assert weights.dtype == np.float32


def test_blocks_keep_their_order_and_their_own_scale() -> None:
    blocks = np.float16(1).tobytes() + b"\x99" * 16 + np.float16(-0.25).tobytes() + b"\xaa" * 16

    np.testing.assert_array_equal(q4_weights.unpack(blocks), [1.0] * 32 + [-0.5] * 32)


@given(nibbles, st.floats(-4, 4, width=16))
def test_a_weight_is_its_nibble_minus_8_times_the_scale(numbers: Bytes, scale: float) -> None:
    scales = np.full(len(numbers), scale, np.float16)

    weights = q4_weights.unpack(pack(scales, numbers))

    np.testing.assert_array_equal(weights, ((numbers.astype(np.float32) - 8) * np.float32(scale)).ravel())


def test_it_reads_the_shape_the_pieces_and_the_tensors(weights: Path) -> None:
    model = q4_weights.read(weights)

    assert model.shape == q4_weights.Shape(32, 1, 2, 64, 40, 48, 2, float(np.float32(1e-12)))
    assert model.special == q4_weights.SpecialIds(begin=0, end=2, pad=1, unknown=3)
    assert list(model.pieces) == PIECES
    assert [model.pieces[index] for index in range(len(model.pieces))] == PIECES
    assert model.pieces.scores[:7].tolist() == [0, 0, 0, 0, -2, -3, -4]
    assert model.replacements == {0xA0: " "}
    np.testing.assert_array_equal(model.weights("emb.ln.w"), np.ones(HIDDEN))
    assert model.weights("l0.fo.w").shape == (HIDDEN * 64,)
    assert np.abs(model.weights("emb.word")).max() > 0.5


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda content: b"GGUF" + content[4:], "it begins with b'GGUF'"),
        (lambda content: content[:20], "unpack_from requires"),
        (lambda content: content[:200], "buffer"),
        (lambda content: content[:-1], "the tensor l0.oln.b lies beyond its end"),
    ],
)
def test_a_damaged_file_says_so_and_what_to_type(
    tmp_path: Path, damage: Callable[[bytes], bytes], reason: str
) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(damage(weights_file(seed=1)))

    with pytest.raises(EncoderUnavailable) as caught:
        q4_weights.read(path)

    assert str(path) in str(caught.value)
    assert reason in str(caught.value)
    assert "pip install" in str(caught.value)


def test_a_missing_file_says_where(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match=r"absent\.bin"):
        q4_weights.read(tmp_path / "absent.bin")
