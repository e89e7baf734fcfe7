import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest

from search.corpus.watcher import Timing
from search.errors import EncoderUnavailable
from search.local import layout
from tests.fakes import FakeEncoder

from .running import Depeche, Ran

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds
STAMP = re.compile(r"\d\d:\d\d:\d\d ")
TOOK = re.compile(r"; \d+\.\d s$")
STOPPED = "depeche: stopped watching; the last published index stays"
NO_MODEL = EncoderUnavailable("The model is not here; get it.")
Watched = Callable[..., list[str]]


@pytest.fixture
def watched(depeche: Depeche, monkeypatch: pytest.MonkeyPatch) -> Watched:
    """Runs ``watch`` with these arguments while one step after the other changes something; what it says."""

    def run(*arguments: str, steps: Sequence[Callable[[], object]] = ()) -> list[str]:
        left = iter(steps)

        class Steps:
            def wait(self) -> None:
                step = next(left, None)
                if step is None:
                    raise KeyboardInterrupt
                step()

        @contextmanager
        def watch_paths(_paths: Sequence[str], _index: Path, _timing: Timing) -> Iterator[Steps]:
            yield Steps()

        monkeypatch.setattr("search.corpus.watcher.watch_paths", watch_paths)
        ran = depeche("watch", *arguments)
        assert (ran.code, ran.out) == (0, "")
        first, *reports, last = ran.err.splitlines()
        assert (first, last) == (f"depeche: watching {arguments[0]}; press Ctrl-C to stop", STOPPED)
        return [TOOK.sub("", STAMP.sub("", line.removeprefix("depeche: "))) for line in reports]

    return run


def record(name: str, text: str) -> str:
    return f'{{"id": "{name}", "text": "{text}"}}\n'


def test_each_publication_is_told_by_what_it_changed(watched: Watched, index: Path, tmp_path: Path) -> None:
    path = tmp_path / "fil.jsonl"
    path.write_text(record("a", "Kiev attend.") + record("b", "Lille court."), encoding="utf-8")
    more = record("b", "Lille a couru.") + record("c", "Brest dort.") + record("d", "Metz rit.") + "broken"

    reports = watched(str(path), steps=[lambda: path.write_text(more, encoding="utf-8")])

    assert reports == [
        "2 new, 0 changed, 0 removed; 2 articles in all, 0 rejected",
        f"2 new, 1 changed, 1 removed; 3 articles in all, 1 rejected ({path}, line 4: not JSON: JSON is "
        "malformed: invalid character (byte 0))",
    ]


def test_only_the_watched_paths_are_mirrored(
    depeche: Depeche, watched: Watched, index: Path, articles: Callable[..., str], tmp_path: Path
) -> None:
    other = tmp_path / "autre.jsonl"
    other.write_text(record("x", "Nantes chante.") + record("y", "Dijon danse."), encoding="utf-8")
    folder = Path(articles("Kiev attend.", "Lille court."))
    depeche("build", str(other))

    reports = watched(str(folder), steps=[(folder / "Kiev.txt").unlink])

    assert reports == [
        "2 new, 0 changed, 0 removed, 2 kept; 4 articles in all, 0 rejected",
        "0 new, 0 changed, 1 removed, 2 kept; 3 articles in all, 0 rejected",
    ]
    status = depeche("status", "--format", "json").json
    assert status["corpus"] == [str(other), str(folder)]
    assert depeche("find", "Nantes OU Dijon OU Lille OU Kiev", "--format", "json").json["total"] == 3


def test_what_is_published_already_is_not_built_again(
    depeche: Depeche, watched: Watched, index: Path, articles: Callable[..., str], encoder: FakeEncoder
) -> None:
    depeche("build", articles("Kiev attend."))
    before = (index / "CURRENT").read_bytes()

    (reports,) = watched(articles(), steps=[])

    assert re.fullmatch(r"Nothing has changed since .*: the index stays as it is\.", reports)
    assert (index / "CURRENT").read_bytes() == before
    assert len(encoder.batches) == 1


def test_a_build_that_fails_is_told_and_tried_again_at_the_next_change(
    watched: Watched, index: Path, articles: Callable[..., str]
) -> None:
    folder = Path(articles())
    file = folder / "Kiev.txt"

    reports = watched(
        str(folder),
        steps=[
            lambda: file.write_text("Kiev attend.", encoding="utf-8"),
            lambda: file.rename(folder / "Kiev"),
            lambda: (folder / "Kiev").rename(file),
            lambda: articles("Lille court."),
        ],
    )

    failed = f"the index is unchanged until the next change of the files: Nothing to index in {folder}: "
    assert reports[0].startswith(f"{failed}no article was found; ")
    assert reports[1] == "1 new, 0 changed, 0 removed; 1 article in all, 0 rejected"
    assert reports[2].startswith(f"{failed}no file of a known format; passed over: 1; ")
    assert reports[3].startswith("Nothing has changed since ")
    assert reports[4:] == ["1 new, 0 changed, 0 removed; 2 articles in all, 0 rejected"]


def test_a_model_that_comes_later_is_taken_and_its_notice_told_once(
    watched: Watched, index: Path, articles: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[str] = []
    noticed = FakeEncoder(notice="It is slow here.")

    def load(_model: str) -> FakeEncoder:
        loads.append("model")
        if len(loads) == 1:
            raise NO_MODEL
        return noticed

    monkeypatch.setattr("search.index.load_encoder", load)
    steps = [lambda: articles("Lille court."), lambda: articles("Brest dort.")]
    reports = watched(articles("Kiev attend."), steps=steps)

    assert reports == [
        f"the index is unchanged until the next change of the files: {NO_MODEL}",
        "It is slow here.",
        "2 new, 0 changed, 0 removed; 2 articles in all, 0 rejected",
        "1 new, 0 changed, 0 removed; 3 articles in all, 0 rejected",
    ]
    assert len(loads) == 3


def test_another_build_is_waited_for(
    watched: Watched, index: Path, articles: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = layout.build_lock(index)
    lock.__enter__()
    naps = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            lock.__exit__(None, None, None)

    monkeypatch.setattr("search.cli.watch.time.sleep", nap)
    waiting, built = watched(articles("Kiev attend."))

    assert re.fullmatch(rf"waiting: Another build is at work in {index} \(process \d+.*\); wait.*", waiting)
    assert built == "1 new, 0 changed, 0 removed; 1 article in all, 0 rejected"
    assert naps == [1.0] * 3


def test_rejected_records_are_listed_anew_by_each_build(
    watched: Watched, index: Path, records: str, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.tsv"
    lists: list[list[str]] = []

    def mend() -> None:
        lists.append(rejects.read_text(encoding="utf-8").splitlines())
        Path(records).write_text(record("a", "Kiev attend.") + "\nbroken", encoding="utf-8")

    watched(records, "--rejects", str(rejects), steps=[mend])

    lists.append(rejects.read_text(encoding="utf-8").splitlines())
    assert [[line.split("\t")[:2] for line in message] for message in lists] == [
        [[records, "0"], [records, "4"], [records, "5"]],
        [[records, "3"]],
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["-"], 2, "Standard input cannot be watched; use: depeche build -"),
        (["nowhere"], 3, "no such file or folder: nowhere; check the path"),
        ([".", "--column", "text"], 2, "--column 'text' is not FIELD=COLUMN; write, for example"),
        ([".", "--rejects", "old/r.tsv"], 2, "old/r.tsv is among the files to index; give another file"),
    ],
)
def test_what_cannot_be_watched_is_told_at_once(
    depeche: Depeche,
    index: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = depeche("watch", *arguments)

    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith(f"depeche: {message}")
    assert ran.err.count("\n") == 1
    assert not index.exists()


class Program:
    """``depeche watch`` in a process of its own."""

    def __init__(self, *arguments: str, marker: str = "") -> None:
        command = [sys.executable, "-m", "tests.cli.watched", marker, "watch", *arguments, "--settle", "0.2"]
        self._process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own command

    def says(self) -> str:
        """Its next line."""
        assert self._process.stderr is not None
        return TOOK.sub("", STAMP.sub("", self._process.stderr.readline().rstrip("\n")))

    def kill(self) -> None:
        """End it whatever it does."""
        self._process.kill()
        self._process.communicate()

    def ended(self, signal_: signal.Signals) -> Ran:
        """What it still says when it is sent a signal, and its exit code."""
        self._process.send_signal(signal_)
        _, err = self._process.communicate(timeout=PATIENCE)
        return Ran(self._process.returncode, "", err)


@contextmanager
def running(*arguments: str, marker: str = "") -> Iterator[Program]:
    program = Program(*arguments, marker=marker)
    too_late = Timer(PATIENCE, program.kill)
    too_late.start()
    try:
        yield program
    finally:
        too_late.cancel()
        program.kill()


@pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGINT])
def test_files_that_change_are_published_until_a_signal(
    depeche: Depeche, index: Path, articles: Callable[..., str], signal_: signal.Signals
) -> None:
    folder = articles("Kiev attend.")
    with running(folder) as program:
        assert program.says() == f"depeche: watching {folder}; press Ctrl-C to stop"
        assert program.says() == "depeche: 1 new, 0 changed, 0 removed; 1 article in all, 0 rejected"
        articles("Lille court.", "Brest dort.")
        assert program.says() == "depeche: 2 new, 0 changed, 0 removed; 3 articles in all, 0 rejected"
        (Path(folder) / "Kiev.txt").unlink()
        assert program.says() == "depeche: 0 new, 0 changed, 1 removed; 2 articles in all, 0 rejected"
        ran = program.ended(signal_)

    assert ran == Ran(0, "", f"{STOPPED}\n")
    assert depeche("find", "Kiev", "--mode", "keyword").code == 1
    assert depeche("verify").code == 0


def test_a_file_met_half_written_is_read_again(index: Path, articles: Callable[..., str]) -> None:
    folder = articles("Kiev attend.")
    line = record("a", "Lille court.")
    with running(folder) as program, (Path(folder) / "fil.jsonl").open("w", encoding="utf-8") as file:
        file.write(line[:20])
        file.flush()
        assert program.says() == f"depeche: watching {folder}; press Ctrl-C to stop"
        assert " 1 article in all, 1 rejected (" in program.says()
        file.write(line[20:])
        file.flush()
        assert program.says() == "depeche: 1 new, 0 changed, 0 removed; 2 articles in all, 0 rejected"


def test_a_build_under_way_ends_with_the_program_and_leaves_nothing(
    depeche: Depeche, index: Path, articles: Callable[..., str], tmp_path: Path
) -> None:
    folder = articles("Kiev attend.")
    depeche("build", folder)
    before = (index / "CURRENT").read_bytes()
    articles("Lille court.")
    marker = tmp_path / "at-work"
    with running(folder, marker=str(marker)) as program:
        program.says()
        deadline = time.monotonic() + PATIENCE
        while not marker.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        ran = program.ended(signal.SIGTERM)

    assert ran == Ran(0, "", f"{STOPPED}\n")
    assert (index / "CURRENT").read_bytes() == before
    assert {path.name for path in index.iterdir()} <= {"CURRENT", ".lock", "generations", "encoded.sqlite"}
    assert len(list((index / "generations").iterdir())) == 1
    assert "(1 encoded, 1 reused)" in depeche("build", folder).out
