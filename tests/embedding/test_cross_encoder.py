"""Tests rerankers with a tiny random CrossEncoder."""

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
    """Makes the folder of a CrossEncoder with this number of outputs, from the tiny encoder."""

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
    for text, score in zip(TEXTS, scores, strict=True):
        assert reranker.score("obus", [text])[0] == pytest.approx(score, abs=2e-2)
    assert len(set(scores.tolist())) == len(TEXTS)
    np.testing.assert_allclose(reranker.score("obus", TEXTS[::-1]), scores[::-1], atol=2e-2)
    assert np.abs(reranker.score("le mot", TEXTS) - scores).max() > 2e-2
    assert not ((scores >= 0) & (scores <= 1)).all()  # a sigmoid would give these
    assert reranker.score("obus", []).shape == (0,)


def test_lone_surrogates_are_left_out_and_long_texts_are_cut(tiny_reranker: MakeReranker) -> None:
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


def test_the_error_for_a_damaged_model_names_it_and_says_how_to_get_one(tiny_reranker: MakeReranker) -> None:
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
    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("CUDA out of memory")

    reranker = CrossEncoderReranker(str(tiny_reranker()))
    monkeypatch.setattr(type(reranker._model), "predict", fail)
    with pytest.raises(EncoderUnavailable, match="failed on 2 texts: CUDA out of memory"):
        reranker.score("obus", ["a", "b"])


def test_nothing_is_printed_and_nothing_downloaded(tiny_reranker: MakeReranker, tmp_path: Path) -> None:
    program = """
import socket, sys

def refuse(*address):
    raise AssertionError(f"a connection was attempted: {address}")

socket.socket.connect = refuse
socket.getaddrinfo = refuse
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

    process = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, env=home | {"HF_HOME": str(tmp_path / "hub")}
    )

    assert (process.returncode, process.stdout, process.stderr) == (0, "", "")
    assert json.loads((tmp_path / "reranker" / "config.json").read_text())["architectures"] == [
        "BertForSequenceClassification"
    ]
