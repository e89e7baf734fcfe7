"""Tests that only models on this machine are opened, and no file that could run code."""

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import huggingface_hub
import pytest

from search.embedding import fetch_model, load_reranker
from search.embedding.model_files import fetch, folder_of
from search.embedding.transformer import TransformerEncoder
from search.errors import EncoderUnavailable

from .conftest import MakeModel

COMMIT = "0123456789abcdef0123456789abcdef01234567"
NAMES = ("pytorch_model.bin", "pytorch_model-00001-of-00002.bin", "1_Dense/pytorch_model.bin")


class Bomb:
    """A pickle that creates a file when it is opened."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.mark,)


def plant(folder: Path, name: str) -> Path:
    """Put a pickle into a folder; give the file that it creates when it is opened."""
    mark = folder.parent / "executed"
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(pickle.dumps(Bomb(mark)))
    return mark


def cache(folder: Path, model: Path, name: str) -> None:
    """Copy a model into the layout of the hub's cache."""
    root = folder / f"models--{name.replace('/', '--')}"
    shutil.copytree(model, root / "snapshots" / COMMIT)
    (root / "refs").mkdir()
    (root / "refs" / "main").write_text(COMMIT)


@pytest.mark.parametrize("name", NAMES)
def test_weights_that_are_a_pickle_are_refused_unopened(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    mark = plant(folder, name)
    message = f"{folder / name} is a pickle, which could run code and is not opened"

    with pytest.raises(EncoderUnavailable, match=message):
        TransformerEncoder(str(folder))
    with pytest.raises(EncoderUnavailable, match=message):
        load_reranker(str(folder))

    assert not mark.exists()


@pytest.mark.model
def test_a_pickle_beside_safetensors_is_never_opened(tiny_model: MakeModel) -> None:
    folder = tiny_model("tiny", {})
    before = TransformerEncoder(str(folder)).encode_query("obus")
    marks = [plant(folder, name) for name in ("pytorch_model.bin", "model.pkl", "vocab.joblib", "model.pt")]

    assert TransformerEncoder(str(folder)).encode_query("obus").tolist() == before.tolist()
    assert not any(mark.exists() for mark in marks)


@pytest.mark.model
@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("modules.json", lambda modules: [modules[0] | {"type": "custom.Bomb"}, *modules[1:]]),
        ("modules.json", lambda modules: [modules[0] | {"type": "joblib.numpy_pickle"}, *modules[1:]]),
        ("config.json", lambda _: {"model_type": "own", "auto_map": {"AutoConfig": "custom.Bomb"}}),
    ],
)
def test_code_of_a_model_does_not_run(
    tiny_model: MakeModel, file: str, change: Callable[..., object]
) -> None:
    folder = tiny_model("tiny", {})
    mark = folder / "executed"
    (folder / "custom.py").write_text(f"open({str(mark)!r}, 'w')\nclass Bomb: load = print")
    (folder / file).write_text(json.dumps(change(json.loads((folder / file).read_text()))))

    with pytest.raises(EncoderUnavailable, match=r"The model .*tiny cannot be loaded"):
        TransformerEncoder(str(folder))

    assert not mark.exists()


@pytest.mark.model
def test_a_hub_model_is_read_from_the_cache_and_named_by_its_revision(
    tiny_model: MakeModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.socket.connect", None)
    cache(tmp_path / "hub", tiny_model("tiny", {}), "some/e5-tiny")
    encoder = TransformerEncoder("some/e5-tiny", tmp_path / "hub")

    assert encoder.name == "some/e5-tiny@0123456789ab"
    assert encoder.count_tokens("obus") > 3  # with the prompt of an e5


def test_a_name_without_an_owner_is_a_model_of_sentence_transformers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model").mkdir()
    cache(tmp_path / "hub", tmp_path / "model", "sentence-transformers/tiny")
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "hub"))

    assert folder_of("tiny").name == COMMIT


@pytest.mark.parametrize("model", ["nobody/none", "/nowhere/at/all", "../../etc", ""])
def test_a_missing_model_is_not_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    monkeypatch.setattr("socket.socket.connect", None)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match="not found on this machine; `hf download NAME`"):
        folder_of(model or "sentence-transformers/", tmp_path)


def test_files_that_could_run_code_are_not_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments: list[object] = []

    def download(name: str, *, cache_dir: str, allow_patterns: list[str]) -> None:
        arguments.extend([name, cache_dir, *allow_patterns])

    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    fetch("some/model", tmp_path)
    fetch(str(tmp_path), tmp_path)  # a folder needs no download

    assert arguments == ["some/model", str(tmp_path), "*.json", "*.txt", "*.model", "*.safetensors"]


def test_a_failed_download_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def download(*_: object, **__: object) -> None:
        raise OSError("no way to the hub")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    with pytest.raises(EncoderUnavailable, match="some/model cannot be loaded: no way to the hub"):
        fetch_model("some/model")
