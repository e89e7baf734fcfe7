import tempfile

import pytest
from pytest_textual_snapshot import SVGImageExtension

from search.tui.screens import search
from search.tui.services import search_worker

SVGImageExtension.file_extension = "svg"  # the plugin still uses the name of syrupy 4


@pytest.fixture(autouse=True)
def _no_model_loaded_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines get only the requests of the test."""
    monkeypatch.setattr(search, "LOAD_AFTER", 3600.0)


@pytest.fixture(autouse=True)
def gc_tunings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Leave the garbage collector alone; return an entry for each time the app would have tuned it."""
    calls: list[str] = []
    monkeypatch.setattr(search_worker, "_tune_garbage_collector", lambda: calls.append("tuned"))
    return calls


@pytest.fixture(autouse=True)
def _temporary_folders_are_removed(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Temporary files of tests and of their processes are where pytest removes them."""
    monkeypatch.setenv("TMPDIR", str(tmp_path_factory.mktemp("made")))
    monkeypatch.setattr(tempfile, "tempdir", None)
