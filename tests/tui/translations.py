"""The messages of the interface and of the errors below it, and its French catalogue: what each lacks.

Run as a program, by ``scripts/translations``, it brings the catalogue up to date.
"""

import ast
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from search import errors
from search.build_types import STAGE_LABELS
from search.errors import ConfigError, SearchError
from search.tui.i18n import DOMAIN, LOCALE
from search.tui.screens.explanation import LEGS
from search.tui.services.build_job import Cancelled
from search.tui.themes import THEMES

CODE = LOCALE.parent
BELOW = CODE.parent
_UNSEEN = (
    "cli/",
    "retrieval/evaluation.py",
    "corpus/watcher.py",
    "web/",
)  # what they raise never reaches the interface
_ERRORS = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, SearchError) and not issubclass(value, ConfigError)
} | {Cancelled.__name__}
SOURCE = LOCALE / "fr" / "LC_MESSAGES" / f"{DOMAIN}.po"
COMPILED = SOURCE.with_suffix(".mo")


def messages() -> Catalog:
    """Every message of the code, with the files that it is in."""
    found = Catalog(domain=DOMAIN)
    for path in sorted(CODE.rglob("*.py")):
        for message in said(ast.parse(path.read_text(encoding="utf-8"))):
            found.add(message, locations=[(path.relative_to(CODE.parent.parent).as_posix(), 1)])
    for path in raising():
        for message in raised(ast.parse(path.read_text(encoding="utf-8"))):
            found.add(message, locations=[(path.relative_to(CODE.parent.parent).as_posix(), 1)])
    for message in (*STAGE_LABELS.values(), *LEGS.values(), *(f"Colours: {name}" for name in THEMES)):
        found.add(message)
    return found


def said(tree: ast.AST) -> Iterator[str | tuple[str, str]]:
    """The messages in a piece of code; a pair is one for one thing and one for many."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id="Binding"):
                    yield from _texts(
                        *node.args[2:3], *(k.value for k in node.keywords if k.arg == "tooltip")
                    )
                case ast.Name(id="key" | "Message") | ast.Attribute(attr="key"):
                    yield from _texts(*node.args)
                case ast.Attribute(attr="naming"):
                    yield from _texts(node.args[0])
                case ast.Attribute(attr="plural"):
                    one, many = _texts(*node.args[:2])
                    yield one, many


def raising() -> list[Path]:
    """The code whose errors the interface may have to tell; a configuration is refused before it starts."""
    paths = (
        path for path in BELOW.rglob("*.py") if not path.relative_to(BELOW).as_posix().startswith(_UNSEEN)
    )
    return sorted(paths)


def raised(tree: ast.AST) -> Iterator[str]:
    """The messages of errors in a piece of code, and whatever else is worded there."""
    for call in error_calls(tree):
        yield from _texts(*call.args)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Translatable":
            yield from _texts(*node.args[:1])


def error_calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Where errors are made."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _ERRORS:
            yield node


def _texts(*arguments: ast.expr) -> Iterator[str]:
    for argument in arguments:
        match argument:
            case ast.Constant(value=str(text)):
                yield text
            case ast.IfExp(body=body, orelse=other):
                yield from _texts(body, other)


def catalogue() -> Catalog:
    """The French catalogue as it is written."""
    with SOURCE.open("rb") as file:
        return read_po(file, locale="fr", domain=DOMAIN)


def untranslated(written: Catalog) -> list[str]:
    """The messages that have no translation or a doubtful one."""
    return [
        " / ".join(forms(message.id))
        for message in written
        if message.id and (message.fuzzy or not all(forms(message.string)))
    ]


def forms(text: str | Sequence[str] | None) -> Sequence[str]:
    """The one form of a message or translation, or the form for one thing and that for many."""
    return text if isinstance(text, tuple | list) else (str(text or ""),)


def renew() -> int:
    """Write the catalogue anew, by the messages of the code, and compile it; count those untranslated."""
    written, found = catalogue(), messages()
    written.update(found, no_fuzzy_matching=True, update_creation_date=False)
    with SOURCE.open("wb") as file:
        write_po(file, written, width=100, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    with COMPILED.open("wb") as file:
        write_mo(file, written)
    lacking = untranslated(written)
    sys.stdout.writelines(f"not translated: {message}\n" for message in lacking)
    return len(lacking)


if __name__ == "__main__":
    sys.exit(1 if renew() else 0)
