"""``depeche find`` writes a file, all results, or a format for other programs."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from search.cli.language import plural, spoken, translate
from search.cli.options import NOTHING_FOUND, Command, complete_files, report
from search.errors import Translatable, UsageError
from search.export import (
    Content,
    Export,
    ExportFormat,
    Format,
    check_absent,
    export_file,
    format_named,
    format_of_file,
    formats,
)
from search.retrieval.relevance import relevant
from search.text.sanitize import printable
from search.types import Hit, Hits

if TYPE_CHECKING:
    from search.retrieval.engine import Engine
    from search.retrieval.request import Request

EXPORT_FORMATS = click.Choice(["text", *(each.name for each in formats())])
_AS_ANSWERS = ("text", *ExportFormat)

_OPTIONS = (
    click.option(
        "--all", "every", is_flag=True, help="Write all results; needs --output or another --format."
    ),
    click.option(
        "--output",
        metavar="FILE",
        shell_complete=complete_files,
        help="Write to this file instead of standard output. Default format: its extension.",
    ),
    click.option(
        "--whole-texts/--excerpts",
        "whole_texts",
        default=None,
        help="Write the whole texts, or what answers. Default: excerpts; whole texts in docx, html, iramuteq "
        "and txm.",
    ),
    click.option("--overwrite", is_flag=True, help="Replace the file of --output if it exists."),
)


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What is written where: ``path`` is None for standard output; ``every`` is for all results."""

    format: Format
    path: Path | None
    content: Content
    every: bool


def export_options(command: Command) -> Command:
    """The options of an export."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def chosen_export(options: Mapping[str, Any], *, several: bool) -> ExportOptions | None:
    """The export that these options ask for, None where they ask for an answer.

    Raises UsageError where the file cannot be named or is there already, and click's for options that do not
    go together.
    """
    name, output, whole = options["format_name"], options["output"], options["whole_texts"]
    every = options["every"]
    if not every and output is None and whole is None and (name is None or name in _AS_ANSWERS):
        return None
    if several:
        raise click.UsageError(translate("--queries needs the format json, jsonl, csv or md."))
    format_ = _format(name, output)
    _check_together(options, format_)
    path = None if output is None else Path(output)
    if path is not None and not options["overwrite"]:
        check_absent(path)
    contents = {True: Content.WHOLE_TEXTS, False: Content.EXCERPTS, None: format_.content}
    return ExportOptions(format_, path, contents[whole], every)


def _format(name: str | None, output: str | None) -> Format:
    if name is not None and name != "text":
        return format_named(name)
    found = format_of_file(output) if output is not None and name is None else None
    if found is None:
        names = ", ".join(each.name for each in formats())
        raise UsageError(
            Translatable("Name the format of the export with --format; the formats are: {}.", names)
        )
    return found


def _check_together(options: Mapping[str, Any], format_: Format) -> None:
    if options["facets"] or options["explain"]:
        raise click.UsageError(translate("--facets and --explain are for answers, not for exports."))
    if options["every"] and (options["limit"] is not None or options["offset"]):
        raise click.UsageError(translate("--all writes every result; leave out --limit and --offset."))
    if format_.is_binary and options["output"] is None:
        raise click.UsageError(translate("The format {} needs a file: --output FILE", format_.name))


def exported(engine: "Engine", request: "Request", options: ExportOptions) -> tuple[Hits, Iterator[Hit], int]:
    """The answer, the hits to write, and how many they are."""
    if options.every:
        stream = engine.all_hits(request)
        return stream.answer, stream, stream.total
    answer = engine.search(request)
    return answer, iter(answer.hits), len(answer.hits)


def write_export(
    options: ExportOptions, hits: Iterator[Hit], answer: Hits, count: int, notes: Mapping[str, str] | None
) -> None:
    """Write so many hits of an answer; without a result the command ends with exit code 1."""
    if not count and options.path is not None:
        report(translate("nothing was found; {} is not written", printable(str(options.path))))
        raise click.exceptions.Exit(NOTHING_FOUND)
    if options.path is None:
        stream = sys.stdout.buffer
        options.format.write(Export(hits, answer, notes, options.content, language=spoken()), stream)
        stream.flush()
    else:
        _write_file(options.path, options, hits, answer, count, notes)
    if not (count and relevant(answer)):
        raise click.exceptions.Exit(NOTHING_FOUND)


def _write_file(
    path: Path,
    options: ExportOptions,
    hits: Iterator[Hit],
    answer: Hits,
    count: int,
    notes: Mapping[str, str] | None,
) -> None:
    """Write the file; a bar on a terminal tells how far it is."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(hits, length=count, file=sys.stderr, hidden=hidden) as counted:
        export = Export(counted, answer, notes, options.content, language=spoken())
        export_file(path, options.format, export)
    written = plural("{} article written to", "{} articles written to", count)
    report(f"{written} {printable(str(path))}")
