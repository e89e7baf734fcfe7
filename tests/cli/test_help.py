"""The help of the commands, the manual page made from it, and completion in the shell."""

import importlib.machinery
import importlib.util
import re
import shlex
import shutil
import subprocess
from types import ModuleType

import click
import pytest

from search.cli.help_text import EXIT_CODES
from search.cli.main import command
from search.config import Settings
from search.errors import SearchError

from .running import ROOT, Depeche, in_a_shell

COMMANDS = sorted(command.commands)
DEFAULTS = {
    "format_name": "text",
    "min_confidence": 0,
    "limit": Settings().limit,
    "mode": Settings().mode,
    "method": Settings().fusion.method,
    "semantic_weight": Settings().fusion.semantic,
    "keyword_weight": Settings().fusion.keyword,
    "rrf_k": Settings().fusion.rrf_k,
    "index": "DEPECHE_INDEX, else the configuration file, else your data folder",
    "model": "the embedded model",
    "rerank": "none",
    "recency": "none",
    "language": "the language of the locale",
}


def options(name: str) -> list[click.Option]:
    """The options of a command that its help names."""
    parameters = command.commands[name].params
    return [one for one in parameters if isinstance(one, click.Option) and not one.hidden]


@pytest.mark.parametrize("name", [*COMMANDS, ""])
def test_help_fits_80_columns_and_says_how_it_is_used(depeche: Depeche, name: str) -> None:
    ran = depeche(*filter(None, [name]), "--help")

    assert (ran.code, ran.err) == (0, "")
    assert [line for line in ran.out.splitlines() if len(line) > 80] == []
    assert "..." not in ran.out.replace("PATH...", "").replace("[ARGS]...", "").replace("[ID]...", "")
    assert depeche(*filter(None, [name]), "-h").out == ran.out


def test_help_names_every_command_and_exit_code(depeche: Depeche) -> None:
    out = depeche("--help").out

    listed = re.findall(r"^  (\w+)  +[A-Z]", out.partition("Commands:")[2], re.MULTILINE)
    assert listed == COMMANDS
    codes = out.partition("Exit codes:")[2].partition("\n\n")[0]
    assert re.findall(r"^    (\d+) +[a-z]", codes, re.MULTILINE) == [*map(str, EXIT_CODES)]
    assert set(EXIT_CODES) == {error.exit_code for error in _descendants(SearchError)} | {0, 1, 130}


def _descendants(error: type[SearchError]) -> set[type[SearchError]]:
    return {error}.union(*map(_descendants, error.__subclasses__()))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_of_whole_sentences(name: str) -> None:
    assert [one.name for one in options(name) if not (one.help or "").endswith(".")] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_default_in_the_help_is_the_default(name: str) -> None:
    for option in options(name):
        (stated,) = re.findall(r"Default: ([^;]+?)(?:, or .*)?\.(?: |$)", option.help or "") or [None]
        own = option.to_info_dict()["default"]
        default = DEFAULTS.get(option.name or "") if own is None else own
        if option.is_flag or option.multiple or default in (None, ()):
            assert stated is None, option.name
        else:
            assert stated is not None, option.name
            assert stated in (str(default), str(default).removesuffix(".0")), option.name


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_use_options_that_there_are(depeche: Depeche, name: str) -> None:
    section = depeche(name, "--help").out.partition("Examples:\n")[2].partition("\n\n")[0]
    examples = re.findall(rf"depeche {name}(?: [^|>\n]+)?", section)

    assert examples
    subcommand = command.commands[name]
    context = click.Context(subcommand, info_name=name)
    for example in examples:
        line = example.partition(" || ")[0]
        subcommand.make_parser(context).parse_args(shlex.split(line)[2:])


def test_the_manual_page_is_what_the_script_writes() -> None:
    page = manual()

    assert page.PAGE == ROOT / "docs" / "man" / "depeche.1"
    assert page.PAGE.read_text(encoding="utf-8") == page.page()


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_the_manual_page_is_sound_and_holds_every_command() -> None:
    command = [str(shutil.which("groff")), "-man", "-ww", "-Kutf8", "-Tutf8", "-P-cbou", str(manual().PAGE)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own command

    assert ran.stderr == ""
    for name in COMMANDS:
        assert f"\n   depeche {name}\n" in ran.stdout
    assert "--min-confidence C" in ran.stdout
    assert "--min-evidence" not in ran.stdout
    assert """depeche find '"obus d’artillerie" ET Moscou SAUF Ukraine' --since 2023-09\n""" in ran.stdout


def manual() -> ModuleType:
    """The script that writes the page."""
    loader = importlib.machinery.SourceFileLoader("man", str(ROOT / "scripts" / "man"))
    spec = importlib.util.spec_from_loader("man", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("shell", "function"),
    [("bash", "complete -o nosort"), ("zsh", "#compdef depeche"), ("fish", "complete --no-files")],
)
def test_a_shell_is_given_a_script_that_completes(shell: str, function: str) -> None:
    ran = in_a_shell(f"_DEPECHE_COMPLETE={shell}_source depeche")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert function in ran.stdout
    assert f"_DEPECHE_COMPLETE={shell}_complete" in ran.stdout


@pytest.mark.parametrize(
    ("words", "completions"),
    [
        ("depeche fi", ["plain,find"]),
        ("depeche s", ["plain,serve", "plain,show", "plain,similar", "plain,status", "plain,sync"]),
        ("depeche find --mode k", ["plain,keyword"]),
        ("depeche find --min", ["plain,--min-confidence"]),
        ("depeche find --so", ["plain,--source", "plain,--sort"]),
        ("depeche build arch", ["file,arch"]),
        ("depeche watch arch", ["file,arch"]),
        ("depeche find --index arch", ["dir,arch"]),
        ("depeche find --queries q", ["file,q"]),
    ],
)
def test_words_are_completed(words: str, completions: list[str]) -> None:
    place = words.count(" ")
    ran = in_a_shell(f'_DEPECHE_COMPLETE=bash_complete COMP_WORDS="{words}" COMP_CWORD={place} depeche')

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == completions


def test_bash_completes_a_command(depeche: Depeche) -> None:
    script = 'eval "$(_DEPECHE_COMPLETE=bash_source depeche)"; COMP_WORDS=(depeche fi); COMP_CWORD=1; '
    ran = in_a_shell(f'{script}export -f depeche; _depeche_completion depeche; echo "${{COMPREPLY[@]}}"')

    assert (ran.returncode, ran.stdout) == (0, "find\n"), ran.stderr
