import io
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from search.cli import main
from search.errors import EncoderUnavailable
from tests.fakes import FakeEncoder

from .running import Depeche, Input, Ran

RECORDS = """\
{"id": "a", "title": "Grève", "text": "Les trains sont à l'arrêt depuis lundi.", "source": "Gazette"}
{"id": "b", "title": "Blé", "contenu": "La récolte de blé est abondante."}
{"id": "a", "title": "Grève levée", "text": "Les trains roulent de nouveau."}
{"id": "c", "title": "Rien", "date": "2023-13-01"}
munitions
"""


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, press_index: Path) -> None:
    """No setting or memory of the person who runs the tests, 80 columns, and the index of ``PRESS``."""
    styling = {"COLORTERM", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"}
    for name in [name for name in os.environ if name.startswith("DEPECHE_") or name in styling]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "no-configuration"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("DEPECHE_LANGUAGE", "en")
    monkeypatch.setenv("LANGUAGE", "en")  # the program sets it
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("DEPECHE_INDEX", str(press_index))


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> FakeEncoder:
    """The encoder that every command of this test is given."""
    encoder = FakeEncoder()
    monkeypatch.setattr("search.index.load_encoder", lambda _model: encoder)
    monkeypatch.setattr("search.index.fetch_model", lambda _model: None)
    return encoder


@pytest.fixture
def depeche(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], encoder: FakeEncoder
) -> Depeche:
    """Runs the program in this process: arguments, and ``stdin`` as bytes."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)

    def run(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["depeche", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Input(stdin), encoding="utf-8"))
        with pytest.raises(SystemExit) as ended:
            main()
        return Ran(int(ended.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def no_encoder(depeche: Depeche, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Loading an encoder fails; the names asked for are kept."""
    models = []

    def load(model: str) -> None:
        models.append(model)
        raise EncoderUnavailable("The model is not here; get it.")

    monkeypatch.setattr("search.index.load_encoder", load)
    return models


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The index folder of this test, which is not there yet."""
    index = tmp_path / "made" / "index"
    monkeypatch.setenv("DEPECHE_INDEX", str(index))
    return index


@pytest.fixture
def records(tmp_path: Path) -> str:
    path = tmp_path / "records.jsonl"
    path.write_text(RECORDS, encoding="utf-8")
    return str(path)


@pytest.fixture
def articles(tmp_path: Path) -> Callable[..., str]:
    """Makes a folder of dispatches, one for each text."""

    def make(*texts: str) -> str:
        folder = tmp_path / "articles"
        folder.mkdir(exist_ok=True)
        for text in texts:
            (folder / f"{text.split()[0]}.txt").write_text(text, encoding="utf-8")
        return str(folder)

    return make
