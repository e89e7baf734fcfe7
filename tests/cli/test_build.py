import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import FakeEncoder

from .running import Depeche, Ran, Terminal

SECONDS = re.compile(r"\d+\.\d s\n")


def summary(ran: Ran) -> str:
    assert SECONDS.sub("", ran.out[-6:]) != ran.out[-6:]
    return SECONDS.sub("", ran.out)


def test_a_build_ends_with_its_summary_and_publishes(depeche: Depeche, index: Path, records: str) -> None:
    ran = depeche("build", records)

    assert (ran.code, ran.err) == (0, "")
    assert summary(ran) == (
        f"3 articles, 3 passages (3 encoded, 0 reused), 1 rejected ({records}, line 5: not JSON: JSON is "
        "malformed: invalid character (byte 0)), 1 date not read – list them with --rejects FILE, "
        f"1 replaced by a later article with the same id; {index}; "
    )
    assert depeche("find", "trains", "--format", "json").ids == ["a"]
    assert depeche("find", "récolte", "--format", "json").ids[0] == "b"
    assert depeche("show", "a").out.startswith("Grève levée\n")


def test_nothing_is_said_of_what_did_not_happen(
    depeche: Depeche, index: Path, articles: Callable[..., str]
) -> None:
    ran = depeche("build", articles("Kiev attend."))

    assert summary(ran) == f"1 article, 1 passage (1 encoded, 0 reused), 0 rejected; {index}; "


def test_what_did_not_change_is_not_encoded_again(
    depeche: Depeche, index: Path, articles: Callable[..., str], encoder: FakeEncoder
) -> None:
    depeche("build", articles("Kiev attend.", "Lille court."))
    ran = depeche("build", articles("Brest proteste."))

    assert "3 articles (1 new, 0 changed, 0 removed), 3 passages (1 encoded, 2 reused)" in ran.out
    assert [text for batch in encoder.batches[-2:] for text in batch if "Brest" in text]


def test_an_index_among_the_articles_is_none_of_them(depeche: Depeche, articles: Callable[..., str]) -> None:
    folder = articles("Kiev attend.")
    index = str(Path(folder) / "index")
    for text in ("Lille court.", "Brest proteste."):
        ran = depeche("build", articles(text), "--index", index)
    again = depeche("build", folder, "--index", index)

    assert (
        "3 articles (1 new, 0 changed, 0 removed), 3 passages (1 encoded, 2 reused), 0 rejected; " in ran.out
    )
    assert "Nothing has changed since" in again.err


def test_rejected_records_are_listed(depeche: Depeche, index: Path, records: str, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.tsv"
    ran = depeche("build", records, "--rejects", str(rejects))

    assert ran.code == 0
    rows = [line.split("\t") for line in rejects.read_text(encoding="utf-8").splitlines()]
    assert [(path, line, what) for path, line, _, what in rows] == [
        (records, "0", "replaced"),
        (records, "4", "date lost"),
        (records, "5", "rejected"),
    ]
    assert rows[0][2] == f"the article a was replaced by a later one with its id, in {records}"
    assert rows[1][2].startswith("date: '2023-13-01' is not read: month")
    assert "malformed" in rows[2][2]


def test_a_listed_record_stays_on_its_line(
    depeche: Depeche, index: Path, tmp_path: Path, articles: Callable[..., str]
) -> None:
    odd = tmp_path / "a\n\tb\x1b[2J.xyz"
    odd.write_text("Kiev attend.", encoding="utf-8")
    rejects = tmp_path / "rejects.tsv"
    depeche("build", articles("Lille court."), str(odd), "--rejects", str(rejects))

    (line,) = rejects.read_text(encoding="utf-8").splitlines()
    assert line.split("\t")[:2] == [f"{tmp_path}/a b[2J.xyz", "0"]


def test_a_dry_run_reads_and_changes_nothing(
    depeche: Depeche, index: Path, records: str, tmp_path: Path, encoder: FakeEncoder
) -> None:
    rejects = tmp_path / "rejects.tsv"
    ran = depeche("build", records, "--dry-run", "--rejects", str(rejects))

    assert (ran.code, ran.err) == (0, "")
    report = [
        records,
        "  JSON lines, 4 articles, 1 rejected, 1 date not read",
        "  title   title   Grève",
        "  text    text    Les trains sont à l'arrêt depuis lundi.",
        "  source  source  Gazette",
        "  id      id      a",
    ]
    assert ran.out.splitlines()[:6] == report
    assert summary(replace(ran, out=ran.out.splitlines()[-1] + "\n")) == (
        f"3 articles, 1 rejected ({records}, line 5: not JSON: JSON is malformed: invalid character "
        f"(byte 0)), 1 date not read – listed in {rejects}, 1 replaced by a later article with the same id; "
        "nothing was changed; "
    )
    assert len(rejects.read_text(encoding="utf-8").splitlines()) == 2
    assert not index.parent.exists()
    assert encoder.batches == []


def test_columns_source_and_lang_fill_what_records_lack(
    depeche: Depeche, index: Path, records: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('lang = "fr"\n[columns]\nsection = "theme"\n', encoding="utf-8")
    monkeypatch.setenv("DEPECHE_CONFIG", str(config))
    lines = b'{"id": "x", "corps": "Un texte.", "theme": "monde"}\n{"id": "y", "corps": "Un autre."}'
    ran = depeche("build", "-", "--column", "text=corps", "--source", "AFP", stdin=lines)

    assert ran.out.startswith("2 articles, ")
    shown = depeche("show", "x", "--format", "json").json
    assert {name: shown[name] for name in ("text", "section", "source", "lang")} == {
        "text": "Un texte.",
        "section": "monde",
        "source": "AFP",
        "lang": "fr",
    }


def test_a_path_that_is_no_text_is_recorded_as_far_as_it_is(
    depeche: Depeche, index: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "caf\udce9"
    folder.mkdir()
    (folder / "x.txt").write_text("Kiev attend.", encoding="utf-8")

    assert depeche("build", str(folder)).code == 0
    assert depeche("status", "--format", "json").json["corpus"] == [f"{tmp_path}/caf\ufffd"]


def test_notices_are_told_unless_quiet(
    depeche: Depeche, index: Path, articles: Callable[..., str], encoder: FakeEncoder
) -> None:
    depeche("build", articles("Kiev attend."))
    encoder.name, encoder.notice = "fake@2", "A stand-in is used."
    quiet = depeche("build", articles(), "--quiet")
    encoder.name = "fake@3"
    loud = depeche("build", articles())

    assert (quiet.code, quiet.err) == (0, "")
    notice, reason = loud.err.splitlines()
    assert notice == "depeche: A stand-in is used."
    assert reason.startswith("depeche: Every text was encoded again: The index was encoded by fake@2")


@pytest.mark.parametrize(("more", "bars"), [([], 5), (["--quiet"], 0)])
def test_a_terminal_shows_progress_unless_quiet(
    depeche: Depeche,
    index: Path,
    articles: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    more: list[str],
    bars: int,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    ran = depeche("build", articles("Kiev attend."), *more)

    assert "\x1b" not in ran.out
    stages = ["Reading", "Cutting", "Indexing words", "Encoding", "Checking"]
    assert sum(stage in terminal.shown for stage in stages) == bars
    assert ("\x1b" in terminal.shown) == bool(bars)


def test_the_index_remembers_absolute_paths(
    depeche: Depeche, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dépêche.txt").write_text("Un train a quitté la gare de Brest.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert depeche("build", "dépêche.txt", "--index", "index").code == 0
    (manifest,) = (tmp_path / "index").glob("generations/*/manifest.json")
    assert json.loads(manifest.read_bytes())["corpus"] == [str(tmp_path / "dépêche.txt")]
