"""``depeche find`` writes all results, a file, or a format for other programs."""

import csv
import io
from pathlib import Path

import docx
import pytest
import rispy

from tests.press import PRESS

from .running import Depeche

BODIES = {article.id: article.body for article in PRESS}
FIND = ("find", "munitions", "--mode", "keyword")


def test_all_results_are_written_and_not_only_the_first_ten(depeche: Depeche) -> None:
    ran = depeche("find", "date:1900..2100", "--mode", "keyword", "--all", "--format", "csv", "--whole-texts")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    paged = depeche("find", "date:1900..2100", "--mode", "keyword", "--limit", "1000", "--format", "csv")
    assert [row["id"] for row in rows] == [row["id"] for row in csv.DictReader(io.StringIO(paged.out))]
    assert len(rows) > 10
    assert all(row["text"] == BODIES[row["id"]] for row in rows)


def test_a_page_is_written_in_a_format_for_other_programs(depeche: Depeche) -> None:
    ran = depeche(*FIND, "--format", "ris", "--limit", "2", "--offset", "1")
    page = depeche(*FIND, "--format", "json", "--limit", "2", "--offset", "1").json["results"]
    assert [each["title"] for each in rispy.loads(ran.out)] == [hit["title"] for hit in page]
    assert (ran.code, ran.err) == (0, "")


def test_the_extension_of_the_file_is_its_format(depeche: Depeche, tmp_path: Path) -> None:
    path = tmp_path / "revue.docx"
    ran = depeche(*FIND, "--all", "--output", str(path))
    headings = [
        each.text
        for each in docx.Document(str(path)).paragraphs
        if each.style and each.style.name == "Heading 1"
    ]
    titles = [hit["title"] for hit in depeche(*FIND, "--format", "json", "--limit", "50").json["results"]]
    assert headings == [*titles, "Sources"]
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"depeche: {len(titles)} articles written to {path}\n"


def test_a_file_is_not_overwritten_unless_that_is_asked(depeche: Depeche, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("before")
    ran = depeche(*FIND, "--output", str(path))
    assert (ran.code, path.read_text()) == (2, "before")
    assert "a.md exists already; type --overwrite" in ran.err
    assert depeche(*FIND, "--output", str(path), "--overwrite").code == 0
    assert path.read_text().startswith("1. **")


def test_nothing_found_writes_no_file(depeche: Depeche, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    ran = depeche("find", "xyzzy", "--mode", "keyword", "--all", "--output", str(path))
    assert (ran.code, ran.err) == (1, f"depeche: nothing was found; {path} is not written\n")
    assert not path.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--all", "--limit", "3", "--format", "csv"), "leave out --limit and --offset"),
        (("--all",), "Name the format of the export with --format"),
        (("--output", "a.pdf"), "Name the format of the export with --format"),
        (("--format", "docx"), "The format docx needs a file: --output FILE"),
        (("--format", "ris", "--explain"), "--facets and --explain are for answers"),
        (("--output", "/nowhere/a.csv"), "/nowhere/a.csv cannot be written: No such file or directory"),
    ],
)
def test_what_does_not_go_together_is_refused(
    depeche: Depeche, arguments: tuple[str, ...], message: str
) -> None:
    ran = depeche(*FIND, *arguments)
    assert ran.code == 2
    assert message in ran.err


def test_an_error_in_the_query_is_shown_with_its_place(depeche: Depeche) -> None:
    ran = depeche("find", "munitions ET", "--all", "--format", "csv")
    assert ran.code == 2
    assert "^" in ran.err
