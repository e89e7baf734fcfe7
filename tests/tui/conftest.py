import tempfile

import pytest
from pytest_textual_snapshot import SVGImageExtension

from search.tui.screens import search
from search.tui.services import search_worker

SVGImageExtension.file_extension = "svg"  # which the plugin calls as syrupy did before 5.0


@pytest.fixture(autouse=True)
def _no_model_loaded_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines are asked what tests ask of them, and nothing else."""
    monkeypatch.setattr(search, "LOAD_AFTER", 3600.0)


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is garbage is left to other tests; tells how often the app would have settled."""
    found: list[str] = []
    monkeypatch.setattr(search_worker, "_tune_garbage_collector", lambda: found.append("settled"))
    return found


@pytest.fixture(autouse=True)
def _temporary_folders_are_removed(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What tests and their processes make for a while lies where pytest tidies up."""
    monkeypatch.setenv("TMPDIR", str(tmp_path_factory.mktemp("made")))
    monkeypatch.setattr(tempfile, "tempdir", None)
