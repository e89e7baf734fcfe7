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
from .doomed import Task, hold_lock

_FORMATS = Path(__file__).with_name("formats")


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def index(press_index: Path, tmp_path: Path) -> Path:
    """A copy of the index of ``PRESS``, to damage; there is none before it."""
    return Path(shutil.copytree(press_index, tmp_path / "index"))


@pytest.fixture(scope="module")
def whole(press_index: Path) -> Contents:
    return contents(press_index)


def _repair(index: Path, encoder: FakeEncoder) -> RepairReport:
    return repair(index, RepairContext(lambda _: encoder, silent))


def _spoil(path: Path) -> None:
    """Change a byte in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def _spoil_article(folder: Path, key: int) -> None:
    with closing(sqlite3.connect(folder / "articles.sqlite")) as db, db:
        db.execute("UPDATE article SET published = '1999' WHERE key = ?", (key,))


def test_a_sound_index_stays_as_it_is(index: Path, encoder: FakeEncoder) -> None:
    before = generations(index)
    assert _repair(index, encoder).outcome is RepairOutcome.SOUND
    assert generations(index) == before
    assert encoder.batches == []


@pytest.mark.parametrize("name", ["keyword.arrays", "families.npy", "signatures.npy", "compared.npy"])
def test_what_is_made_of_sound_articles_is_made_anew(
    index: Path, encoder: FakeEncoder, whole: Contents, name: str
) -> None:
    damaged = layout.current(index)
    _spoil(damaged / name)
    repaired = _repair(index, encoder)
    assert (repaired.outcome, repaired.lost) == (RepairOutcome.REBUILT, ())
    assert (repaired.encoded, repaired.reused) == (0, 15)
    assert contents(index) == whole
    assert generations(index) == {damaged.name, repaired.manifest.id}
    assert repaired.manifest.corpus == ("corpus",)


@pytest.mark.parametrize("name", ["vectors.faiss", "manifest.json"])
def test_vectors_that_are_not_known_to_be_sound_are_encoded_anew(
    index: Path, encoder: FakeEncoder, whole: Contents, name: str
) -> None:
    (layout.current(index) / name).unlink()
    repaired = _repair(index, encoder)
    assert (repaired.outcome, repaired.lost) == (RepairOutcome.REBUILT, ())
    assert (repaired.encoded, repaired.reused) == (15, 0)
    assert contents(index) == whole


@pytest.mark.parametrize("content", [None, b"", b"20230912T080000Z-gone\n", b"\xff\0", b"../x\n"])
def test_a_damaged_name_is_written_anew(
    index: Path, encoder: FakeEncoder, whole: Contents, content: bytes | None
) -> None:
    (index / "CURRENT").unlink()
    if content is not None:
        (index / "CURRENT").write_bytes(content)
    with pytest.raises(IndexCorrupt, match=f"run: depeche repair --index {index}$"):
        open_current(index)
    assert _repair(index, encoder).outcome is RepairOutcome.SOUND
    assert contents(index) == whole


def test_a_damaged_store_is_rolled_back(tmp_path: Path, encoder: FakeEncoder) -> None:
    first = build_index(tmp_path, PRESS[:5]).manifest
    second = build_index(tmp_path, PRESS).manifest
    (layout.current(tmp_path) / "articles.sqlite").write_bytes(b"")
    repaired = _repair(tmp_path, encoder)
    assert (repaired.outcome, repaired.manifest) == (RepairOutcome.ROLLED_BACK, first)
    assert contents(tmp_path).articles == PRESS[:5]
    assert generations(tmp_path) == {first.id, second.id}


def test_without_one_before_the_articles_that_are_sound_are_kept(index: Path, encoder: FakeEncoder) -> None:
    _spoil_article(layout.current(index), 3)
    repaired = _repair(index, encoder)
    assert (repaired.outcome, repaired.lost) == (RepairOutcome.REBUILT, (PRESS[3].id,))
    assert contents(index).articles == (*PRESS[:3], *PRESS[4:])


def test_bytes_that_are_gone_cost_their_articles(index: Path, encoder: FakeEncoder) -> None:
    store = layout.current(index) / "articles.sqlite"
    content = store.read_bytes()
    place = content.index(PRESS[11].title.encode())
    store.write_bytes(content[:place] + bytes(40) + content[place + 40 :])
    repaired = _repair(index, encoder)
    kept = contents(index).articles
    assert set(repaired.lost) == {article.id for article in PRESS} - {article.id for article in kept}
    assert PRESS[11].id in repaired.lost
    assert set(kept) < set(PRESS)


@pytest.mark.parametrize("content", [b"", b"no database" * 100])
def test_nothing_can_be_made_of_nothing(index: Path, encoder: FakeEncoder, content: bytes) -> None:
    folder = layout.current(index)
    (folder / "articles.sqlite").write_bytes(content)
    before = generations(index)
    with pytest.raises(IndexCorrupt, match=f"can be repaired; run: depeche build PATH --index {index}$"):
        _repair(index, encoder)
    assert generations(index) == before


def test_no_index_is_missing_and_none_is_made(tmp_path: Path, encoder: FakeEncoder) -> None:
    with pytest.raises(IndexMissing, match="run: depeche build PATH"):
        _repair(tmp_path / "nowhere", encoder)
    assert list(tmp_path.iterdir()) == []


def test_an_index_that_is_being_built_is_busy(index: Path, encoder: FakeEncoder) -> None:
    holder = Task(hold_lock, index)
    assert holder.told() == "held"
    with pytest.raises(IndexBusy):
        _repair(index, encoder)
    holder.answer()
    assert holder.exit_code() == 0


def test_the_index_of_a_newer_program_is_left_alone(index: Path, encoder: FakeEncoder) -> None:
    folder = layout.current(index)
    newer = replace(read_manifest(folder), format=FORMAT + 1)
    seal(layout.Layout(folder), newer)
    with pytest.raises(IndexIncompatible, match="newer program"):
        _repair(index, encoder)


def test_every_fault_is_told(index: Path) -> None:
    folder = layout.current(index)
    _spoil(folder / "vectors.faiss")
    _spoil(folder / "keyword.arrays")
    (folder / "families.npy").unlink()
    with pytest.raises(IndexCorrupt) as raised:
        verify_current(index)
    for told in ("vectors.faiss is not", "keyword.arrays is not", "should not hold: families.npy"):
        assert told in str(raised.value)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_an_older_format_is_refused_then_repaired(tmp_path: Path, encoder: FakeEncoder, number: int) -> None:
    """Each was made by the program of its time, from the first four articles of ``PRESS``."""
    index, anew = tmp_path / "index", tmp_path / "anew"
    with ZipFile(_FORMATS / f"{number}.zip") as archive:
        archive.extractall(index)
    with pytest.raises(IndexIncompatible) as raised:
        open_current(index)
    told = f"has format {number}, this program reads {FORMAT}; run: depeche repair --index {index} "
    assert told in str(raised.value)
    repaired = _repair(index, encoder)
    assert (repaired.outcome, repaired.lost) == (RepairOutcome.REBUILT, ())
    assert repaired.encoded == 0
    build_index(anew, PRESS[:4])
    assert contents(index) == contents(anew)
