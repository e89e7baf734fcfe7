import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from search.build_types import RepairOutcome, RepairReport
from search.errors import IndexBusy, IndexCorrupt, IndexIncompatible, IndexMissing
from search.local import layout
from search.local.manifest import FORMAT, read_manifest, seal
from search.local.reader import open_current, verify_current
from search.local.repair import RepairContext, repair
from tests.fakes import FakeEncoder, build_index, silent
from tests.press import PRESS

from .contents import Contents, contents, generations
from .tasks import Task, lock_index

_FORMATS = Path(__file__).with_name("formats")
_UNKNOWN = {"author": "", "keywords": "", "page": "", "file": "corpus"}
"""What formats 1 to 5 do not know of the articles of ``PRESS``."""


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def index(press_index: Path, tmp_path: Path) -> Path:
    """A copy of the index of ``PRESS``, to damage; it has one generation."""
    return Path(shutil.copytree(press_index, tmp_path / "index"))


@pytest.fixture(scope="module")
def intact(press_index: Path) -> Contents:
    return contents(press_index)


def _repair(index: Path, encoder: FakeEncoder) -> RepairReport:
    return repair(index, RepairContext(lambda _: encoder, silent))


def _damage(path: Path) -> None:
    """Change a byte in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def _change_article(folder: Path, key: int) -> None:
    with closing(sqlite3.connect(folder / "articles.sqlite")) as connection, connection:
        connection.execute("UPDATE article SET published = '1999' WHERE key = ?", (key,))


def test_an_intact_index_is_not_changed(index: Path, encoder: FakeEncoder) -> None:
    before = generations(index)
    assert _repair(index, encoder).outcome is RepairOutcome.SOUND
    assert generations(index) == before
    assert encoder.batches == []


@pytest.mark.parametrize("name", ["keyword.arrays", "families.npy", "signatures.npy", "compared.npy"])
def test_files_that_follow_from_intact_articles_are_built_again(
    index: Path, encoder: FakeEncoder, intact: Contents, name: str
) -> None:
    damaged = layout.current(index)
    _damage(damaged / name)
    repaired = _repair(index, encoder)
    assert (repaired.outcome, repaired.lost) == (RepairOutcome.REBUILT, ())
    assert (repaired.encoded, repaired.reused) == (0, 15)
    assert contents(index) == intact
    assert generations(index) == {damaged.name, repaired.manifest.id}
    assert repaired.manifest.corpus == ("corpus",)


@pytest.mark.parametrize("name", ["vectors.npy", "manifest.json"])
def test_vectors_that_may_be_damaged_are_encoded_again(
    index: Path, encoder: FakeEncoder, intact: Contents, name: str
) -> None:
    (layout.current(index) / name).unlink()
    repaired = _repair(index, encoder)
    assert (repaired.outcome, repaired.lost) == (RepairOutcome.REBUILT, ())
    assert (repaired.encoded, repaired.reused) == (15, 0)
    assert contents(index) == intact


@pytest.mark.parametrize("content", [None, b"", b"20230912T080000Z-gone\n", b"\xff\0", b"../x\n"])
def test_a_damaged_name_is_repaired(
    index: Path, encoder: FakeEncoder, intact: Contents, content: bytes | None
) -> None:
    (index / "CURRENT").unlink()
    if content is not None:
        (index / "CURRENT").write_bytes(content)
    with pytest.raises(IndexCorrupt, match=f"run: depeche repair --index {index}$"):
        open_current(index)
    assert _repair(index, encoder).outcome is RepairOutcome.SOUND
    assert contents(index) == intact


def test_a_damaged_store_is_rolled_back(tmp_path: Path, encoder: FakeEncoder) -> None:
    first = build_index(tmp_path, PRESS[:5]).manifest
    second = build_index(tmp_path, PRESS).manifest
    (layout.current(tmp_path) / "articles.sqlite").write_bytes(b"")
    repaired = _repair(tmp_path, encoder)
    assert (repaired.outcome, repaired.manifest) == (RepairOutcome.ROLLED_BACK, first)
    assert contents(tmp_path).articles == PRESS[:5]
    assert generations(tmp_path) == {first.id, second.id}


def test_without_an_older_generation_the_intact_articles_are_indexed(
    index: Path, encoder: FakeEncoder
) -> None:
    _change_article(layout.current(index), 3)
    repaired = _repair(index, encoder)
    assert (repaired.outcome, repaired.lost) == (RepairOutcome.REBUILT, (PRESS[3].id,))
    assert contents(index).articles == (*PRESS[:3], *PRESS[4:])


def test_articles_with_deleted_bytes_are_lost(index: Path, encoder: FakeEncoder) -> None:
    store = layout.current(index) / "articles.sqlite"
    content = store.read_bytes()
    start = content.index(PRESS[11].title.encode())
    store.write_bytes(content[:start] + bytes(40) + content[start + 40 :])
    repaired = _repair(index, encoder)
    recovered = contents(index).articles
    assert set(repaired.lost) == {article.id for article in PRESS} - {article.id for article in recovered}
    assert PRESS[11].id in repaired.lost
    assert set(recovered) < set(PRESS)


@pytest.mark.parametrize("content", [b"", b"no database" * 100])
def test_an_index_without_readable_articles_cannot_be_repaired(
    index: Path, encoder: FakeEncoder, content: bytes
) -> None:
    folder = layout.current(index)
    (folder / "articles.sqlite").write_bytes(content)
    before = generations(index)
    with pytest.raises(IndexCorrupt, match=f"can be repaired; run: depeche build PATH --index {index}$"):
        _repair(index, encoder)
    assert generations(index) == before


def test_a_missing_index_is_an_error_and_no_folder_is_created(tmp_path: Path, encoder: FakeEncoder) -> None:
    with pytest.raises(IndexMissing, match="run: depeche build PATH"):
        _repair(tmp_path / "nowhere", encoder)
    assert list(tmp_path.iterdir()) == []


def test_an_index_that_is_being_built_is_busy(index: Path, encoder: FakeEncoder) -> None:
    holder = Task(lock_index, index)
    assert holder.receive() == "locked"
    with pytest.raises(IndexBusy):
        _repair(index, encoder)
    holder.answer()
    assert holder.exit_code() == 0


def test_the_index_of_a_newer_program_is_not_repaired(index: Path, encoder: FakeEncoder) -> None:
    folder = layout.current(index)
    newer = replace(read_manifest(folder), format=FORMAT + 1)
    seal(layout.Layout(folder), newer)
    with pytest.raises(IndexIncompatible, match="newer program"):
        _repair(index, encoder)


def test_the_error_names_every_fault(index: Path) -> None:
    folder = layout.current(index)
    _damage(folder / "vectors.npy")
    _damage(folder / "keyword.arrays")
    (folder / "families.npy").unlink()
    with pytest.raises(IndexCorrupt) as raised:
        verify_current(index)
    for fault in ("vectors.npy is not", "keyword.arrays is not", "should not hold: families.npy"):
        assert fault in str(raised.value)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6, 7])
def test_an_older_format_is_refused_then_repaired(tmp_path: Path, encoder: FakeEncoder, number: int) -> None:
    """The program of that format made each index from the first four articles of ``PRESS``."""
    index, new = tmp_path / "index", tmp_path / "new"
    with ZipFile(_FORMATS / f"{number}.zip") as archive:
        archive.extractall(index)
    with pytest.raises(IndexIncompatible) as raised:
        open_current(index)
    message = f"has format {number}, this program reads {FORMAT}; run: depeche repair --index {index} "
    assert message in str(raised.value)
    repaired = _repair(index, encoder)
    assert (repaired.outcome, repaired.lost) == (RepairOutcome.REBUILT, ())
    assert repaired.encoded == 0
    unknown = _UNKNOWN if number < 6 else {}
    build_index(new, [replace(article, **unknown) for article in PRESS[:4]])  # type: ignore[arg-type]
    assert contents(index) == contents(new)
