import os
import stat
from pathlib import Path
from threading import Event

import pytest
from textual.widgets import Input

from search.errors import UsageError
from search.export import Content, ExportFormat, export_hits
from search.export.file import write_file
from search.retrieval.request import Request
from search.tui.screens.export import ExportScreen
from search.tui.screens.help import HelpScreen
from search.types import Article, Hits, Mode
from tests.tui.driving import LARGE, SMALL, app_over, ask, lines, listed, seen, settle, until, write
from tests.tui.fakes import FakeEngine, by_mode


def answer(app_engine: FakeEngine) -> Hits:
    return app_engine.search(Request(app_engine.requests[-1].query))


@pytest.mark.parametrize("form", [ExportFormat.CSV, ExportFormat.MARKDOWN])
async def test_the_answer_is_written_in_the_chosen_format(tmp_path: Path, form: ExportFormat) -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("f8")
        await pilot.pause()
        pilot.app.screen.query_one(Input).value = str(tmp_path / "a.csv")
        await pilot.pause()
        assert "[csv]  md" in seen(pilot)
        if form is ExportFormat.MARKDOWN:
            await pilot.press("f2")
            await pilot.pause()
            assert "csv  [md]" in seen(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert not isinstance(pilot.app.screen, ExportScreen)
        written = (tmp_path / f"a.{form}").read_text(encoding="utf-8")
        assert written == export_hits(answer(engine), form)
        assert [path.name for path in tmp_path.iterdir()] == [f"a.{form}"]


async def test_whole_texts_are_exported_and_their_articles_counted(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=SMALL, notifications=True) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("f8")
        await pilot.pause()
        assert "● extraits  ○ textes entiers" in seen(pilot)
        assert "Entrée écrit le fichier" in seen(pilot)
        pilot.app.screen.query_one(Input).value = str(tmp_path / "a.jsonl")
        await pilot.press("f4")
        assert "○ extraits  ● textes entiers" in seen(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await until(pilot, lambda: "3 articles écrits" in seen(pilot))
        written = (tmp_path / "a.jsonl").read_text(encoding="utf-8")
        assert written == export_hits(answer(engine), ExportFormat.JSONL, content=Content.WHOLE_TEXTS)


async def test_the_help_begins_with_the_keys_of_the_dialog_and_leaves_it_as_it_was() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("f8", "f2", "f1")
        await pilot.pause()
        assert isinstance(pilot.app.screen, HelpScreen)
        shown = seen(pilot)
        assert shown.index("Dans cette fenêtre") < shown.index("Exporter des extraits, ou les textes entiers")
        assert "Dix tâches" not in shown[: shown.index("Exporter des extraits")]
        await pilot.press("f1")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ExportScreen)
        assert "[md]" in seen(pilot)


async def test_the_chosen_results_are_offered_first(tmp_path: Path) -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("tab", "x", "x", "f8")
        await pilot.pause()
        assert "● les résultats choisis : 2 articles" in seen(pilot)
        pilot.app.screen.query_one(Input).value = str(tmp_path / "a.csv")
        await pilot.press("f3")
        assert "● tous les résultats : 3 articles" in seen(pilot)
        await pilot.press("f3", "f3", "enter")
        await settle(pilot)
        rows = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
        assert [row.split(",")[:2] for row in rows] == [["rank", "id"], ["1", "train"], ["2", "obus"]]


@pytest.mark.parametrize(("chosen", "ids"), [(("down", "x"), ["obus"]), ((), ["train", "obus", "allies"])])
async def test_one_chosen_article_is_exported_alone(
    tmp_path: Path, chosen: tuple[str, ...], ids: list[str]
) -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("tab", *chosen, "f8")
        await pilot.pause()
        pilot.app.screen.query_one(Input).value = str(tmp_path / "a.csv")
        await pilot.press("enter")
        await settle(pilot)
        rows = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
        assert [row.split(",")[1] for row in rows[1:]] == ids


async def test_every_choice_is_shown_and_the_next_one_is_taken_by_a_key(tmp_path: Path) -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("tab", "x", "f8")
        await pilot.pause()

        def choices() -> list[str]:
            marked = [line for line in lines(pilot) if {*"●○"} & {*line} and "extraits" not in line]
            rows = [line.strip(" │").removeprefix("F3") for line in marked]
            return [" ".join(row.split()) for row in rows]

        names = [
            *("les résultats choisis : 1 article", "tous les résultats : 3 articles"),
            "cet article seulement : Des obus livrés",
        ]
        assert choices() == [f"{'●' if place == 0 else '○'} {name}" for place, name in enumerate(names)]
        await pilot.press("f3", "f3")
        assert choices() == [f"{'●' if place == 2 else '○'} {name}" for place, name in enumerate(names)]
        pilot.app.screen.query_one(Input).value = str(tmp_path / "a.csv")
        await pilot.press("enter")
        await settle(pilot)
        rows = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
        assert [row.split(",")[1] for row in rows[1:]] == ["obus"]


async def test_a_keyword_answer_to_a_hybrid_question_is_not_exported() -> None:
    compared = Event()

    def find(request: Request) -> list[Article]:
        if request.mode is Mode.HYBRID:
            compared.wait()
        return by_mode(request)

    async with app_over(FakeEngine(find)).run_test(size=SMALL, notifications=True) as pilot:
        await write(pilot, "munitions")
        await until(pilot, lambda: len(listed(pilot)) == 2)
        await pilot.press("f8")
        await pilot.pause()
        assert not isinstance(pilot.app.screen, ExportScreen)
        await until(pilot, lambda: "La recherche par le sens" in seen(pilot))

        compared.set()
        await settle(pilot)
        await pilot.press("f8")
        await pilot.pause()
        assert "tous les résultats : 3 articles" in seen(pilot)


async def test_an_existing_file_is_kept_or_overwritten_as_the_user_chooses(tmp_path: Path) -> None:
    path = tmp_path / "[a].csv"
    path.write_text("precious", encoding="utf-8")
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("f8")
        await pilot.pause()
        pilot.app.screen.query_one(Input).value = str(path)
        await pilot.press("enter")
        await pilot.pause()
        assert "existe déjà. L’écraser ? o / n" in seen(pilot)
        await pilot.press("n")
        await settle(pilot)
        assert path.read_text(encoding="utf-8") == "precious"
        assert isinstance(pilot.app.focused, Input)
        await pilot.press("enter", "o")
        await until(pilot, lambda: path.read_text(encoding="utf-8") != "precious")
        await settle(pilot)
        assert path.read_text(encoding="utf-8").startswith("rank,id,")


async def test_an_error_is_shown_for_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("f8")
        await pilot.pause()
        pilot.app.screen.query_one(Input).value = str(tmp_path / "none" / "a.csv")
        await pilot.press("enter")
        await settle(pilot)
        assert "ce fichier ou dossier" in seen(pilot)
        assert isinstance(pilot.app.screen, ExportScreen)


async def test_an_error_is_shown_for_an_unknown_format(tmp_path: Path) -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("f8")
        await pilot.pause()
        pilot.app.screen.query_one(Input).value = str(tmp_path / "a.doc")
        await pilot.press("enter")
        await pilot.pause()
        assert ".txm.zip" in seen(pilot)
        await pilot.press("f2")
        assert pilot.app.screen.query_one(Input).value == str(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("~nobody/a.csv", "ce fichier ou dossier n’existe pas"),
        ("a" * 300 + ".csv", "le nom de fichier est trop long"),
        ("", ".txm.zip"),
    ],
)
async def test_an_error_is_shown_for_an_impossible_path(path: str, message: str) -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("f8")
        await pilot.pause()
        pilot.app.screen.query_one(Input).value = path
        await pilot.press("enter")
        await settle(pilot)
        assert message in seen(pilot)


async def test_a_folder_gets_a_file_name_with_the_format() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("f8")
        await pilot.pause()
        box = pilot.app.screen.query_one(Input)
        box.value = "/"
        await pilot.press("f2")
        assert box.value == "/depeche.csv"


def test_a_failed_export_leaves_no_temporary_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(UsageError, match=r"a\.csv cannot be written: Is a directory; give another path"):
        write_file(tmp_path / "a.csv", lambda file: file.write(b"rank"))
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_an_export_is_private_and_replaces_a_link(tmp_path: Path) -> None:
    private, before = tmp_path / "private.txt", os.umask(0)
    private.write_text("kept", encoding="utf-8")
    for name in ("a.csv", ".a.csv.tmp"):
        (tmp_path / name).symlink_to(private)
    try:
        write_file(tmp_path / "a.csv", lambda file: file.write(b"rank"))
    finally:
        os.umask(before)

    assert private.read_text(encoding="utf-8") == "kept"
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "rank"
    assert (tmp_path / "a.csv").lstat().st_mode == stat.S_IFREG | 0o600
