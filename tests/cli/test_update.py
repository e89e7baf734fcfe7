"""Tests of add, sync and remove, and that a build lets the index grow."""

import sys
from pathlib import Path

import pytest

from tests.fakes import FakeEncoder

from .running import Depeche, Input, Terminal

JANUARY = "id,titre,texte\n1,Le port,Les dockers du port ont voté.\n2,La crue,La Sorgue a débordé mercredi.\n"
FEBRUARY = "id,titre,texte\n1,Le musée,Le musée rouvre samedi.\n2,Le marché,Le marché couvert fermera.\n"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder with two tables; their ids are the numbers of rows."""
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "janvier.csv").write_text(JANUARY, encoding="utf-8")
    (folder / "fevrier.csv").write_text(FEBRUARY, encoding="utf-8")
    return folder


def ids(depeche: Depeche) -> list[str]:
    found = depeche("find", "le OU la OU les", "--mode", "keyword", "--format", "json", "-n", "99")
    return sorted(result["id"] for result in found.json["results"])


def test_a_build_keeps_what_it_does_not_read(depeche: Depeche, index: Path, archive: Path) -> None:
    depeche("build", str(archive / "janvier.csv"))
    ran = depeche("build", str(archive / "fevrier.csv"))

    assert ran.out.startswith(
        "4 articles (2 new, 0 changed, 0 removed, 2 kept), 4 passages (2 encoded, 2 reused)"
    )
    assert ids(depeche) == ["1", "1@fevrier", "2", "2@fevrier"]
    assert depeche("status", "--format", "json").json["corpus"] == [
        str(archive / name) for name in ("janvier.csv", "fevrier.csv")
    ]
    again = depeche("build", str(archive))
    assert "Nothing has changed" not in again.err  # the folder is new to the index
    assert again.out.startswith("4 articles (0 new, 0 changed, 0 removed), 4 passages (0 encoded, 4 reused)")
    assert "Nothing has changed" in depeche("build", str(archive / "fevrier.csv")).err


def test_a_build_tells_of_articles_that_their_files_lost(
    depeche: Depeche, index: Path, archive: Path
) -> None:
    depeche("build", str(archive))
    (archive / "janvier.csv").unlink()
    ran = depeche("build", str(archive))

    assert (
        "2 articles that these files do not hold any more stay in the index; "
        f"to remove them, type: depeche sync {archive}\n"
    ) in ran.err
    assert len(ids(depeche)) == 4


def test_add_needs_an_index_and_uses_its_model(
    depeche: Depeche, index: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []

    def load(model: str | None) -> FakeEncoder:
        asked.append(model)
        return FakeEncoder()

    monkeypatch.setattr("search.index.load_encoder", load)
    missing = depeche("add", str(archive))
    assert (missing.code, asked) == (4, [])
    assert missing.err == f"depeche: There is no index in {index}; run: depeche build PATH --index {index}\n"

    depeche("build", str(archive / "janvier.csv"), "--model", "/models/own")
    monkeypatch.setenv("DEPECHE_MODEL", "/models/other")
    ran = depeche("add", str(archive / "fevrier.csv"))
    assert ran.out.startswith("4 articles (2 new, 0 changed, 0 removed, 2 kept)")
    assert asked == ["/models/own", "/models/own"]


def test_sync_says_what_goes_and_refuses_where_nobody_can_answer(
    depeche: Depeche, index: Path, archive: Path
) -> None:
    depeche("build", str(archive))
    ran = depeche("sync", str(archive / "fevrier.csv"))

    assert ran.code == 2
    assert ran.err == (
        f"depeche: 2 articles will be removed from the index: 2 of {archive}/janvier.csv. "
        "Nothing was changed; to agree, type the command again with --yes\n"
    )
    assert len(ids(depeche)) == 4
    ran = depeche("sync", str(archive / "fevrier.csv"), "--yes")
    assert ran.code == 0
    assert ran.err == f"depeche: 2 articles will be removed from the index: 2 of {archive}/janvier.csv\n"
    assert ran.out.startswith("2 articles (0 new, 0 changed, 2 removed)")
    assert depeche("status", "--format", "json").json["corpus"] == [str(archive / "fevrier.csv")]


@pytest.mark.parametrize(
    ("answer", "code", "left"), [(b"n\n", 130, 4), (b"\n", 130, 4), (b"y\n", 0, 2), (b"Oui\n", 0, 2)]
)
def test_sync_asks_in_a_terminal(
    depeche: Depeche,
    index: Path,
    archive: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: bytes,
    code: int,
    left: int,
) -> None:
    depeche("build", str(archive))
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(Input, "isatty", lambda _: True, raising=False)
    ran = depeche("sync", str(archive / "fevrier.csv"), stdin=answer)
    assert ran.code == code
    assert f"2 articles will be removed from the index: 2 of {archive}/janvier.csv" in terminal.shown
    assert "Remove them? [y/N]" in terminal.shown
    assert ("nothing was changed" in terminal.shown) == (code == 130)
    assert len(ids(depeche)) == left


def test_sync_asks_nothing_when_nothing_goes(depeche: Depeche, index: Path, archive: Path) -> None:
    assert depeche("sync", str(archive)).code == 0
    (archive / "mars.csv").write_text("id,texte\n9,Un texte de mars.\n", encoding="utf-8")
    ran = depeche("sync", str(archive), "--quiet")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("5 articles (1 new, 0 changed, 0 removed)")


def test_articles_are_removed_by_id_and_by_file(depeche: Depeche, index: Path, archive: Path) -> None:
    (archive / "mars.csv").write_text("id,texte\n9,Le texte de mars.\n", encoding="utf-8")
    depeche("build", str(archive))
    refused = depeche("remove", "2", "9")
    assert refused.code == 2
    assert f"2 articles will be removed from the index: 1 of {archive}/fevrier.csv, 1 of" in refused.err
    assert "--yes" in refused.err

    ran = depeche("remove", "2", "9", "--yes")
    assert (ran.code, ran.out.partition(";")[0]) == (0, "2 articles removed, 3 articles left")
    assert ids(depeche) == ["1", "1@janvier", "2@janvier"]
    ran = depeche("remove", "--from", str(archive / "janvier.csv"), "--yes", "--quiet")
    assert (ran.err, ran.out.partition(";")[0]) == ("", "2 articles removed, 1 article left")
    assert ids(depeche) == ["1"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "Nothing to remove is named; type: depeche remove ID, or depeche remove --from FILE"),
        (["7"], 2, "the index has no article 7; find its id with: depeche find QUERY"),
        (["1", "x", "8"], 2, "the index has no article 8, x; find"),
        (["--from", "/nowhere/x.csv"], 2, "the index has no article of /nowhere/x.csv; see its files"),
        (
            ["--from", "."],
            2,
            "no article would be left; to index other files instead, type: depeche sync PATH",
        ),
    ],
)
def test_what_cannot_be_removed_is_told_and_nothing_changes(
    depeche: Depeche,
    index: Path,
    archive: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(archive)
    depeche("build", ".")
    before = (index / "CURRENT").read_bytes()
    ran = depeche("remove", *arguments, "--yes")
    assert (ran.code, ran.out) == (code, "")
    assert message in ran.err
    assert (index / "CURRENT").read_bytes() == before


def test_nothing_is_removed_where_no_index_is(depeche: Depeche, index: Path) -> None:
    ran = depeche("remove", "1", "--yes")
    assert ran.code == 4
    assert "There is no index" in ran.err


def test_what_is_replaced_is_listed(depeche: Depeche, index: Path, tmp_path: Path) -> None:
    for name, title in (("a", "Grève"), ("b", "Grève levée")):
        (tmp_path / f"{name}.csv").write_text(f"id,titre,texte\nx1,{title},Le texte.\n", encoding="utf-8")
    depeche("build", str(tmp_path / "a.csv"))
    rejects = tmp_path / "rejects.tsv"
    ran = depeche("build", str(tmp_path / "b.csv"), "--rejects", str(rejects))
    assert "1 replaced by a later article with the same id" in ran.out
    assert rejects.read_text(encoding="utf-8") == (
        f"{tmp_path}/a.csv\t0\tthe article x1 was replaced by a later one with its id, "
        f"in {tmp_path}/b.csv\treplaced\n"
    )
