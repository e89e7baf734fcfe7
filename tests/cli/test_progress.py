import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from search.build_types import STAGE_LABELS, Progress, Stage
from search.cli import progress
from search.encoding_rate import EncodingRate

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


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time by which rates are measured."""
    seconds = [0.0]
    monkeypatch.setattr(progress, "EncodingRate", lambda: EncodingRate(lambda: seconds[0]))
    return seconds


def _encode_slowly(advance: Progress, now: list[float]) -> None:
    """Encode 8,192 passages, 25.6 a second."""
    for done in range(0, 8192 + 256, 256):
        advance(Stage.ENCODE, done, 8192)
        now[0] += 10.0


@pytest.mark.parametrize("chosen", [progress.permanent, progress.transient])
def test_a_long_build_tells_its_rate_and_the_time_at_the_start_and_at_halves(
    capsys: pytest.CaptureFixture[str],
    now: list[float],
    chosen: Callable[[], AbstractContextManager[Progress]],
) -> None:
    with chosen() as advance:
        _encode_slowly(advance, now)

    lines = capsys.readouterr().err.splitlines()
    assert lines[0].endswith("26 passages/s, about 5 min left")
    lefts = [line.partition(", about ")[2] for line in lines]
    assert lefts == ["5 min left", "2 min left", "70 s left", "30 s left", "10 s left"]


def test_a_terminal_tells_them_once_above_the_bars_and_then_in_the_bar(
    monkeypatch: pytest.MonkeyPatch, now: list[float]
) -> None:
    monkeypatch.setattr(sys, "stderr", stream := Terminal())
    with progress.permanent() as advance:
        _encode_slowly(advance, now)
        advance(Stage.ENCODE, 256, 1 << 20)
        now[0] += 10.0
        advance(Stage.ENCODE, 512, 1 << 20)
        assert isinstance(advance, progress.Bars)
        with advance.paused():
            shown = " ".join(_ESCAPE.sub("", stream.shown).split())

    assert shown.count("26 passages/s, about 5 min left") == 1
    assert "512/1,048,576 26/s 11 h" in shown


def test_nothing_is_told_where_nothing_is_to_be_shown(
    capsys: pytest.CaptureFixture[str], now: list[float]
) -> None:
    with progress.hidden() as advance:
        _encode_slowly(advance, now)

    assert capsys.readouterr() == ("", "")


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
