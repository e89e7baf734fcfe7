"""The messages of the interface and of the errors below it, compared with the French catalogue.

``scripts/translations`` runs this module as a program: it updates the catalogue.
"""

import ast
import errno
import inspect
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import click.parser
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from search import errors
from search.build_types import STAGE_LABELS
from search.cli.help_text import paragraphs
from search.cli.main import command
from search.cli.maintenance import FACTS
from search.cli.text_output import HEADINGS, TABLE_HEAD
from search.cli.unread import lost_labels
from search.corpus.record import FIELDS
from search.errors import SearchError, Translatable
from search.export import formats
from search.language import DOMAIN, LOCALE
from search.tui.screens.explanation import LEG_LABELS
from search.tui.services.build_job import BuildCancelled
from search.tui.themes import THEMES
from search.types import Mode

PACKAGE = LOCALE.parent
INTERFACE = PACKAGE / "tui"
PAGES = PACKAGE / "web"
COMMAND_LINE = PACKAGE / "cli"
EXPORTS = PACKAGE / "export"
_CLICK = (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.types)
_UNREAD = {"BadRecord", "Fault", "Omission", "PassedOver", "Rejected", "UnreadableValue"}
"""What tells why something was not read."""
_REASONS = (
    *(errno.ENOENT, errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR, errno.ENOSPC, errno.EROFS),
    *(errno.EEXIST, errno.EIO, errno.ENAMETOOLONG, errno.EMFILE, errno.EDQUOT, errno.ELOOP, errno.ETXTBSY),
    *(errno.EADDRINUSE, errno.ECONNREFUSED, errno.ENOTEMPTY, errno.EPIPE),
)
"""Why the operating system refuses something, most often."""
_ERRORS = {
    name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, SearchError)
} | {BuildCancelled.__name__}
SOURCE = LOCALE / "fr" / "LC_MESSAGES" / f"{DOMAIN}.po"
COMPILED = SOURCE.with_suffix(".mo")


def messages() -> Catalog:
    """Every message of the code, with the files that contain it."""
    catalog = Catalog(domain=DOMAIN)
    spoken = [path for folder in (INTERFACE, COMMAND_LINE, PAGES, EXPORTS) for path in folder.rglob("*.py")]
    spoken.extend((PACKAGE / "encoding_rate.py", PACKAGE / "language.py"))
    extractors = [(spoken, interface_messages), (error_sources(), error_messages)]
    for paths, extract in extractors:
        for path in sorted(paths):
            location = (path.relative_to(PACKAGE.parent).as_posix(), 1)
            for message in extract(ast.parse(path.read_text(encoding="utf-8"))):
                catalog.add(message, locations=[location])
    for template in sorted(PAGES.rglob("*.html")):
        for message in template_messages(template.read_text(encoding="utf-8")):
            catalog.add(message, locations=[(template.relative_to(PACKAGE.parent).as_posix(), 1)])
    for message in (*help_messages(), *click_messages(), *_of_lists()):
        catalog.add(message)
    for message in (each.label for each in formats()):
        catalog.add(message)
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
                    yield from _texts(*node.args[:1])
                case ast.Attribute(attr="with_keys"):
                    yield from _texts(node.args[0])
                case ast.Attribute(attr="plural") | ast.Name(id="plural"):
                    if forms := tuple(_texts(*node.args[:2])):
                        one, many = forms
                        yield one, many


def template_messages(template: str) -> Iterator[str]:
    """The messages of a template of the pages; the first argument of ``_`` is one."""
    for _, _, message in extract_from_ast(Environment(autoescape=True).parse(template)):
        first = message[0] if isinstance(message, tuple) else message
        yield from filter(None, [first])


def error_sources() -> list[Path]:
    """The modules whose errors a user may see."""
    return sorted(PACKAGE.rglob("*.py"))


def help_messages() -> Iterator[str]:
    """The messages of the help of all commands."""
    yield command.subcommand_metavar
    for each in (command, *command.commands.values()):
        yield from paragraphs(each.help)
        yield each.short_help or ""
        yield each.options_metavar or ""
        for parameter in each.params:
            if not (isinstance(parameter, click.Option) and parameter.hidden):
                yield from filter(None, (getattr(parameter, "help", None), parameter.metavar))
        yield from _templates(each.epilog or "")


def _templates(text: str) -> Iterator[str]:
    template, values = (text.template, text.values) if isinstance(text, Translatable) else (text, ())
    if _is_worded(template):
        yield template
    for value in values:
        if isinstance(value, Translatable):
            yield from _templates(value)


def click_messages() -> Iterator[str | tuple[str, str]]:
    """The messages of the library of the command line, which asks our catalogue for them."""
    for module in _CLICK:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            match node:
                case ast.Call(func=ast.Name(id="_")):
                    yield from _texts(*node.args)
                case ast.Call(func=ast.Name(id="ngettext")):
                    one, many = _texts(*node.args[:2])
                    yield one, many


def _of_lists() -> Iterator[str | tuple[str, str]]:
    """The messages that are put together from lists, and those of the operating system."""
    yield from map(os.strerror, _REASONS)
    yield from (lost_labels(name) for name in FIELDS if name != "text")
    yield from (mode.value for mode in Mode)
    yield from TABLE_HEAD
    yield from HEADINGS.values()
    yield from FACTS


def error_messages(tree: ast.AST) -> Iterator[str]:
    """The messages of errors in a module, and its other translatable texts.

    What has neither letters nor signs that French sets off is the same in all languages.
    """
    for call in error_calls(tree):
        yield from _texts(*call.args)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _UNREAD:
            yield from filter(_is_worded, _texts(*node.args))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Translatable":
            yield from filter(_is_worded, _texts(*node.args[:1]))


def _is_worded(template: str) -> bool:
    return re.search(r"[^\W\d_]|[:;]", re.sub(r"{[^}]*}", "", template)) is not None


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


def typographic(french: str) -> str:
    """A French text with its no-break spaces and apostrophes."""
    held = re.sub(r" (?=[:;?!»](?:\W|$))|(?<=«) ", "\xa0", french)
    return re.sub(r"(?<=[^\W\d_])'(?=[^\W\d_])", "’", re.sub(r"(?<=[\d}]) %", "\u202f%", held))


def _in_the_form_of(text: str | Sequence[str] | None, forms: list[str]) -> str | tuple[str, ...]:
    return tuple(forms) if isinstance(text, tuple | list) else forms[0]


def update() -> int:
    """Update the catalogue from the messages of the code, and compile it; return how many lack French.

    French is written with the signs of the keyboard; this sets its no-break spaces and apostrophes.
    """
    written = catalogue()
    written.update(messages(), no_fuzzy_matching=True, update_creation_date=False)
    for message in written:
        if message.id:
            message.string = _in_the_form_of(message.string, [*map(typographic, forms(message.string))])
    with SOURCE.open("wb") as file:
        write_po(file, written, width=100, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    with COMPILED.open("wb") as file:
        write_mo(file, written)
    missing = untranslated(written)
    sys.stdout.writelines(f"not translated: {message}\n" for message in missing)
    return len(missing)


if __name__ == "__main__":
    sys.exit(1 if update() else 0)
