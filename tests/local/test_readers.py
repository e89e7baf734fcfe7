"""Tests readers during publications: an open generation never changes and is never removed."""

import errno
import fcntl
import shutil
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from search.errors import IndexCorrupt
from search.local import layout, reader
from search.local.reader import Generation, open_current
from tests.fakes import build_index
from tests.press import PRESS

from .contents import generations, leftovers, read
from .publications import read_through

EDITIONS = tuple(PRESS[number:] for number in range(6))


@pytest.fixture
def index(tmp_path: Path) -> Path:
    build_index(tmp_path / "index", EDITIONS[0])
    return tmp_path / "index"


def test_an_open_generation_is_read_after_publications(index: Path) -> None:
    with closing(open_current(index)) as untouched, closing(open_current(index)) as expected:
        before = read(expected)
        for edition in EDITIONS[1:]:
            build_index(index, edition)
        assert read(untouched) == before  # opens its vectors for the first time


def test_a_closed_generation_is_removed_by_the_next_publication(index: Path) -> None:
    with closing(open_current(index)) as generation:
        opened = generation.manifest.id
        ids = [build_index(index, edition).manifest.id for edition in EDITIONS[1:4]]
        assert generations(index) == {opened, *ids[1:]}
    last = build_index(index, EDITIONS[4]).manifest.id
    assert generations(index) == {ids[2], last}
    assert leftovers(index) == set()


def test_a_generation_stays_until_its_last_reader_closes_it(index: Path) -> None:
    with closing(open_current(index)) as first:
        open_current(index).close()
        for edition in EDITIONS[1:4]:
            build_index(index, edition)
        assert first.manifest.id in generations(index)


def test_a_generation_that_cannot_be_opened_is_not_locked(index: Path) -> None:
    (layout.current(index) / "articles.sqlite").write_bytes(b"")
    with pytest.raises(IndexCorrupt):
        open_current(index)
    damaged = layout.published_id(index)
    for edition in EDITIONS[1:4]:
        build_index(index, edition)
    assert damaged not in generations(index)


def test_a_generation_that_is_being_removed_is_not_opened(index: Path) -> None:
    folder = layout.current(index)
    with layout._try_lock(folder, fcntl.LOCK_EX) as locked:
        assert locked
        with pytest.raises(IndexCorrupt, match=f"{folder} is not there any more; run: depeche build PATH"):
            open_current(index)


def _publishing_before(index: Path, after_build: Callable[[Path], None]) -> type[Generation]:
    """A generation; before its first opening others are published."""
    waiting = list(EDITIONS[1:4])

    class LateGeneration(Generation):
        def __init__(self, folder: Path, *options: object) -> None:
            editions = waiting.copy()
            waiting.clear()  # builds open generations too
            for edition in editions:
                build_index(index, edition)
                after_build(folder)
            super().__init__(folder)

    return LateGeneration


@pytest.mark.parametrize("left", ["all", "some", "none"])
def test_a_generation_that_is_removed_before_it_is_locked_is_not_opened(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    """The removal may have been stopped when all, some or none of the files were left."""
    former = layout.current(index)
    copy = Path(shutil.copytree(former, tmp_path / "copy"))

    def restore(folder: Path) -> None:
        if left != "none" and folder == former and not former.exists():
            shutil.copytree(copy, former)
            if left == "some":
                (former / "vectors.npy").unlink()

    monkeypatch.setattr(reader, "Generation", _publishing_before(index, restore))
    with closing(open_current(index)) as generation:
        assert [article.id for article in generation.store.every_article()] == [
            article.id for article in EDITIONS[3]
        ]
        assert generation.manifest.id == layout.published_id(index)


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_works(index: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    real = fcntl.flock

    def flock(file: object, kind: int) -> None:
        if isinstance(file, int):
            raise OSError(code, "no locks")
        real(file, kind)  # type: ignore[arg-type]

    monkeypatch.setattr(fcntl, "flock", flock)
    with ExitStack() as readers:
        for edition in EDITIONS[1:4]:
            readers.enter_context(closing(open_current(index)))
            last = build_index(index, edition).manifest.id
    assert last in generations(index)
    assert len(generations(index)) == 2


def test_readers_never_see_a_mixed_generation(tmp_path: Path) -> None:
    figures = read_through(tmp_path / "index", readers=2, publications=12)
    assert figures.published == 12
    assert figures.readings >= 2
