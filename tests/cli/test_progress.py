import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from search.cli import progress
from search.protocols import Progress

from .running import Terminal

_ESCAPE = re.compile("\x1b\\[[0-9;?]*[A-Za-z]")


def _build(advance: Progress) -> None:
    for done in range(4):
        advance("read", done, 0)
    advance("encode", 0, 1500)
    advance("encode", 500, 1500)
    advance("encode", 1500, 1500)
    advance("check", 0, 0)


def test_a_terminal_shows_a_bar_for_each_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.shown() as advance:
        _build(advance)

    last = [" ".join(line.split()) for line in _ESCAPE.sub("", stream.shown).splitlines()[-3:]]
    assert re.fullmatch(r"Reading ━+ 3/3 (\d+/s )?0:00:00", last[0])
    assert re.fullmatch(r"Encoding ━+ 1,500/1,500 [\d,]+/s 0:00:00", last[1])
    assert re.fullmatch(r"Checking ━+( .*)?", last[2])


def test_passing_bars_are_gone_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.passing() as advance:
        _build(advance)
        during = stream.shown

    after = stream.shown.removeprefix(during)
    assert "Checking" in during
    assert after.count("\x1b[1A") >= 3  # up to where the first bar was
    assert after.rstrip("\n").endswith("\x1b[2K")


@pytest.mark.parametrize("chosen", [progress.shown, progress.passing, progress.hidden])
def test_elsewhere_nothing_is_shown(
    capsys: pytest.CaptureFixture[str], chosen: Callable[[], AbstractContextManager[Progress]]
) -> None:
    with chosen() as advance:
        _build(advance)

    assert capsys.readouterr() == ("", "")
