import pytest

from search.tui import search_screen


@pytest.fixture(autouse=True)
def _no_model_loaded_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines are asked what tests ask of them, and nothing else."""
    monkeypatch.setattr(search_screen, "LOAD_AFTER", 3600.0)
