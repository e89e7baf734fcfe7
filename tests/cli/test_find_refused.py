from pathlib import Path

import pytest

from search.config import load
from search.user.dossiers import DossierArticle, Dossiers
from search.user.index_folder import index_folder
from search.user.storage import default_folder

from .running import Depeche, Ran, find


def test_a_sign_taken_for_an_option_says_how_to_write_it(depeche: Depeche) -> None:
    ran = find(depeche, "munitions", "-Ukraine")

    assert (ran.code, ran.out) == (2, "")
    assert "No such option '-U'" in ran.err
    assert ran.err.endswith("write -- before it: find -- munitions -Ukraine\n")


@pytest.mark.parametrize(
    ("option", "advice"),
    [
        ("--since", "similar has no --since, but find has: depeche find QUERY --since …"),
        (
            "--zzz",
            "similar has no --zzz; for its options, type: depeche similar --help",
        ),
    ],
)
def test_an_option_that_only_another_command_has_says_what_to_type(
    depeche: Depeche, option: str, advice: str
) -> None:
    ran = depeche("similar", "obus", option, "2023")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(f"depeche: {advice}\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--since", "jamais"], "jamais"),
        (["--before", "2023-13"], "2023-13"),
        (["--source", "?!"], '"?!" contains no word to search for in the source'),
        (["--semantic-weight", "nan"], "--semantic-weight nan cannot be used"),
        (["--keyword-weight", "-1"], "--keyword-weight -1.0 cannot be used"),
        (["--rrf-k", "0"], "--rrf-k 0 cannot be used"),
        (["-n", "0"], "0 is not in the range"),
        (["--mode", "telepathy"], "telepathy"),
    ],
)
def test_an_option_that_cannot_be_honoured_is_told(
    depeche: Depeche, arguments: list[str], message: str
) -> None:
    ran = find(depeche, "munitions", *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ('munitions "obus', '  munitions "obus\n            ^ add a closing "\n'),
        ("Élysée (état", "  Élysée (état\n         ^ add a closing )\n"),
        ("\u0065\u0301te\u0301 (x", "  \u0065\u0301te\u0301 (x\n      ^ add a closing )\n"),
        ("東京 (x", "  東京 (x\n       ^ add a closing )\n"),
        ("a\tb\nc (x", "  a b c (x\n        ^ add a closing )\n"),
        ("a\x1b[2J (x", "  a[2J (x\n       ^ add a closing )\n"),
        ("mot " * 30 + "(x" + " mot" * 30, None),
    ],
)
def test_a_wrong_query_is_shown_with_a_caret_under_the_place(
    depeche: Depeche, query: str, shown: str | None
) -> None:
    ran = find(depeche, query)

    assert (ran.code, ran.out) == (2, "")
    if shown is None:
        line, caret = ran.err.splitlines()[1:]
        assert line[caret.index("^")] == "("
        assert line.startswith("  …")
        assert len(line) < 120
    else:
        _, _, message = ran.err.partition("\n")
        assert message == shown


@pytest.mark.parametrize("arguments", [[], ["munitions", "--queries", "-"]])
def test_either_a_query_or_a_file_of_them(depeche: Depeche, arguments: list[str]) -> None:
    ran = find(depeche, *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert "Give either a query or --queries FILE." in ran.err


@pytest.mark.parametrize(
    "command", [["find", "munitions"], ["show", "obus"], ["similar", "obus"], ["status"], ["verify"]]
)
def test_without_an_index_what_to_type_is_told(depeche: Depeche, tmp_path: Path, command: list[str]) -> None:
    ran = depeche(*command, "--index", str(tmp_path))

    message = f"depeche: There is no index in {tmp_path}; run: depeche build PATH --index {tmp_path}\n"
    assert ran == Ran(4, "", message)


def test_an_index_that_is_a_file_is_told(depeche: Depeche, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()

    message = (
        f"depeche: The index folder {path} cannot be read: Not a directory; give another with --index DIR.\n"
    )
    assert find(depeche, "munitions", "--index", str(path)) == Ran(2, "", message)


@pytest.mark.parametrize("command", [["find", "--mode", "semantic", "munitions"], ["similar", "obus"]])
def test_without_encoder_there_is_no_answer_by_meaning(
    depeche: Depeche, no_encoder: list[str], command: list[str]
) -> None:
    assert depeche(*command) == Ran(7, "", "depeche: The model is not here; get it.\n")


@pytest.mark.parametrize("command", ["show", "similar"])
def test_an_unknown_id_is_not_found(depeche: Depeche, command: str) -> None:
    ran = depeche(command, "nope")

    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("depeche: There is no article 'nope' in the index")


@pytest.mark.parametrize("command", ["show", "similar"])
@pytest.mark.parametrize("text", ["\udcff", "../../etc/passwd", "a" * 100_000, "\x1b[31m"])
def test_an_id_of_any_bytes_is_not_found(depeche: Depeche, command: str, text: str) -> None:
    ran = depeche(command, text)

    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("depeche: There is no article ")


@pytest.mark.parametrize("text", ["muni\udcff", "\udced\udca0\udc80obus", "obus " + "\x1b[31m", "\0obus"])
def test_a_query_of_any_bytes_is_answered(depeche: Depeche, text: str) -> None:
    ran = find(depeche, text, "--mode", "keyword", "--format", "json")

    assert ran.code in (0, 1)
    assert ran.json["query"].encode()


@pytest.mark.parametrize("text", ["(" * 100_000, "a" * 100_000, "mot " * 10_000, '"' * 9_999])
def test_a_query_too_large_is_refused(depeche: Depeche, text: str) -> None:
    ran = find(depeche, text)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("depeche: ")


def test_a_dossier_that_is_not_there_is_marked_in_the_query(depeche: Depeche, tmp_path: Path) -> None:
    Dossiers(index_folder(default_folder(), load({}))).add("Armes", [DossierArticle("obus", "Obus")])
    assert find(depeche, "munitions", "dossier:armes").ids == ["obus"]
    assert find(depeche, "munitions", "lu:non", "-n", "3").code == 0

    ran = depeche("find", "munitions dossier:Arme")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        "depeche: There is no dossier Arme.",
        "  munitions dossier:Arme",
        "                    ^ did you mean Armes?",
    ]

    queries = tmp_path / "queries.txt"
    queries.write_text("tag:armes\ntag:Chars\n", encoding="utf-8")
    several = depeche("find", "--queries", str(queries))
    assert several.code == 2
    assert [result["id"] for result in several.lines[0]["results"]] == ["obus"]
    assert several.lines[1]["error"]["message"] == "There is no dossier Chars."
