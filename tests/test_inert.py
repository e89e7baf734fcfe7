"""Files are data: nothing of an index or a text is ever run, fetched, or slow out of proportion."""

import io
import os
import pickle
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from search.errors import SearchError
from search.local.reader import open_current
from search.query.parser import parse
from search.retrieval.request import Request
from search.types import Mode
from tests.fakes import build_index, engine_of
from tests.press import PRESS
from tests.stress.security import commanding, steep
from tests.test_architecture import ROOT

WATCHED = """
import sys
seen = []
FORBIDDEN = ("pickle.find_class", "socket.connect", "socket.getaddrinfo", "urllib.Request", "webbrowser.open",
             "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "subprocess.Popen")
NOTHING_RELEVANT = 1
sys.addaudithook(lambda event, given: seen.append((event, repr(given))) if event in FORBIDDEN else None)

import asyncio
from pathlib import Path
from unittest.mock import patch
from search.cli import main
from search.config import Settings
from search.tui.app import DepecheApp
from search.tui.services.index_client import IndexClient
from tests.fakes import FakeEncoder

async def interface():
    settings = Settings(index="index")
    app = DepecheApp(IndexClient(settings), settings, Path("memory"))
    async with app.run_test(size=(100, 30)) as pilot:
        for key in ("m", "u", "n", "enter", "f6", "escape", "f9", "escape"):
            await pilot.press(key)
            await pilot.pause(0.05)

def run(*command):
    sys.argv = ["depeche", *command, "--index=index"]
    try:
        main()
    except SystemExit as end:
        assert end.code in (None, 0, NOTHING_RELEVANT), (command, end.code)

with patch("search.index.load_encoder", return_value=FakeEncoder()):
    run("build", "articles")
    for mode in ("hybrid", "keyword", "semantic"):
        run("find", "munitions munit*", "--mode", mode, "--explain", "--facets")
    run("verify")
    run("status")
    asyncio.run(interface())
assert not seen, seen
"""


def test_from_a_build_to_the_interface_nothing_is_unpickled_fetched_or_started(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    for number in range(3):
        (articles / f"{number}.txt").write_text(f"Des munitions numéro {number}.", encoding="utf-8")
    page = "<title>Titre</title><article><p>" + "Un train de munitions est passé. " * 9
    (articles / "page.html").write_text(page, encoding="utf-8")
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DEPECHE_")}
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", WATCHED],
        cwd=tmp_path,
        env={**ours, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert ran.returncode == 0, ran.stderr


class Bomb:
    """What a pickle may do: anything."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.mark,)


def array(bomb: Bomb) -> bytes:
    """A file of numpy that holds an object."""
    file = io.BytesIO()
    np.save(file, np.array([bomb], object), allow_pickle=True)
    return file.getvalue()


def weights(bomb: Bomb) -> bytes:
    """A file of torch, which is a pickle among others."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(bomb))
        archive.writestr("archive/version", "3\n")
    return file.getvalue()


def use(index: Path) -> None:
    """What is done with an index; raises SearchError where a part is not what it should be."""
    with closing(open_current(index)) as generation:
        engine = engine_of(generation)
        for text in ("munitions", '"obus" munit*', "munitiosn~ date:2023"):
            for mode in Mode:
                engine.search(Request(parse(text, date(2026, 1, 1)), mode))
        generation.verify()


@pytest.mark.parametrize("planted", [pickle.dumps, array, weights])
def test_a_pickle_in_the_place_of_any_file_is_never_opened(
    press_index: Path, tmp_path: Path, planted: Callable[[Bomb], bytes]
) -> None:
    index, mark = tmp_path / "index", tmp_path / "executed"
    shutil.copytree(press_index, index)
    files = [path for path in index.rglob("*") if path.is_file()]
    strangers = [index / "generations" / "_MAIN_1.toc", files[0].with_name("vectors.pkl")]
    assert {"articles.sqlite", "keyword.arrays", "vectors.npy"} <= {path.name for path in files}
    for path in (*files, *strangers):
        before = path.read_bytes() if path.exists() else b""
        path.write_bytes(planted(Bomb(mark)))
        with suppress(SearchError):
            use(index)
        path.write_bytes(before)
        if not before:
            path.unlink()
    build_index(index, PRESS)

    assert not mark.exists()
    pickle.loads(pickle.dumps(Bomb(mark)))  # noqa: S301 - what would have happened
    assert mark.exists()


def test_no_text_takes_long_out_of_proportion_to_its_length() -> None:
    assert steep(8_000) == []


def test_no_export_of_a_hostile_article_commands_a_terminal() -> None:
    assert list(commanding(200, seed=1)) == []
