"""``depeche dossier``."""

import pytest

from search.config import load
from search.user.dossiers import DossierArticle, Dossiers
from search.user.index_folder import index_folder
from search.user.storage import default_folder

from .running import Depeche, Ran, find


def kept() -> Dossiers:
    return Dossiers(index_folder(default_folder(), load({})))


def test_articles_are_put_in_listed_and_taken_out(depeche: Depeche) -> None:
    assert depeche("dossier", "Armes", "obus", "ukraine") == Ran(0, "", "")
    assert depeche("dossier", "armes", "obus", "--note", "à vérifier").code == 0
    assert depeche("dossier").out == "Armes · 2 articles\n"
    assert depeche("dossier", "Armes").out == (
        "Pyongyang livre des obus d'artillerie · 2023-09-12 · obus\n"
        "   à vérifier\n"
        "L'Ukraine réclame des munitions · 2023-11-02 · ukraine\n"
    )
    assert set(find(depeche, "dossier:Armes").ids) == {"obus", "ukraine"}
    assert depeche("dossier", "Armes", "obus", "--remove").code == 0
    first = depeche("dossier", "Armes", "--format", "json").lines[0]
    assert (first["id"], first["note"], list(first)) == (
        "ukraine",
        "",
        ["id", "title", "date", "note", "added"],
    )
    (listed,) = depeche("dossier", "--format", "json").lines
    assert (listed["name"], listed["articles"]) == ("Armes", 1)


def test_a_dossier_is_renamed_and_deleted(depeche: Depeche) -> None:
    kept().add("Armes", [DossierArticle("gone", "Un article parti\x1b[2J")])
    assert depeche("dossier", "Armes", "--rename", "Blé").code == 0
    assert depeche("dossier", "blé").out == "Un article parti[2J · gone\n"
    assert depeche("dossier", "BLE", "--delete").code == 0
    ran = depeche("dossier")
    assert (ran.code, ran.out) == (1, "")
    assert "there is no dossier yet; fill one: depeche dossier NAME ID" in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Armee"], "There is no dossier Armee. (did you mean Armes?)"),
        (["Armes", "nobody"], "There is no article 'nobody' in the index"),
        (["--delete"], "need the NAME of one dossier"),
        (["Armes", "obus", "--delete"], "need the NAME of one dossier"),
        (["…", "obus"], "A dossier cannot be named"),
        (["Armes", "--note", "x"], "--note and --remove need a NAME and IDs"),
        (["Armes", "--remove"], "--note and --remove need a NAME and IDs"),
        (["Armes", "obus", "--remove", "--note", "x"], "use only one of them"),
        (["Armes", "--rename", "Blé", "--remove"], "--note and --remove need a NAME and IDs"),
        (["Armes", "ukraine", "obus", "--remove"], "The dossier Armes does not have: ukraine"),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(
    depeche: Depeche, arguments: list[str], message: str
) -> None:
    kept().add("Armes", [DossierArticle("obus", "Obus")])
    ran = depeche("dossier", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert [(each.name, each.ids) for each in kept().all()] == [("Armes", ("obus",))]


@pytest.mark.parametrize(
    ("arguments", "file"),
    [
        (["dossier", "Armes"], "dossiers.json"),
        (["dossier", "Armes", "obus"], "dossiers.json"),
        (["find", "dossier:Armes"], "dossiers.json"),
        (["find", "lu:oui"], "read.jsonl"),
        (["news", "--save", "-dossier:*"], "dossiers.json"),
        (["news"], "read.jsonl"),
    ],
)
def test_a_damaged_file_of_the_user_is_told(depeche: Depeche, arguments: list[str], file: str) -> None:
    assert depeche("news", "--save", "lu:oui").code == 0
    folder = index_folder(default_folder(), load({}))
    (folder / file).write_bytes(b"[3")
    ran = depeche(*arguments)
    assert f"{file} is damaged; its content is kept in {file}.damaged" in ran.err
    assert (folder / f"{file}.damaged").read_bytes() == b"[3"
