"""Readers through publications: each generation is one, and is there as long as it is held."""

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


def test_what_is_held_is_read_whatever_is_published(index: Path) -> None:
    with closing(open_current(index)) as untouched, closing(open_current(index)) as expected:
        found = read(expected)
        for edition in EDITIONS[1:]:
            build_index(index, edition)
        assert read(untouched) == found  # its vectors and families are opened here for the first time


def test_what_is_held_is_collected_by_the_next_publication_after(index: Path) -> None:
    with closing(open_current(index)) as generation:
        held = generation.manifest.id
        ids = [build_index(index, edition).manifest.id for edition in EDITIONS[1:4]]
        assert generations(index) == {held, *ids[1:]}
    last = build_index(index, EDITIONS[4]).manifest.id
    assert generations(index) == {ids[2], last}
    assert leftovers(index) == set()


def test_a_generation_is_held_until_the_last_reader_leaves(index: Path) -> None:
    with closing(open_current(index)) as first:
        open_current(index).close()
        for edition in EDITIONS[1:4]:
            build_index(index, edition)
        assert first.manifest.id in generations(index)


def test_a_generation_that_cannot_be_opened_is_not_held(index: Path) -> None:
    (layout.current(index) / "articles.sqlite").write_bytes(b"")
    with pytest.raises(IndexCorrupt):
        open_current(index)
    damaged = layout.published_id(index)
    for edition in EDITIONS[1:4]:
        build_index(index, edition)
    assert damaged not in generations(index)


def test_a_generation_that_is_being_collected_is_not_opened(index: Path) -> None:
    folder = layout.current(index)
    with layout._try_lock(folder, fcntl.LOCK_EX) as alone:
        assert alone
        with pytest.raises(IndexCorrupt, match=f"{folder} is not there any more; run: depeche build PATH"):
            open_current(index)


def _publishing_before(index: Path, opened: Callable[[Path], None]) -> type[Generation]:
    """A generation before the first opening of which others are published."""
    waiting = list(EDITIONS[1:4])

    class Late(Generation):
        def __init__(self, folder: Path, *options: object) -> None:
            editions = waiting.copy()
            waiting.clear()  # builds open generations too
            for edition in editions:
                build_index(index, edition)
                opened(folder)
            super().__init__(folder)

    return Late


@pytest.mark.parametrize("left", ["all", "something", "nothing"])
def test_what_is_collected_before_it_is_held_is_not_opened(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    """Nor what a collection that was killed has left of it."""
    former = layout.current(index)
    copy = Path(shutil.copytree(former, tmp_path / "copy"))

    def restore(folder: Path) -> None:
        if left != "nothing" and folder == former and not former.exists():
            shutil.copytree(copy, former)
            if left == "something":
                (former / "vectors.faiss").unlink()

    monkeypatch.setattr(reader, "Generation", _publishing_before(index, restore))
    with closing(open_current(index)) as generation:
        assert [article.id for article in generation.store.every_article()] == [
            article.id for article in EDITIONS[3]
        ]
        assert generation.manifest.id == layout.published_id(index)


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_read_and_collected(
    index: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
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
    told = read_through(tmp_path / "index", readers=2, publications=12)
    assert told.published == 12
    assert told.readings >= 2
