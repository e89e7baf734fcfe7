import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from search.build_types import STAGE_LABELS, Progress, Stage
from search.cli import progress

from .running import Terminal

_ESCAPE = re.compile("\x1b\\[[0-9;?]*[A-Za-z]")


def _build(advance: Progress) -> None:
    for done in range(4):
        advance(Stage.READ, done, 0)
    advance(Stage.ENCODE, 0, 1500)
    advance(Stage.ENCODE, 500, 1500)
    advance(Stage.ENCODE, 1500, 1500)
    advance(Stage.CHECK, 0, 0)


def test_a_terminal_shows_a_bar_for_each_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.permanent() as advance:
        _build(advance)

    last = [" ".join(line.split()) for line in _ESCAPE.sub("", stream.shown).splitlines()[-3:]]
    assert re.fullmatch(r"Reading ━+ 3/3 (\d+/s )?0:00:00", last[0])
    assert re.fullmatch(r"Encoding meaning ━+ 1,500/1,500 [\d,]+/s 0:00:00", last[1])
    assert re.fullmatch(r"Checking ━+( .*)?", last[2])


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_a_bar_under_its_label(monkeypatch: pytest.MonkeyPatch, stage: Stage) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.permanent() as advance:
        advance(stage, 4, 4)

    assert re.search(rf"{STAGE_LABELS[stage].capitalize()} +━+ 4/4 ", _ESCAPE.sub("", stream.shown))


def test_stages_are_labelled_in_the_order_of_a_build() -> None:
    assert [*STAGE_LABELS] == [*Stage]
    assert len(set(STAGE_LABELS.values())) == len(Stage)


def test_passing_bars_are_gone_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.transient() as advance:
        _build(advance)
        during = stream.shown

    after = stream.shown.removeprefix(during)
    assert "Checking" in during
    assert after.count("\x1b[1A") >= 3  # up to where the first bar was
    assert after.rstrip("\n").endswith("\x1b[2K")


def test_bars_leave_the_terminal_to_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.permanent() as bars:
        bars(Stage.READ, 4, 0)
        with bars.paused():
            before = stream.shown
            stream.write("Remove them? ")
            bars(Stage.READ, 5, 0)
            assert stream.shown.removeprefix(before) == "Remove them? "
        bars(Stage.CHECK, 0, 0)

    assert "Checking" in stream.shown


@pytest.mark.parametrize("chosen", [progress.permanent, progress.transient, progress.hidden])
def test_elsewhere_nothing_is_shown(
    capsys: pytest.CaptureFixture[str], chosen: Callable[[], AbstractContextManager[Progress]]
) -> None:
    with chosen() as advance:
        _build(advance)

    assert capsys.readouterr() == ("", "")
