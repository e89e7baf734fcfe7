"""What the documents name is there, and what is there is in their tables."""

import dataclasses
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import click
import pytest
from textual.binding import Binding

import search
from search import config
from search.cli.main import command
from search.cli.options import INTERRUPTED
from search.config import Settings
from search.corpus.formats import FORMATS
from search.corpus.record import FIELDS
from search.errors import SearchError
from search.query.parser import parse
from search.tui.keymap import APP_BINDINGS, SEARCH_BINDINGS
from search.tui.screens.comparison import ComparisonScreen
from search.tui.screens.counts import CountsScreen
from search.tui.widgets.article_pane import ArticlePane
from search.tui.widgets.compared_query import ComparedBox
from search.tui.widgets.facet_list import FacetList
from search.tui.widgets.period_table import PeriodTable
from search.tui.widgets.result_list import ResultList
from search.tui.widgets.timeline import TimelineChart
from search.types import Fusion

from .documents import DOCS, DOCUMENTS, ROOT, codes, name, prose, rows

_LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
_FILE = re.compile(r"[\w./-]+(?:\.(?:py|md|po)|/)")
_NAME = re.compile(r"\b(?:[A-Z][a-z]+(?:[A-Z][a-z]+)+|_?[a-z]+(?:_[a-z]+)+|_?[A-Z]{4,}(?:_[A-Z]+)*)\b")
_RENAMED = {"--engine", "--min-evidence"}
_GONE = {"--scorer"}
_SIGNS = {"+": "plus", "-": "minus", "/": "slash", "?": "question_mark"}
_ARROWS = {"↑": "up", "↓": "down", "←": "left", "→": "right"}
_KEYS = _ARROWS | {"Esc": "escape", "PgDn": "pagedown", "PgUp": "pageup"} | _SIGNS

FOR_DEVELOPERS = [
    *(ROOT / path for path in ("ARCHITECTURE.md", "CONTRIBUTING.md", "tests/README.md")),
    *(DOCS / path for path in ("confidence.md", "copies.md", "dependencies.md", "release.md")),
]
each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=name)


def first_codes(document: str) -> list[str]:
    """What is written as code in the first column of the tables of a document."""
    return [code for first, *_ in rows(prose(document)) for code in codes(first)]


@each_document
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in _LINK.findall(path.read_text(encoding="utf-8")):
        file, _, heading = unquote(link).partition("#")
        target = path.parent / file if file else path
        assert target.exists(), f"{name(path)} links to {link}"
        assert not heading or heading in headings(target), f"{name(path)} links to {link}"


def headings(path: Path) -> set[str]:
    """What the headings of a document are called in links."""
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}


def test_every_document_is_in_the_list_of_documents() -> None:
    listed = {link for link in _LINK.findall(prose("docs/README.md")) if "/" not in link}
    assert listed == {path.name for path in DOCS.glob("*.md")} - {"README.md"}


@each_document
def test_every_option_is_one(path: Path) -> None:
    gone = _GONE if path.name == "CHANGELOG.md" else set()
    assert set(_OPTION.findall(prose(name(path)))) <= options() | of_scripts() | _RENAMED | gone


def options() -> set[str]:
    """The options of the program."""
    commands = [command, *command.commands.values()]
    params = [param for each in commands for param in each.params]
    return {"--help", *(option for param in params for option in (*param.opts, *param.secondary_opts))}


def of_scripts() -> set[str]:
    """The options of the scripts and of the long tests, and of pytest's snapshots."""
    files = [*(ROOT / "scripts").rglob("*"), *(ROOT / "tests" / "stress").glob("*.py")]
    texts = (file.read_text(encoding="utf-8") for file in files if file.is_file() and file.suffix != ".pyc")
    return {"--snapshot-update", *(option for text in texts for option in _OPTION.findall(text))}


@pytest.mark.parametrize("path", FOR_DEVELOPERS, ids=name)
def test_every_file_and_name_that_is_named_is_there(path: Path) -> None:
    named = [code for code in codes(prose(name(path))) if "NAME" not in code]
    files = [code for code in named if _FILE.fullmatch(code)]
    places = [ROOT, ROOT / "search", ROOT / "tests", path.parent]
    assert [file for file in files if not any((place / file).exists() for place in places)] == []
    sources = [file for folder in ("search", "tests") for file in (ROOT / folder).rglob("*.py")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in sources)
    words = {word for span in {*named} - {*files} if "/" not in span for word in _NAME.findall(span)}
    assert {word for word in words if not re.search(rf"\b{word}\b", code)} == set()


@pytest.mark.parametrize("written", first_codes("docs/query-language.md"))
def test_a_query_of_the_table_is_understood(written: str) -> None:
    query = parse(written, date(2026, 11, 30))
    assert query.words or query.constraint


def test_every_command_is_described() -> None:
    described = {code.split()[1] for code in first_codes("docs/commands.md") if code.startswith("depeche ")}
    assert described == set(command.commands)


def test_every_option_of_find_is_described() -> None:
    described = set(re.findall(r"-{1,2}[a-z][a-z-]*", prose("docs/commands.md")))
    own = {param.opts[0] for param in command.commands["find"].params if isinstance(param, click.Option)}
    assert own - described <= {"--model", *_RENAMED}


def test_every_exit_code_is_described() -> None:
    described = {int(first) for first, *_ in rows(prose("docs/commands.md")) if first.isdigit()}
    assert described == {0, INTERRUPTED} | {kind.exit_code for kind in kinds(SearchError)}


def kinds(kind: type[SearchError]) -> Iterator[type[SearchError]]:
    yield kind
    for other in kind.__subclasses__():
        yield from kinds(other)


def test_every_error_of_the_front_door_is_described() -> None:
    given = {kind.__name__ for kind in kinds(SearchError)} & set(search.__all__)
    assert given - {"SearchError"} <= set(first_codes("docs/python.md"))


def test_every_setting_and_variable_is_described() -> None:
    described = {
        codes(first)[0]: "".join(codes(second)) for first, second, *_ in rows(prose("docs/configuration.md"))
    }
    fusion = {field.name for field in dataclasses.fields(Fusion)}
    assert described.keys() == {*Settings.__struct_fields__, *fusion}
    variables = {setting: code for setting, code in described.items() if code.startswith("DEPECHE_")}
    assert variables == {setting: variable for variable, setting in config._VARIABLES.items()}


def test_every_format_and_every_field_is_described() -> None:
    table = rows(prose("docs/import-formats.md"))
    described = {code for first, *_ in table for code in codes(first)}
    assert {known.name for known in FORMATS} <= described
    spoken = {codes(first)[0]: tuple(codes(second)) for first, second, *_ in table if codes(first)}
    assert {field: spoken.get(field) for field in FIELDS} == FIELDS


def test_every_key_and_action_is_described() -> None:
    described = [
        (*sorted(map(key, codes(keys))), *codes(action))
        for keys, action, _ in rows(prose("docs/interface.md"))
    ]
    bindings = [*APP_BINDINGS, *SEARCH_BINDINGS, *ResultList.BINDINGS, *ArticlePane.BINDINGS]
    bindings += [*FacetList.BINDINGS, *TimelineChart.BINDINGS, *ComparedBox.BINDINGS, *PeriodTable.BINDINGS]
    bindings += [*ComparisonScreen.BINDINGS, *CountsScreen.BINDINGS]
    named = [each for each in bindings if isinstance(each, Binding) and each.id]
    known = [(*sorted(each.key.split(",")), each.id) for each in named]
    assert sorted(described) == sorted(known)


def key(written: str) -> str:
    """A key as Textual names it."""
    named = _KEYS.get(written, written)
    return named if len(named) == 1 else named.lower().replace("-", "+")


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = [*project["dependencies"], *extras["postgres"], *extras["dask"], *extras["serve"]]
    packages = {re.split(r"[\[<>=; ]", requirement)[0] for requirement in needed} - {project["name"]}
    cells = (re.sub(r"\(.*?\)", "", first) for first, *_ in rows(prose("docs/dependencies.md")))
    assert packages == {package.strip() for cell in cells for package in cell.split(",")}
