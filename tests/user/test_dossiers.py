"""Dossiers: named sets of articles with notes, kept across starts, by several programs."""

import multiprocessing
import os
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.errors import UsageError
from search.types import Article
from search.user.dossiers import Dossier, DossierArticle, Dossiers

from .files import is_now, mode


def of(*ids: str) -> list[DossierArticle]:
    return [DossierArticle(article_id, f"Titre {article_id}", "2023-09-12") for article_id in ids]


def contents(folder: Path) -> dict[str, list[str]]:
    return {dossier.name: list(dossier.ids) for dossier in Dossiers(folder).all()}


def test_articles_stay_in_the_order_added_each_once(folder: Path) -> None:
    dossiers = Dossiers(folder)
    dossiers.add("Armes", of("b", "a"))
    dossiers.note("armes", "a", "  à vérifier\n")
    dossiers.add("ARMES", of("a", "c"))

    (armes,) = Dossiers(folder).all()
    assert (armes.name, armes.ids) == ("Armes", ("b", "a", "c"))
    assert [article.note for article in armes.articles] == ["", "à vérifier", ""]
    assert (armes.articles[0].title, armes.articles[0].date) == ("Titre b", "2023-09-12")
    assert all(is_now(time) for time in (armes.created, armes.changed, armes.articles[0].added))
    assert mode(folder / "dossiers.json") == 0o600

    dossiers.remove("Armes", ["b", "nothing"])
    assert contents(folder) == {"Armes": ["a", "c"]}
    dossiers.note("Armes", "a", "")
    assert Dossiers(folder).get("armes").article("a") == msgspec.structs.replace(armes.articles[1], note="")


def test_an_article_is_kept_with_its_title_and_date() -> None:
    entry = DossierArticle.of(Article("x", "Obus", "Des obus.", "2023"))
    assert (entry.id, entry.title, entry.date, entry.note) == ("x", "Obus", "2023", "")


def test_dossiers_are_created_renamed_and_deleted(folder: Path) -> None:
    dossiers = Dossiers(folder)
    for name in ("Été 2023", "  L’affaire   X "):
        dossiers.create(name)
    dossiers.add("ete 2023", of("a"))
    dossiers.rename("ÉTÉ 2023", "Eté 2023")
    assert contents(folder) == {"Eté 2023": ["a"], "L’affaire X": []}

    dossiers.delete("l’affaire x")
    assert contents(folder) == {"Eté 2023": ["a"]}


@pytest.mark.parametrize("name", ["", "  ", "…", "*", 'a "b"', "x" * 101])
def test_a_name_that_no_query_could_write_is_refused(folder: Path, name: str) -> None:
    dossiers = Dossiers(folder)
    dossiers.create("ancien")
    for change in (
        dossiers.create,
        lambda name: dossiers.rename("ancien", name),
        lambda name: dossiers.add(name, of("a")),
    ):
        with pytest.raises(UsageError, match="cannot be named"):
            change(name)
    assert contents(folder) == {"ancien": []}


def test_a_name_is_taken_once(folder: Path) -> None:
    dossiers = Dossiers(folder)
    dossiers.create("Été")
    dossiers.create("Hiver")
    with pytest.raises(UsageError, match="There is a dossier Été already"):
        dossiers.create("ete")
    with pytest.raises(UsageError, match="There is a dossier Été already"):
        dossiers.rename("Hiver", "ÉTÉ")


def test_a_name_that_no_dossier_has_is_told_with_those_near(folder: Path) -> None:
    dossiers = Dossiers(folder)
    with pytest.raises(UsageError, match=r"There is no dossier Armes. \(there is no dossier yet\)"):
        dossiers.get("Armes")
    for name in ("Armement", "Sécheresse"):
        dossiers.create(name)
    with pytest.raises(UsageError, match=r"no dossier Secheresses. \(did you mean Sécheresse\?\)"):
        dossiers.delete("Secheresses")
    with pytest.raises(UsageError, match=r"no dossier zzz. \(the dossiers are: Armement, Sécheresse\)"):
        dossiers.note("zzz", "a", "note")


@pytest.mark.parametrize("damage", [b"", b"[", b"{}", b"\xff", b'[{"nom":"a"}]'])
def test_damage_is_set_aside_and_told(folder: Path, damage: bytes) -> None:
    Dossiers(folder).create("a")
    (folder / "dossiers.json").write_bytes(damage)
    dossiers = Dossiers(folder)
    assert dossiers.all() == ()
    assert "dossiers.json is damaged" in dossiers.notice
    assert (folder / "dossiers.json.damaged").read_bytes() == damage


def fill(folder: Path, who: str) -> None:
    dossiers = Dossiers(folder)
    for number in range(40):
        dossiers.add("commun", of(f"{who}{number}"))
        dossiers.note("commun", f"{who}{number}", who)


def test_two_programs_do_not_lose_each_others_changes(folder: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=fill, args=(folder, who)) for who in "ab"]
    for each in processes:
        each.start()
    for each in processes:
        each.join()
    (dossier,) = Dossiers(folder).all()
    expected = {f"{who}{number}": who for who in "ab" for number in range(40)}
    assert {article.id: article.note for article in dossier.articles} == expected


def test_another_program_is_seen_without_a_new_start(folder: Path) -> None:
    one, other = Dossiers(folder), Dossiers(folder)
    one.create("a")
    assert [dossier.name for dossier in other.all()] == ["a"]
    other.add("a", of("x"))
    one.add("a", of("y"))
    assert one.all() == other.all()
    assert one.get("a").ids == ("x", "y")


def test_a_write_that_fails_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dossiers = Dossiers(folder)
    dossiers.add("a", of("x"))
    before = dossiers.all()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="No space left"):
        dossiers.add("b", of("x"))
    with pytest.raises(UsageError, match="No space left"):
        dossiers.remove("a", ["x"])
    monkeypatch.undo()
    assert dossiers.all() == Dossiers(folder).all() == before


NAMES = st.text(max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NAMES)
def test_a_name_survives_the_file(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("user")
    try:
        Dossiers(folder).create(name)
    except UsageError:
        return
    (dossier,) = Dossiers(folder).all()
    assert isinstance(dossier, Dossier)
    assert Dossiers(folder).get(dossier.name) == Dossiers(folder).get(name) == dossier
