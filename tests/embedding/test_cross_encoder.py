"""Any CrossEncoder, played by a tiny random one."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from search.embedding import load_reranker
from search.embedding.cross_encoder import CrossEncoderReranker
from search.errors import EncoderUnavailable

from .conftest import MakeModel

pytestmark = pytest.mark.model

TEXTS = ["obus", "un autre texte", "é", "le mot le plus long de la liste", ""]
MakeReranker = Callable[..., Path]


@pytest.fixture
def tiny_reranker(tiny_model: MakeModel, tmp_path: Path) -> MakeReranker:
    """Makes a folder of a CrossEncoder with this many outputs from the tiny encoder."""

    def make(outputs: int = 1) -> Path:
        import torch
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        torch.manual_seed(1)
        encoder, folder = tiny_model("tiny", {}), tmp_path / "reranker"
        model = AutoModelForSequenceClassification.from_pretrained(
            encoder, num_labels=outputs, dtype=torch.float32
        )
        for untrained in (model.bert.pooler.dense, model.classifier):
            untrained.weight.data.normal_()
        model.save_pretrained(folder)
        AutoTokenizer.from_pretrained(encoder).save_pretrained(folder)
        return folder

    return make


def test_each_text_is_scored_with_the_query(tiny_reranker: MakeReranker) -> None:
    reranker = load_reranker(str(tiny_reranker()))
    scores = reranker.score("obus", TEXTS)

    assert scores.shape == (len(TEXTS),)
    assert scores.dtype == np.float32
    for text, found in zip(TEXTS, scores, strict=True):
        assert reranker.score("obus", [text])[0] == pytest.approx(found, abs=2e-2)
    assert len(set(scores.tolist())) == len(TEXTS)
    np.testing.assert_allclose(reranker.score("obus", TEXTS[::-1]), scores[::-1], atol=2e-2)
    assert np.abs(reranker.score("le mot", TEXTS) - scores).max() > 2e-2
    assert not ((scores >= 0) & (scores <= 1)).all()  # what a sigmoid would have made of them
    assert reranker.score("obus", []).shape == (0,)


def test_what_tokenizers_refuse_is_left_out_and_the_rest_cut(tiny_reranker: MakeReranker) -> None:
    reranker = CrossEncoderReranker(str(tiny_reranker()))

    np.testing.assert_array_equal(
        reranker.score("ob\ud83dus", ["mot\ud83d"]), reranker.score("obus", ["mot"])
    )
    long = "abcdefgh" * 40
    np.testing.assert_array_equal(reranker.score("obus", [long + "x"]), reranker.score("obus", [long + "y"]))


@pytest.mark.parametrize("outputs", [2, 3])
def test_a_model_of_several_outputs_is_no_reranker(tiny_reranker: MakeReranker, outputs: int) -> None:
    with pytest.raises(EncoderUnavailable, match="not trained to give one score"):
        CrossEncoderReranker(str(tiny_reranker(outputs)))


def test_an_encoder_is_no_reranker(tiny_model: MakeModel) -> None:
    folder = tiny_model("tiny", {})
    with pytest.raises(EncoderUnavailable, match="not trained to give one score"):
        CrossEncoderReranker(str(folder))
    for name in ("modules.json", "config_sentence_transformers.json", "sentence_bert_config.json"):
        (folder / name).unlink()
    with pytest.raises(EncoderUnavailable, match="not trained to give one score"):
        CrossEncoderReranker(str(folder))


def test_a_damaged_model_says_which_and_how_to_get_one(tiny_reranker: MakeReranker) -> None:
    folder = tiny_reranker()
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])

    with pytest.raises(EncoderUnavailable) as caught:
        CrossEncoderReranker(str(folder))
    assert str(folder) in str(caught.value)
    assert "`hf download NAME`" in str(caught.value)
    assert "`--rerank`" in str(caught.value)


def test_a_model_that_fails_while_running_is_reported(
    tiny_reranker: MakeReranker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("CUDA out of memory")

    reranker = CrossEncoderReranker(str(tiny_reranker()))
    monkeypatch.setattr(type(reranker._model), "predict", exhausted)
    with pytest.raises(EncoderUnavailable, match="failed on 2 texts: CUDA out of memory"):
        reranker.score("obus", ["a", "b"])


def test_nothing_is_printed_and_nothing_downloaded(tiny_reranker: MakeReranker, tmp_path: Path) -> None:
    program = """
import socket, sys

def refused(*address):
    raise AssertionError(f"the network was asked for: {address}")

socket.socket.connect = refused
socket.getaddrinfo = refused
from search.embedding.cross_encoder import CrossEncoderReranker
from search.errors import EncoderUnavailable

CrossEncoderReranker(sys.argv[1]).score("obus", ["abc"] * 40)
try:
    CrossEncoderReranker("nobody/no-such-model")
except EncoderUnavailable as exc:
    assert "nobody/no-such-model" in str(exc), exc
    assert "hf download" in str(exc), exc
else:
    raise SystemExit("no error")
"""
    command = [sys.executable, "-W", "error", "-c", program, str(tiny_reranker())]
    home = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}

    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, env=home | {"HF_HOME": str(tmp_path / "hub")}
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads((tmp_path / "reranker" / "config.json").read_text())["architectures"] == [
        "BertForSequenceClassification"
    ]
