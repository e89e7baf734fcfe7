import errno
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from search.errors import EncoderUnavailable
from search.local import layout, vector_stages
from tests.fakes import FakeEncoder

from .running import Depeche, Ran


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_nothing_to_index_is_an_error(depeche: Depeche, index: Path, tmp_path: Path, more: list[str]) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    empty = depeche("build", str(folder), *more)
    (folder / "blank.txt").write_text("  \n", encoding="utf-8")
    rejected = depeche("build", str(folder), *more)

    for ran, reason in ((empty, "no article was found|0 rejected"), (rejected, r".*blank\.txt: no text")):
        assert ran.code == 3
        assert re.match(rf"depeche: Nothing to index in {folder}: ({reason})", ran.err)


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_a_path_that_is_not_there_is_told(depeche: Depeche, index: Path, more: list[str]) -> None:
    ran = depeche("build", "nowhere", *more)

    assert (ran.code, ran.out) == (3, "")
    assert "no such file or folder: nowhere" in ran.err
    assert not index.parent.exists()


def test_an_interrupted_build_leaves_the_old_index_and_is_taken_up(
    depeche: Depeche,
    index: Path,
    articles: Callable[..., str],
    encoder: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    depeche("build", articles("Kiev attend."))
    before = (index / "CURRENT").read_bytes()
    monkeypatch.setattr(vector_stages, "_BATCH", 1)
    encoder.before_batch = _interrupting_the(second=True)
    ran = depeche("build", articles("Lille court.", "Brest proteste."))

    message = "interrupted: the index is unchanged; the next build reuses the encoded passages"
    assert ran == Ran(130, "", f"depeche: {message}\n")
    assert (index / "CURRENT").read_bytes() == before
    encoder.before_batch = lambda: None
    assert "(1 encoded, 2 reused)" in depeche("build", articles()).out


def _interrupting_the(*, second: bool) -> Callable[[], None]:
    batches = iter([not second, second])

    def before_batch() -> None:
        if next(batches, False):
            raise KeyboardInterrupt

    return before_batch


def test_a_second_build_at_once_is_refused(
    depeche: Depeche, index: Path, articles: Callable[..., str]
) -> None:
    with layout.build_lock(index):
        ran = depeche("build", articles("Kiev attend."))

    assert (ran.code, ran.out) == (6, "")
    holder = rf"process {os.getpid()}, since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC"
    message = (
        rf"depeche: Another build is at work in {index} \({holder}\); wait until it ends, or stop it\.\n"
    )
    assert re.fullmatch(message, ran.err)


def test_an_index_folder_that_cannot_be_written_is_told(
    depeche: Depeche, tmp_path: Path, articles: Callable[..., str]
) -> None:
    file = tmp_path / "file"
    file.touch()
    ran = depeche("build", articles("Kiev attend."), "--index", str(file / "index"))

    advice = "make room there, or give another folder with --index DIR"
    assert ran == Ran(2, "", f"depeche: {file}/index cannot be written: Not a directory; {advice}.\n")


def test_a_full_disk_is_told(
    depeche: Depeche, index: Path, articles: Callable[..., str], encoder: FakeEncoder
) -> None:
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    encoder.before_batch = full
    ran = depeche("build", articles("Kiev attend."))

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"depeche: {index} cannot be written: No space left on device; make room")


@pytest.mark.parametrize("rejects", ["nowhere/rejects.tsv", "/dev/full"])
def test_a_list_of_rejects_that_cannot_be_written_is_told(
    depeche: Depeche, index: Path, records: str, rejects: str
) -> None:
    ran = depeche("build", records, "--rejects", rejects)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"depeche: {rejects} cannot be written: No s")
    assert ran.err.endswith("; give another file with --rejects FILE.\n")


def test_a_model_that_cannot_be_loaded_is_told(
    depeche: Depeche, index: Path, articles: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(model: str) -> None:
        raise EncoderUnavailable(f"The model {model} cannot be loaded.")

    monkeypatch.setattr("search.index.fetch_model", load)
    ran = depeche("build", articles("Kiev attend."), "--model", "nonsense")

    assert ran == Ran(7, "", "depeche: The model nonsense cannot be loaded.\n")
    assert not index.exists()


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("text", "--column 'text' is not FIELD=COLUMN"),
        ("texte=corps", "no such field: texte; the fields are"),
    ],
)
def test_a_column_that_makes_no_sense_is_told(
    depeche: Depeche, index: Path, records: str, column: str, message: str
) -> None:
    ran = depeche("build", records, "--column", column)

    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


@pytest.mark.parametrize(
    "rejects", ["records.jsonl", "old/../records.jsonl", "linked.txt", "articles/new.csv"]
)
def test_what_is_read_is_not_replaced_by_the_list_of_rejected_records(
    depeche: Depeche, index: Path, records: str, articles: Callable[..., str], rejects: str
) -> None:
    folder, before = Path(records).parent, Path(records).read_bytes()
    (folder / "linked.txt").symlink_to(records)
    (folder / "old").mkdir()
    ran = depeche("build", records, articles("Kiev attend."), "--rejects", str(folder / rejects))

    message = f"{folder / rejects} is among the files to index; give another file with --rejects FILE."
    assert ran == Ran(2, "", f"depeche: {message}\n")
    assert Path(records).read_bytes() == before
