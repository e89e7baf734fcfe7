from collections.abc import Callable
from pathlib import Path

import pytest

from search.build_types import LostField, PassedOver, Rejected, Unread
from search.cli.unread import UnreadLog, check_rejects_path, unread_log
from search.errors import UsageError

from .running import Depeche

ONE = Rejected("a.csv", 3, "no text")
TWO = Rejected("b.csv", 0, "not JSON")
PHOTO = PassedOver("c.jpg", 0, ".jpg", "no known format")
PICTURE = PassedOver("d.xml", 0, "picture", "a picture has no text")
CUT = LostField("a.csv", 5, "text", "text: it is cut short: Abonnez-vous pour lire la suite")
DATE = LostField("a.csv", 4, "date", "date: 'demain' is not read")


@pytest.mark.parametrize(
    ("unread", "replaced", "summary"),
    [
        ([], 0, "0 rejected"),
        ([ONE], 0, "1 rejected (a.csv, line 3: no text)"),
        ([TWO], 0, "1 rejected (b.csv: not JSON)"),
        ([ONE, TWO], 0, "2 rejected – list them with --rejects FILE"),
        ([PHOTO], 0, "0 rejected, 1 passed over (1 .jpg) – list them with --rejects FILE"),
        (
            [PICTURE, PHOTO, PHOTO, ONE],
            0,
            "1 rejected (a.csv, line 3: no text), 3 passed over (2 .jpg, 1 picture) – list them with "
            "--rejects FILE",
        ),
        ([DATE, DATE], 0, "0 rejected, 2 dates not read – list them with --rejects FILE"),
        ([CUT, CUT], 0, "0 rejected, 2 texts cut short – list them with --rejects FILE"),
        ([], 2, "0 rejected, 2 replaced by a later article with the same id"),
    ],
)
def test_the_summary_counts_by_kind(unread: list[Unread], replaced: int, summary: str) -> None:
    log = UnreadLog(None, None)
    for each in unread:
        log(each)
    assert log.summary(replaced) == summary


def test_the_list_has_path_line_reason_and_what_became_of_it(tmp_path: Path) -> None:
    file = tmp_path / "list.tsv"
    with unread_log(str(file)) as log:
        for each in (ONE, PHOTO, DATE, CUT):
            log(each)
    assert file.read_text(encoding="utf-8").splitlines() == [
        "a.csv\t3\tno text\trejected",
        "c.jpg\t0\tno known format\tpassed over",
        "a.csv\t4\tdate: 'demain' is not read\tdate lost",
        "a.csv\t5\ttext: it is cut short: Abonnez-vous pour lire la suite\ttext cut short",
    ]
    assert log.summary(0).endswith(f"1 date not read, 1 text cut short – listed in {file}")


@pytest.mark.parametrize("name", ["rejects.tsv", "rejects.log", "rejects"])
def test_a_list_among_the_files_to_index_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is among the files to index; give another file"):
        check_rejects_path(str(tmp_path / name), [str(tmp_path)])


def test_files_that_are_alike_are_reported_once(
    depeche: Depeche, tmp_path: Path, articles: Callable[..., str]
) -> None:
    folder = articles("Kiev attend.", "Lille court.", "Brest proteste.")
    (tmp_path / "articles" / "z.csv").write_text("titre;texte\nUn;Le corps.\n", encoding="utf-8")
    (tmp_path / "articles" / "photo.jpg").write_bytes(b"\xff\xd8")
    ran = depeche("build", folder, "--dry-run")
    *lines, summary = ran.out.splitlines()
    assert lines == [
        f"{folder}/Brest.txt and 2 files like it",
        "  dispatch, 3 articles",
        "  text  text  Brest proteste.",
        f"{folder}/z.csv",
        "  table, 1 article",
        "  title  titre  Un",
        "  text   texte  Le corps.",
    ]
    expected = "4 articles, 0 rejected, 1 passed over (1 .jpg) – list them with --rejects FILE; nothing was"
    assert summary.startswith(expected)


def test_a_report_on_files_that_are_alike_counts_the_problems_of_all(
    depeche: Depeche, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(
            "id,texte,date\n1,Un.,hier\n2,Deux.,demain\n3,,\n", encoding="utf-8"
        )
    ran = depeche("build", str(tmp_path), "--dry-run")
    lines = ran.out.splitlines()
    assert lines[1] == "  table, 4 articles, 2 rejected, 4 dates not read"
    # Numbers of rows tell nothing in another file: a build keeps all four.
    assert lines[-1].startswith(
        "4 articles, 2 rejected, 4 dates not read – list them with --rejects FILE; noth"
    )


def test_a_column_that_may_be_the_text_is_named_with_what_to_type(
    depeche: Depeche, index: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("titre;récit\nUn;" + "Les dockers ont voté la reprise. " * 9 + "\n", encoding="utf-8")
    dry, real = depeche("build", str(path), "--dry-run"), depeche("build", str(path))
    assert "  to read 'récit' as the text, type --column text=\"récit\", or set in the" in dry.out
    assert (dry.code, real.code) == (3, 2)
    assert "the column récit holds a text, and no field takes it" in real.err
    assert "Type: --column text=récit" in real.err
    assert depeche("build", str(path), "--column", "text=récit").code == 0
