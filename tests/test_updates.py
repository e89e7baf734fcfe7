"""Tests of the functions that change an index, as ``import search`` gives them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

import search
from search.build_types import Replaced, Unread
from tests.fakes import FakeEncoder


@pytest.fixture(autouse=True)
def _fake_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.index.load_encoder", lambda _: FakeEncoder())
    monkeypatch.setattr("search.index.fetch_model", lambda _: None)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    for month, articles in {"01": "ab", "02": "cd", "03": "d"}.items():
        lines = "".join(f'{{"id": "{name}", "text": "Le texte {name} de {month}."}}\n' for name in articles)
        (folder / f"{month}.jsonl").write_text(lines, encoding="utf-8")
    return folder


def _files(index: Path) -> dict[str, str]:
    with search.open(index) as opened:
        return {article_id: Path(file).name for article_id, file in opened.files()}


def test_an_index_grows_and_shrinks(archive: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    with pytest.raises(search.IndexMissing, match="run: depeche build PATH"):
        search.add(archive, index=index)
    search.build(archive / "01.jsonl", index=index)
    assert search.add(archive / "02.jsonl", index=index).change.kept == 2
    assert _files(index) == {"a": "01.jsonl", "b": "01.jsonl", "c": "02.jsonl", "d": "02.jsonl"}

    unread: list[Unread] = []
    search.build([archive / "03.jsonl"], index=index, on_unread=unread.append)
    reason = f"the article d was replaced by a later one with its id, in {archive}/03.jsonl"
    assert unread == [Replaced(f"{archive}/02.jsonl", 0, reason)]

    assert search.remove("c", index=index).change.gone == 1
    assert search.remove(["a"], files=archive / "03.jsonl", index=index).change.gone == 2
    assert _files(index) == {"b": "01.jsonl"}
    with search.open(index) as opened:
        assert opened.manifest.corpus == (f"{archive}/01.jsonl", f"{archive}/02.jsonl")
        assert [article.body for article in opened.iter_articles()] == ["Le texte b de 01."]


def test_a_sync_tells_what_goes_and_may_be_stopped(archive: Path, tmp_path: Path) -> None:
    index, told = tmp_path / "index", list[Mapping[str, int]]()

    def refuse(gone: Mapping[str, int]) -> None:
        told.append(gone)
        raise search.UsageError("not these")

    search.build(archive, index=index)
    with pytest.raises(search.UsageError, match="not these"):
        search.sync(archive / "01.jsonl", index=index, on_gone=refuse)
    assert told == [{f"{archive}/02.jsonl": 1, f"{archive}/03.jsonl": 1}]
    assert len(_files(index)) == 4
    report = search.sync(archive / "01.jsonl", index=index)
    assert (report.change.unchanged, report.change.gone, report.manifest.articles) == (2, 2, 2)
    assert report.manifest.corpus == (f"{archive}/01.jsonl",)


def test_a_folder_above_removes_all_its_files_but_not_the_last_article(archive: Path, tmp_path: Path) -> None:
    index, other = tmp_path / "index", tmp_path / "archives.txt"
    other.write_text("Un autre\n\nUn autre texte.", encoding="utf-8")
    search.build([archive, other], index=index)
    assert search.remove(files=[tmp_path / "elsewhere" / ".." / "archive"], index=index).change.gone == 4
    with pytest.raises(search.UsageError, match="no article would be left"):
        search.remove(files=tmp_path, index=index)
    assert [*_files(index).values()] == ["archives.txt"]


def test_an_archive_that_has_moved_replaces_nothing(archive: Path, tmp_path: Path) -> None:
    index, unread = tmp_path / "index", list[Unread]()
    search.build(archive / "01.jsonl", index=index)
    (archive / "01.jsonl").rename(tmp_path / "ailleurs.jsonl")
    report = search.build(tmp_path / "ailleurs.jsonl", index=index, on_unread=unread.append)
    assert (unread, report.manifest.replaced) == ([], 0)
    assert (report.change.changed, report.change.kept, report.encoded) == (2, 0, 0)
    assert _files(index) == {"a": "ailleurs.jsonl", "b": "ailleurs.jsonl"}
