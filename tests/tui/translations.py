"""The messages of the interface and of the errors below it, compared with the French catalogue.

``scripts/translations`` runs this module as a program: it updates the catalogue.
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
from search.errors import SearchError
from search.language import DOMAIN, LOCALE
from search.tui.screens.explanation import LEG_LABELS
from search.tui.services.build_job import BuildCancelled
from search.tui.themes import THEMES

PACKAGE = LOCALE.parent
INTERFACE = PACKAGE / "tui"
_NOT_SHOWN = (
    "cli/",
    "retrieval/evaluation.py",
    "corpus/watcher.py",
    "web/",
)  # the interface never shows the errors of these
_ERRORS = {
    name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, SearchError)
} | {BuildCancelled.__name__}
SOURCE = LOCALE / "fr" / "LC_MESSAGES" / f"{DOMAIN}.po"
COMPILED = SOURCE.with_suffix(".mo")


def messages() -> Catalog:
    """Every message of the code, with the files that contain it."""
    catalog = Catalog(domain=DOMAIN)
    spoken = [*INTERFACE.rglob("*.py"), PACKAGE / "language.py"]
    extractors = [(spoken, interface_messages), (error_sources(), error_messages)]
    for paths, extract in extractors:
        for path in sorted(paths):
            location = (path.relative_to(PACKAGE.parent).as_posix(), 1)
            for message in extract(ast.parse(path.read_text(encoding="utf-8"))):
                catalog.add(message, locations=[location])
    for message in (*STAGE_LABELS.values(), *LEG_LABELS.values(), *(f"Colours: {name}" for name in THEMES)):
        catalog.add(message)
    return catalog


def interface_messages(tree: ast.AST) -> Iterator[str | tuple[str, str]]:
    """The messages in a module of the interface; a pair is one message for one thing and one for many."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id="Binding"):
                    tooltips = (k.value for k in node.keywords if k.arg == "tooltip")
                    yield from _texts(*node.args[2:3], *tooltips)
                case ast.Name(id="translate" | "Translated") | ast.Attribute(attr="translate"):
                    yield from _texts(*node.args)
                case ast.Attribute(attr="with_keys"):
                    yield from _texts(node.args[0])
                case ast.Attribute(attr="plural"):
                    one, many = _texts(*node.args[:2])
                    yield one, many


def error_sources() -> list[Path]:
    """The modules whose errors a user may see."""
    paths = (
        path
        for path in PACKAGE.rglob("*.py")
        if not path.relative_to(PACKAGE).as_posix().startswith(_NOT_SHOWN)
    )
    return sorted(paths)


def error_messages(tree: ast.AST) -> Iterator[str]:
    """The messages of errors in a module, and its other translatable texts."""
    for call in error_calls(tree):
        yield from _texts(*call.args)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Translatable":
            yield from _texts(*node.args[:1])


def error_calls(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls that create errors."""
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
    """The messages whose translation is missing or uncertain."""
    return [
        " / ".join(forms(message.id))
        for message in written
        if message.id and (message.fuzzy or not all(forms(message.string)))
    ]


def forms(text: str | Sequence[str] | None) -> Sequence[str]:
    """The forms of a message or translation: one, or one for one thing and one for many."""
    return text if isinstance(text, tuple | list) else (str(text or ""),)


def update() -> int:
    """Update the catalogue from the messages of the code, and compile it; return how many lack French."""
    written = catalogue()
    written.update(messages(), no_fuzzy_matching=True, update_creation_date=False)
    with SOURCE.open("wb") as file:
        write_po(file, written, width=100, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    with COMPILED.open("wb") as file:
        write_mo(file, written)
    missing = untranslated(written)
    sys.stdout.writelines(f"not translated: {message}\n" for message in missing)
    return len(missing)


if __name__ == "__main__":
    sys.exit(1 if update() else 0)
