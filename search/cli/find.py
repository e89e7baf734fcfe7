"""``depeche find``: search the index."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

import click

from search.cli import output
from search.cli.batch import Batch
from search.cli.exporting import (
    EXPORT_FORMATS,
    ExportOptions,
    chosen_export,
    export_options,
    exported,
    write_export,
)
from search.cli.help_text import LocalizedArgument, LocalizedCommand, epilog, section
from search.cli.language import spoken, translate
from search.cli.options import (
    NOTHING_FOUND,
    chosen_settings,
    filter_options,
    index_options,
    limit_option,
    mode_option,
    model_option,
    recency_option,
    renamed_value,
    report,
    rerank_option,
    sort_option,
    stop,
    today,
)
from search.cli.output import OutputFormat, OutputOptions
from search.cli.text_output import caret_under
from search.config import Settings
from search.errors import QueryError, Translatable
from search.query.ast import Node, Query
from search.query.options import NAMED, option_filters, restrict
from search.query.parser import parse
from search.retrieval.relevance import RelevanceThreshold, relevant
from search.retrieval.request import Request
from search.text.sanitize import clean, printable
from search.types import Copies, Explanation, FacetCounts, FusionMethod, Hits, Sort

if TYPE_CHECKING:
    from search.index import Index
    from search.user.article_sets import UserArticleSets

FORMATS = click.Choice([each.value for each in OutputFormat])
_CONFIDENCE = click.FloatRange(0, 1)
_EMPTY_QUERY = Query("", (), None, "")

_QUERY_LANGUAGE = section(
    "Query",
    Translatable(
        """\
  munitions Russie       articles with any of the words, the best first
  "obus d’artillerie"    the exact phrase
  A ET B, A OU B         both, or at least one
  SAUF B                 not B
  +mot -mot              the word must, or must not, occur
  titre:mot              in the title
  source:mot             from this source; likewise rubrique: auteur: lieu:
  mot-clé:mot  page:A6   with this keyword; on this page
  dossier:mot  lu:non    in your dossier of this name; not read yet
  date:2023-09           in this period; likewise depuis: and avant:
  muni*  m?t             words with this beginning or shape
  mot~                   words with a similar spelling
  A PROCHE5 B            at most 5 words apart; A ADJ5 B in this order
  A MEME_PHRASE B        in one sentence; A MEME_PARAGRAPHE B
  AU_MOINS_3 mot         at least three times; PREMIERS_50 mot: at the top
  PARMI_2(A, B, C)       at least two of them
  mots:>500              articles of more than 500 words"""
    ),
)


@click.command(
    cls=LocalizedCommand,
    short_help="Search the index.",
    epilog=Translatable(
        "{}\n\n{}",
        _QUERY_LANGUAGE,
        epilog(
            """\
depeche find munitions Russie
depeche find '"obus d’artillerie" ET Moscou SAUF Ukraine' --since 2023-09
depeche find -- munitions -Ukraine
depeche find grève des trains --source AFP --format csv > greve.csv
depeche find grève des trains --all --output greve.docx
depeche find --queries questions.txt --format csv > answers.csv""",
            *(0, 1, 2, 4, 5, 7, 130),
        ),
    ),
)
@click.argument("words", cls=LocalizedArgument, nargs=-1, metavar="[QUERY]")
@limit_option
@click.option(
    "--offset", type=click.IntRange(0), default=0, metavar="N", help="Skip the first N results. Default: 0."
)
@filter_options
@sort_option
@mode_option
@click.option(
    "--min-confidence",
    type=_CONFIDENCE,
    metavar="C",
    help="Leave out articles with a lower confidence, from 0 to 1. Default: 0.",
)
@click.option("--min-evidence", type=_CONFIDENCE, hidden=True)  # the name of --min-confidence before 0.2
@click.option(
    "--copies",
    type=click.Choice([copies.value for copies in Copies]),
    default=Copies.FOLDED.value,
    help="Show articles that say the same under one result where they answer alike (folded), or each as a "
    "result (listed). Default: folded.",
)
@click.option(
    "--format",
    "format_name",
    type=EXPORT_FORMATS,
    help="Output format. Default: text, or json with --queries, or that of the extension of --output.",
)
@export_options
@click.option(
    "--facets",
    is_flag=True,
    help="Also count all results by source, section, author, place, keyword, year and month (text, json).",
)
@click.option(
    "--explain", is_flag=True, help="Also show how the query was read and how each result got its score."
)
@click.option(
    "--queries",
    type=click.File("rb"),
    metavar="FILE",
    help="Answer each query of a file (- for standard input). The file has one query a line, or JSON lines "
    "with id and text, or is a CSV table with a column query and perhaps a column id. Formats: json, jsonl, "
    "csv, md.",
)
@recency_option
@rerank_option
@click.option(
    "--fusion",
    "method",
    type=click.Choice([method.value for method in FusionMethod]),
    help="Method that combines the keyword and semantic scores. Default: standardised.",
)
@click.option("--semantic-weight", type=float, metavar="W", help="Weight of meaning. Default: 0.7.")
@click.option("--keyword-weight", type=float, metavar="W", help="Weight of words. Default: 0.3.")
@click.option("--rrf-k", type=int, metavar="K", help="Constant of reciprocal rank fusion. Default: 60.")
@index_options
@model_option
def find(words: tuple[str, ...], queries: BinaryIO | None, **options: Any) -> None:  # noqa: ANN401
    """Search the index and print the results.

    Print results on standard output, and messages on standard error. Put -- before a query that contains
    a word with a minus sign.
    """
    if bool(words) == (queries is not None):
        raise click.UsageError(translate("Give either a query or --queries FILE."))
    names = {field: tuple(map(printable, options[field.value])) for field in NAMED}
    filters = option_filters(options["since"], options["before"], names, today())
    settings = _settings(options)
    request = _request(settings, options)
    export = chosen_export(options, several=queries is not None)
    if export is not None:
        query = restrict(parse_or_stop(printable(" ".join(words))), *filters)
        _export(settings, replace(request, query=query), export)
        return
    format_name = options["format_name"] or ("text" if queries is None else "json")
    output_options = OutputOptions(
        OutputFormat(format_name), options["offset"], options["explain"], options["facets"]
    )
    _check_format(output_options, several=queries is not None)
    if queries is not None:
        _search_file(settings, request, filters, queries, output_options)
        return
    query = restrict(parse_or_stop(printable(" ".join(words))), *filters)
    _search_one(settings, replace(request, query=query), output_options)


def parse_or_stop(text: str) -> Query:
    """Parse a query. An error ends the command; a caret marks its position."""
    try:
        return parse(text, today())
    except QueryError as exc:
        stop_at(text, exc)


def stop_at(text: str, error: QueryError) -> NoReturn:
    """End the command with an error of a query; a caret marks its position."""
    caret = caret_under(text, error.position, translate(error.suggestion))
    stop(f"{translate(error.message)}\n{caret}", error.exit_code)


@contextmanager
def reporting_notices(sets: "UserArticleSets") -> Iterator["UserArticleSets"]:
    """Report at the end what is wrong with the files of the user's sets, if they were read."""
    try:
        yield sets
    finally:
        for notice in sets.notices:
            report(notice)


def stop_if_nothing_found(result: Hits) -> None:
    """End the command with exit code 1 when no hit is relevant."""
    if not (result.hits and relevant(result)):
        raise click.exceptions.Exit(NOTHING_FOUND)


def _check_format(options: OutputOptions, *, several: bool) -> None:
    if options.facets and options.format not in (OutputFormat.TEXT, OutputFormat.JSON):
        raise click.UsageError(translate("--facets needs the format text or json; use --format json."))
    if several and options.format is OutputFormat.TEXT:
        raise click.UsageError(translate("--queries needs the format json, jsonl, csv or md."))


def _settings(options: dict[str, Any]) -> Settings:
    fusion = {
        "method": options["method"],
        "semantic": options["semantic_weight"],
        "keyword": options["keyword_weight"],
        "rrf_k": options["rrf_k"],
    }
    names = ("index", "database", "engine", "model", "limit", "mode", "rerank", "recency")
    given = {name: value for name, value in fusion.items() if value is not None}
    return chosen_settings({**{name: options[name] for name in names}, "fusion": given})


def _request(settings: Settings, options: dict[str, Any]) -> Request:
    """The request, without its query."""
    return Request(
        _EMPTY_QUERY,
        settings.mode,
        Sort(options["sort"]),
        settings.limit,
        options["offset"],
        fusion=settings.fusion,
        rescoring=settings.rescoring,
        threshold=RelevanceThreshold(minimum=renamed_value(options, "min_evidence", "min_confidence") or 0.0),
        copies=Copies(options["copies"]),
    )


def _search_one(settings: Settings, request: Request, options: OutputOptions) -> None:
    from search.index import open_index
    from search.retrieval.pinpointing import search_pinpointed

    with open_index(settings) as index:
        sets = index.article_sets()
        request = replace(request, sets=sets)
        try:
            with reporting_notices(sets):
                result = search_pinpointed(index.engine, request)
        except QueryError as exc:
            stop_at(request.query.raw, exc)
        for notice in result.degraded:
            report(notice)
        explanations, counts = _explanations(index, request, result), _counts(index, request, options)
        reasons = _reasons(index, request, result) if options.is_explained_text else {}
        notes = sets.notes(request.query)
        output.write_hits(result, options, explanations, counts, notes, reasons)
        if options.format is OutputFormat.TEXT and (correction := index.engine.suggest(request.query)):
            click.echo(translate("Did you mean: {}", clean(correction)), err=True)
    stop_if_nothing_found(result)


def _export(settings: Settings, request: Request, options: ExportOptions) -> None:
    """Write the results as they are built: all of them, or those of the page."""
    from search.index import open_index

    with open_index(settings) as index, reporting_notices(index.article_sets()) as sets:
        request = replace(request, sets=sets)
        try:
            answer, hits, count = exported(index.engine, request, options)
        except QueryError as exc:
            stop_at(request.query.raw, exc)
        for notice in answer.degraded:
            report(notice)
        write_export(options, hits, answer, count, sets.notes(request.query))


def _search_file(
    settings: Settings, request: Request, filters: list[Node], file: BinaryIO, options: OutputOptions
) -> None:
    """Answer every query of a file, in order; the answer to a query with an error is the error."""
    from search.cli.query_file import read_query_file
    from search.index import open_index
    from search.retrieval.pinpointing import search_pinpointed

    queries = read_query_file(file, file.name)
    errors = 0
    notices: set[str] = set()
    with open_index(settings) as index, reporting_notices(index.article_sets()) as sets:
        batch = Batch(options, "id", "query_id")
        for each in queries:
            try:
                query = restrict(parse(each.text, today()), *filters)
                one = replace(request, query=query, sets=sets)
                result = search_pinpointed(index.engine, one)
            except QueryError as exc:
                errors += 1
                batch.fail(each.id, each.text, exc)
                continue
            notices.update(result.degraded)
            batch.write(each.id, result, _explanations(index, one, result), _counts(index, one, options))
    for notice in notices:
        report(notice)
    if errors:
        message = translate(
            "{} of {} queries could not be understood; see the error of each", errors, len(queries)
        )
        stop(message, QueryError.exit_code)


def _explanations(index: "Index", request: Request, result: Hits) -> Iterator[Explanation]:
    return (index.engine.explain(request, hit) for hit in result.hits)


def _reasons(index: "Index", request: Request, result: Hits) -> dict[str, str]:
    """By the id of each article, why it was found."""
    from search.retrieval.reasons import reasons
    from search.tui.format.reasons import reason_sentences

    explained = ((hit, reasons(request, hit, index.engine.explain(request, hit))) for hit in result.hits)
    return {hit.article.id: reason_sentences(spoken(), each) for hit, each in explained}


def _counts(index: "Index", request: Request, options: OutputOptions) -> FacetCounts:
    return index.engine.facets(request) if options.facets else output.NO_COUNTS
