"""What the command line says to people is in their language; what programs read is the same in all."""

import re
from pathlib import Path

import pytest

from search.cli.help_text import paragraphs
from search.cli.main import command
from tests.cli.running import Depeche, in_a_shell, untimed

COMMANDS = sorted(command.commands)


def french(text: str) -> str:
    """With usual spaces, as they are typed in these tests."""
    return text.replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture(autouse=True)
def _of_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEPECHE_LANGUAGE")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.mark.parametrize(
    ("arguments", "variables", "language"),
    [
        (["find", "zzz"], {}, "en"),
        (["find", "zzz"], {"LC_ALL": "fr_FR.UTF-8"}, "fr"),
        (["find", "zzz"], {"LC_ALL": "C.UTF-8"}, "fr"),
        (["find", "zzz"], {"DEPECHE_LANGUAGE": "fr"}, "fr"),
        (["find", "zzz", "--language", "fr"], {}, "fr"),
        (["find", "zzz", "--language=fr"], {}, "fr"),
        (["--language", "fr", "find", "zzz"], {}, "fr"),
        (["find", "zzz", "--language", "en"], {"DEPECHE_LANGUAGE": "fr"}, "en"),
        (["find", "--", "--language", "fr", "zzz"], {}, "en"),
    ],
)
def test_the_language_is_that_of_the_option_the_settings_or_the_locale(
    depeche: Depeche,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    variables: dict[str, str],
    language: str,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    ran = depeche(*arguments, "--mode", "keyword") if "--" not in arguments else depeche(*arguments)
    assert ("aucun résultat pour : " in french(ran.err)) == (language == "fr"), ran.err


def test_results_and_reasons_are_in_french(depeche: Depeche) -> None:
    ran = depeche("find", "munitions", "--explain", "--language", "fr")
    assert ran.code == 0
    assert re.search(r"^   voie +rang +score +normalisé +poids +points$", ran.out, re.MULTILINE)
    assert re.search(r"^   keyword +1 +\d+,\d{3} ", ran.out, re.MULTILINE)
    assert re.match(r"Compris : munitions\n1–\d sur \d · \d+ ms · hybride\n", french(ran.err))


def test_what_programs_read_is_the_same(depeche: Depeche) -> None:
    for arguments in (
        ["find", "munitions", "--format", "json", "--explain", "--facets"],
        ["find", "munitions", "--format", "csv"],
        ["find", "zzz", "--format", "jsonl"],
        ["find", "munitions ET", "--format", "json"],
        ["show", "rapport", "--format", "json"],
    ):
        one, other = (depeche(*arguments, "--language", language) for language in ("fr", "en"))
        assert one.code == other.code
        if "json" in arguments and one.out:
            assert untimed(one.json) == untimed(other.json)
        else:
            assert one.out == other.out


def test_the_errors_of_a_file_of_queries_are_in_english_for_programs(depeche: Depeche) -> None:
    arguments = ("find", "--queries", "-", "--format", "jsonl")
    one, other = (depeche(*arguments, "--language", each, stdin=b"munitions ET\n") for each in ("fr", "en"))
    assert one.out == other.out
    assert "ET has nothing after it." in one.out
    assert "requêtes qui n’ont pas été comprises : 1 sur 1" in french(one.err)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["find", "munitions", "ET"], 2, "ET n’a rien après."),
        (["find"], 2, "Donnez soit une requête, soit --queries FICHIER."),
        (["find", "x", "--offse"], 2, "Erreur : L’option '--offse' n’existe pas."),
        (
            ["find", "x", "-n", "0"],
            2,
            "pour '-n' / '--limit' : 0 n’est pas dans l’intervalle x>=1.",
        ),
        (["find", "x", "-n", "dix"], 2, "'dix' n’est pas un nombre valable"),
        (["fnd"], 2, "La commande 'fnd' n’existe pas. Vouliez-vous dire 'find' ?"),
        (["build"], 2, "Il manque un argument 'CHEMIN...'."),
        (
            ["build", "no-such-folder"],
            3,
            "n’existe pas : no-such-folder ; vérifiez le chemin",
        ),
        (["show", "nobody"], 1, "nobody"),
        (
            ["show", "rapport", "--model", "x"],
            2,
            "mais find l’a : depeche find REQUÊTE --model …",
        ),
        (["status", "--index", "nowhere"], 4, "nowhere"),
        (
            ["news"],
            1,
            "pour en enregistrer une : depeche news --save",
        ),
        (["tui"], 2, "L’interface demande un terminal."),
        (["remove"], 2, "Dites ce qu’il faut retirer : depeche remove ID"),
    ],
)
def test_errors_are_in_french(depeche: Depeche, arguments: list[str], code: int, message: str) -> None:
    ran = depeche("--language", "fr", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert message in french(ran.err)


@pytest.mark.parametrize("name", [*COMMANDS, ""])
def test_help_is_in_french_and_fits(depeche: Depeche, name: str) -> None:
    ran = depeche("--language", "fr", *filter(None, [name]), "--help")
    words = " ".join(ran.out.split())
    chosen = command.commands.get(name, command)
    english = [*paragraphs(chosen.help), *(getattr(option, "help", "") or "" for option in chosen.params)]

    assert [line for line in ran.out.splitlines() if len(line) > 80] == []
    assert [text for text in english if " ".join(text.split()) in words and text] == []
    assert french(ran.out).startswith("Usage : depeche")
    assert "Options :" in french(ran.out)
    assert "Codes de sortie :\n" in french(ran.out)


def test_a_build_reports_in_french(depeche: Depeche, records: str, index: object) -> None:
    ran = depeche("build", records, "--language", "fr")
    assert ran.code == 0
    assert re.match(r"3 articles, 3 passages \(3 encodés, 0 repris\), 1 rejeté", ran.out), ran.out
    assert re.search(r" ; \d,\d s$", french(ran.out))
    status = depeche("status", "--language", "fr").out
    assert re.search(r"^génération +\S+$", status, re.MULTILINE)
    assert french(depeche("verify", "--language", "fr").out).startswith(
        "Intact : 3 articles, 3 passages, génération "
    )


def test_the_language_of_the_file_holds_for_mistakes_too() -> None:
    ran = in_a_shell(
        "export DEPECHE_CONFIG=$XDG_DATA_HOME.toml; printf 'language = \"fr\"' > $DEPECHE_CONFIG; "
        "depeche find --nn x"
    )
    assert "Erreur : L’option '--nn' n’existe pas." in french(ran.stderr)


def test_what_was_not_read_has_its_reason_in_french(
    depeche: Depeche, records: str, index: object, tmp_path: Path
) -> None:
    folder, rejects = tmp_path / "read", tmp_path / "rejects.tsv"
    folder.mkdir()
    (folder / "damaged.pdf").write_bytes(b"%PDF-1.7 no page")
    (folder / "image.jpg").write_bytes(b"\xff\xd8\xff")
    ran = depeche("build", records, str(folder), "--rejects", str(rejects), "--language", "fr")
    rows = [line.split("\t") for line in french(rejects.read_text(encoding="utf-8")).splitlines()]
    reasons = {(Path(path).name, line): (reason, what) for path, line, reason, what in rows}

    assert reasons["records.jsonl", "5"][0].startswith("ce n’est pas du JSON : ")
    assert reasons["records.jsonl", "4"] == (
        "date : '2023-13-01' est illisible : month must be in 1..12",
        "date lost",
    )
    assert reasons["damaged.pdf", "0"][0].startswith("le PDF est trop endommagé pour être lu (")
    assert reasons["image.jpg", "0"] == ("format inconnu", "passed over")
    assert "1 date illisible" in ran.out
    assert "1 laissé de côté (1 .jpg)" in french(ran.out)
