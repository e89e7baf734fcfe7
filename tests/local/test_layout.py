import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from types import FrameType

import pytest

from search.build_types import Manifest
from search.errors import IndexBusy, IndexCorrupt, IndexMissing
from search.local import layout
from search.local.manifest import FORMAT, seal

from .tasks import Task, lock_index

MANIFEST = Manifest(
    format=FORMAT,
    id="20230912T080000Z-abc123",
    created="2023-09-12T08:00:00+00:00",
    corpus=("dépêches",),
    articles=2,
    chunks=3,
    rejected=1,
    replaced=0,
    passed_over={},
    lost_fields={},
    analyser="a",
    chunking="c",
    model="",
    encoder="fake@1",
    dimension=2,
    digest="00",
    probe=((0.6, 0.8), (1.0, 0.0)),
    vectors="exact fp16",
    encoded=3,
    checksums={"articles.sqlite": "00"},
)


def _staged(index: Path, content: str) -> layout.Layout:
    staging = layout.new_staging(index)
    staging.articles.write_text(content)
    staging.keyword.mkdir()
    (staging.keyword / "segment").write_text("words")
    return staging


@pytest.fixture
def index(tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    folder.mkdir()
    return folder


def test_an_empty_folder_is_missing_and_the_error_says_what_to_run(index: Path) -> None:
    with pytest.raises(IndexMissing, match=f"no index in {index}; run: depeche build PATH --index {index}"):
        layout.current(index)
    with pytest.raises(IndexMissing):
        layout.current(index / "nowhere")


@pytest.mark.parametrize("name", [b"20230912T080000Z-gone\n", b"\xff\xfe\0"])
def test_a_missing_generation_is_corrupt(index: Path, name: bytes) -> None:
    (index / "CURRENT").write_bytes(name)
    with pytest.raises(IndexCorrupt, match=r"CURRENT names .* not there; run: depeche repair --index /"):
        layout.current(index)


def test_the_published_generation_is_current_and_the_one_before_is_kept(index: Path) -> None:
    folders = []
    for content in ("first", "second", "third"):
        staging = _staged(index, content)
        folders.append(_publish(index, staging))
        assert folders[-1].name == layout.generation_id(staging)
        assert layout.current(index) == folders[-1]
        assert (folders[-1] / "articles.sqlite").read_text() == content
        assert (index / "CURRENT").read_text() == f"{folders[-1].name}\n"
    assert set((index / "generations").iterdir()) == set(folders[1:])
    assert {path.name for path in index.iterdir()} == {"CURRENT", "generations"}


def _publish(index: Path, staging: layout.Layout) -> Path:
    return layout.publish(index, staging, kept=layout.published_id(index))


class _Stopped(BaseException):
    """An exception that the code cannot expect."""


def _stopped_at(step: int, action: Callable[[], object]) -> bool:
    """Stop the action at this call or return in the layout; give whether it was stopped before its end."""
    steps = iter(range(step))

    def profile(frame: FrameType, _event: str, _arg: object) -> None:
        ours = any(f and f.f_code.co_filename == layout.__file__ for f in (frame, frame.f_back))
        if ours and next(steps, None) is None:
            raise _Stopped

    sys.setprofile(profile)
    try:
        action()
    except _Stopped:
        return True
    finally:
        sys.setprofile(None)
    return False


@pytest.mark.usefixtures("garbage_collected")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_publishing_may_stop_at_any_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "sync", lambda _: None)
    current = []
    for step in count():
        index = tmp_path / str(step)
        index.mkdir()
        _publish(index, _staged(index, "old"))
        stopped = _stopped_at(step, partial(_publish, index, _staged(index, "new")))
        current.append((layout.current(index) / "articles.sqlite").read_text())
        _publish(index, _staged(index, "next"))
        assert (layout.current(index) / "articles.sqlite").read_text() == "next"
        assert {path.name for path in index.iterdir()} == {"CURRENT", "generations"}
        if not stopped:
            break
    assert current == sorted(current, reverse=True)
    assert set(current) == {"old", "new"}
    assert len(current) > 20


def test_a_generation_that_was_never_published_is_not_kept(index: Path) -> None:
    first = _publish(index, _staged(index, "first"))
    orphan = index / "generations" / "29991231T235959Z-orphan"
    orphan.mkdir()
    second = _publish(index, _staged(index, "second"))
    assert set((index / "generations").iterdir()) == {first, second}


def test_an_unfinished_build_is_removed(index: Path) -> None:
    unfinished = _staged(index, "unfinished")
    staging = layout.new_staging(index)
    assert not unfinished.folder.exists()
    assert list(index.iterdir()) == [staging.folder]
    assert list(staging.folder.iterdir()) == []


def test_files_and_checksums_leave_out_the_manifest(index: Path) -> None:
    staging = _staged(index, "content")
    seal(staging, MANIFEST)
    assert layout.file_names(staging) == {"articles.sqlite", "keyword.arrays/segment"}
    assert layout.checksums(staging, {}) == {
        "articles.sqlite": "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73",
        "keyword.arrays/segment": "dba36bffa5cab0f922d087a3aeb179f9d4e745df40b323e1b1471402848c8a3e",
    }
    assert layout.checksums(staging, {"articles.sqlite": "known", "gone": "unused"}) == {
        "articles.sqlite": "known",
        "keyword.arrays/segment": "dba36bffa5cab0f922d087a3aeb179f9d4e745df40b323e1b1471402848c8a3e",
    }


def test_one_process_has_the_lock_and_the_error_names_it(index: Path) -> None:
    holder = Task(lock_index, index)
    assert holder.receive() == "locked"
    with (
        pytest.raises(IndexBusy, match=rf"at work in {index} \(process {holder.pid}, since .* UTC\); wait"),
        layout.build_lock(index),
    ):
        pass
    holder.answer()
    assert holder.exit_code() == 0
    with layout.build_lock(index):
        pass


def test_an_exception_releases_the_lock(index: Path) -> None:
    with pytest.raises(KeyboardInterrupt), layout.build_lock(index):
        raise KeyboardInterrupt
    with layout.build_lock(index), pytest.raises(IndexBusy), layout.build_lock(index):
        pass


def test_the_lock_creates_the_folder(tmp_path: Path) -> None:
    with layout.build_lock(tmp_path / "deep" / "index"):
        assert (tmp_path / "deep" / "index").is_dir()


def test_a_staging_folder_is_removed_unless_it_was_published(index: Path) -> None:
    with layout.staging_folder(index) as staging:
        staging.articles.write_text("content")
        published = _publish(index, staging)
    with layout.staging_folder(index) as unfinished:
        unfinished.articles.write_text("unfinished")
    assert not unfinished.folder.exists()
    assert (published / "articles.sqlite").read_text() == "content"
    assert {path.name for path in index.iterdir()} == {"CURRENT", "generations"}
