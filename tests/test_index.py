import gc
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from threadpoolctl import ThreadpoolController

from search import index
from search.config import Settings
from search.errors import EncoderUnavailable, IndexIncompatible, IndexMissing, UsageError
from search.local import layout
from search.local.manifest import read_manifest, seal
from search.local.reader import Generation
from search.query.plain import plain_query
from search.retrieval.request import Request
from search.types import Mode
from tests.fakes import FakeEncoder, build_index
from tests.press import PRESS

HYBRID = Request(plain_query("munitions"))
KEYWORD = Request(plain_query("munitions"), Mode.KEYWORD)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The models that are asked for; ``missing`` cannot be loaded, ``other`` is not the index's."""
    asked: list[str | None] = []

    def load(model: str | None) -> FakeEncoder:
        asked.append(model)
        if model == "missing":
            raise EncoderUnavailable("It is missing.")
        return FakeEncoder(name="other@1" if model == "other" else "fake@1")

    monkeypatch.setattr(index, "load_encoder", load)
    return asked


def test_the_encoder_is_loaded_when_meaning_is_first_asked_for(
    generation: Generation, asked: list[str | None]
) -> None:
    engine = index.engine_over(generation, Settings())
    engine.search(KEYWORD)
    assert asked == []

    assert engine.search(HYBRID).degraded == ()
    engine.search(Request(plain_query("obus"), Mode.SEMANTIC))
    assert asked == [None]


def test_numpy_multiplies_by_one_thread(generation: Generation) -> None:
    index.engine_over(generation, Settings())
    told = ThreadpoolController().select(internal_api="openblas").info()
    assert [library["num_threads"] for library in told if "numpy" in library["filepath"]] == [1]


def test_the_model_is_that_of_the_settings_else_of_the_index(
    tmp_path: Path, asked: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str | None] = []
    monkeypatch.setattr(index, "fetch_model", fetched.append)
    build_index(tmp_path, PRESS)
    folder = layout.current(tmp_path)
    seal(layout.Layout(folder), replace(read_manifest(folder), model="fake"))
    for settings in (Settings(index=str(tmp_path)), Settings(index=str(tmp_path), model="mine")):
        with index.open_index(settings) as opened:
            opened.engine.search(HYBRID)
    assert fetched == []  # a search downloads nothing
    index.build_encoder(Settings())
    index.build_encoder(Settings(model="mine"))

    assert asked == ["fake", "mine", None, "mine"]
    assert fetched == [None, "mine"]


def test_an_encoder_that_cannot_be_loaded_is_not_tried_again(
    generation: Generation, asked: list[str | None]
) -> None:
    engine = index.engine_over(generation, Settings(model="missing"))

    notices = {
        notice
        for text in ("obus", "munitions")
        for notice in engine.search(Request(plain_query(text))).degraded
    }
    assert notices == {"Answered by keywords only: It is missing."}
    with pytest.raises(EncoderUnavailable, match=r"^It is missing\.$"):
        engine.search(Request(plain_query("obus"), Mode.SEMANTIC))
    assert asked == ["missing"]


def test_a_reranker_is_loaded_when_it_is_first_needed_and_tried_once(
    generation: Generation, asked: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def missing(model: str) -> None:
        tried.append(model)
        raise EncoderUnavailable("It is missing.")

    monkeypatch.setattr(index, "load_reranker", missing)
    settings = Settings(rerank="mine")
    engine = index.engine_over(generation, settings)
    engine.search(HYBRID)
    assert tried == []
    for _ in range(2):
        with pytest.raises(EncoderUnavailable, match=r"It is missing\."):
            engine.search(replace(HYBRID, rescoring=settings.rescoring))
    assert tried == ["mine"]
    assert asked == [None]


def test_an_encoder_of_another_space_is_refused(generation: Generation, asked: list[str | None]) -> None:
    engine = index.engine_over(generation, Settings(model="other"))

    with pytest.raises(IndexIncompatible, match="encoded by fake@1, queries would be by other@1"):
        engine.search(HYBRID)


def test_a_folder_without_an_index_is_told(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=f"no index in {tmp_path}"):
        index.open_index(Settings(index=str(tmp_path)))


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    with pytest.raises(UsageError, match=f"^The index folder {file} cannot be read: Not a directory; give"):
        index.open_index(Settings(index=str(file)))


def test_an_index_left_for_another_is_closed(tmp_path: Path, asked: list[str | None]) -> None:
    build_index(tmp_path, PRESS)
    settings = Settings(index=str(tmp_path))

    def open_files() -> int:
        opened = index.open_index(settings)
        opened.engine.search(HYBRID)
        return int(psutil.Process().num_fds())

    gc.collect()  # files that tests before have left
    first = open_files()
    assert [open_files() for _ in range(20)] == [first] * 20
