"""The sample corpus: well-formed French dispatches, labelled as samples, one clear answer to a query."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

import search

SAMPLE = Path(search.__file__).parent / "sample"
KEYS = ["title", "date", "source", "section", "lang", "sample"]
SOURCES = {"Agence Exemple", "Gazette Exemple", "Exemple Éco", "Exemple Sport", "Exemple Sciences"}
DATE = re.compile(r"20(19|2[0-5])(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])( ([01]\d|2[0-3]):[0-5]\d)?)?)?")
TYPED, CURLY = "'", "’"


@dataclass(frozen=True)
class Dispatch:
    path: Path
    fields: dict[str, str]
    body: str

    @property
    def words(self) -> set[str]:
        return set(re.findall(r"\w+", self.fields["title"] + " " + self.body))


def read(path: Path) -> Dispatch:
    before, header, body = path.read_text(encoding="utf-8").split("---\n", 2)
    assert before == "", f"{path} does not open with its front matter"
    pairs = (line.split(": ", 1) for line in header.splitlines())
    return Dispatch(path, {key: value.strip('"') for key, value in pairs}, body.strip())


DISPATCHES = [read(path) for path in sorted(SAMPLE.rglob("*.md"))]
each_dispatch = pytest.mark.parametrize("dispatch", DISPATCHES, ids=lambda dispatch: dispatch.path.stem)


def titles_holding(*words: str) -> list[str]:
    return [found.fields["title"] for found in DISPATCHES if found.words.issuperset(words)]


def test_there_are_enough_dispatches() -> None:
    assert len(DISPATCHES) >= 60


@each_dispatch
def test_the_front_matter_has_its_keys_in_order(dispatch: Dispatch) -> None:
    assert list(dispatch.fields) == KEYS
    assert all(dispatch.fields.values())


@each_dispatch
def test_a_dispatch_says_it_is_a_sample(dispatch: Dispatch) -> None:
    assert dispatch.fields["sample"] == "true"
    assert dispatch.fields["lang"] == "fr"
    assert dispatch.fields["source"] in SOURCES
    assert DATE.fullmatch(dispatch.fields["date"])


@each_dispatch
def test_a_body_has_the_size_of_a_dispatch(dispatch: Dispatch) -> None:
    assert 150 <= len(dispatch.body.split()) <= 300
    assert 3 <= len(dispatch.body.split("\n\n")) <= 6


@each_dispatch
def test_one_apostrophe_per_dispatch(dispatch: Dispatch) -> None:
    assert (TYPED in dispatch.body) != (CURLY in dispatch.body)


def test_names_and_titles_are_unique() -> None:
    names = [dispatch.path.stem for dispatch in DISPATCHES]
    titles = [dispatch.fields["title"] for dispatch in DISPATCHES]
    assert sorted(set(names)) == sorted(names)
    assert sorted(set(titles)) == sorted(titles)


def test_dates_come_in_every_precision() -> None:
    precisions = {len(dispatch.fields["date"]) for dispatch in DISPATCHES}
    assert precisions == {len("2022"), len("2022-02"), len("2022-02-03"), len("2022-02-03 14:30")}


def test_one_dispatch_alone_is_about_pyongyang_moscow_and_munitions() -> None:
    title = "La Corée du Nord prête à livrer des munitions à la Russie, selon Séoul"
    assert titles_holding("Pyongyang", "Moscou", "munitions") == [title]
    assert titles_holding("munitions", "Russie") == [title]


def test_a_dispatch_and_its_reprise_share_most_of_their_words() -> None:
    flood, reprise = (read(SAMPLE / "regions" / f"crue-vallee-du-doux{end}.md") for end in ("", "-reprise"))
    assert flood.body != reprise.body
    assert len(flood.words & reprise.words) >= 0.8 * len(flood.words | reprise.words)
