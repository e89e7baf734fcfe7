"""``depeche find``, ``show`` and ``similar``: questions to the index."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from search.cli import output
from search.cli.batch import Batch
from search.cli.options import (
    chosen_settings,
    form_option,
    model_option,
    place_options,
    readable,
    recency_option,
    rerank_option,
    say,
    stop,
    today,
)
from search.cli.output import Counts, Form, View
from search.cli.text_output import pointed
from search.config import Settings
from search.errors import QueryError, UsageError
from search.query.ast import Node, Query
from search.query.options import filters_of, restrict
from search.query.parser import parse
from search.retrieval.confidence import RelevanceThreshold, relevant
from search.retrieval.request import Request
from search.text.sanitize import clean
from search.types import Copies, Explanation, FusionMethod, Hits, Mode, Sort

if TYPE_CHECKING:
    from search.index import Index

_FORMATS = click.Choice([form.value for form in Form])
_NOTHING = 1
_NOT_COUNTED: Counts = {}
_PINPOINTED = 3  # articles: some 15 sentences, which take a tenth of a second to encode


@click.command(
    short_help="Search the index.",
    epilog="""\b
Examples:
  depeche find munitions Russie
  depeche find '"obus d’artillerie" ET Moscou SAUF Ukraine' --since 2023-09
  depeche find -- munitions -Ukraine
  depeche find grève des trains --source AFP --format csv > greve.csv
  depeche find --queries questions.txt --format csv > answers.csv""",
)
@click.argument("words", nargs=-1, metavar="QUERY")
@place_options
@model_option
@click.option("-n", "--limit", type=click.IntRange(1), metavar="N", help="How many results (10).")
@click.option("--offset", type=click.IntRange(0), default=0, metavar="N", help="Leave out the first N.")
@click.option("--mode", type=click.Choice([mode.value for mode in Mode]), help="Which legs answer (hybrid).")
@click.option("--since", metavar="DATE", help="From this date on: 2023-09, 7j, 3m…")
@click.option("--before", metavar="DATE", help="Before this date.")
@click.option("--source", multiple=True, metavar="NAME", help="Only this source.")
@click.option("--section", multiple=True, metavar="NAME", help="Only this section.")
@click.option("--sort", type=click.Choice([sort.value for sort in Sort]), default="relevance")
@click.option(
    "--fusion",
    "method",
    type=click.Choice([method.value for method in FusionMethod]),
    help="How the legs are merged.",
)
@click.option("--semantic-weight", "semantic", type=float, metavar="W", help="Weight of meaning (0.7).")
@click.option("--keyword-weight", "keyword", type=float, metavar="W", help="Weight of words (0.3).")
@click.option("--rrf-k", type=int, metavar="K", help="The k of reciprocal rank fusion (60).")
@rerank_option
@recency_option
@click.option(
    "--min-evidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="E",
    help="Leave out what is less sure to answer, from 0 to 1 (0).",
)
@click.option(
    "--copies",
    type=click.Choice([copies.value for copies in Copies]),
    default=Copies.FOLDED.value,
    help="Articles that say the same: one result (folded), or each its own (listed).",
)
@click.option("--format", "form", type=_FORMATS, help="text, or json for --queries.")
@click.option(
    "--facets", is_flag=True, help="Count all the articles found by source, section, year and month."
)
@click.option("--explain", is_flag=True, help="Say what was understood and what each leg contributed.")
@click.option(
    "--queries",
    type=click.File("rb"),
    metavar="FILE",
    help='Answer many: one query a line, {"id", "text"} a line, or a CSV with a column query and perhaps id; '
    "- for standard input. Out come json or jsonl (an answer a line), csv (one table) or md.",
)
def find(words: tuple[str, ...], queries: BinaryIO | None, **given: Any) -> None:  # noqa: ANN401
    """Search the index. Results go to standard output, everything else to standard error.

    A query is words, "phrases", ET OU SAUF, +must -not, titre:x source:x rubrique:x, date:2023-09,
    begin*, similar~; README tells it all. One that begins with - goes after --.
    """
    if bool(words) == (queries is not None):
        raise click.UsageError("Give a query, or --queries FILE, and not both.")
    sources, sections = (tuple(map(readable, given[name])) for name in ("source", "section"))
    nodes = filters_of(given["since"], given["before"], sources, sections, today())
    settings = _settings(given)
    asked = _request(settings, given)
    form = given["form"] or ("text" if queries is None else "json")
    view = View(Form(form), given["offset"], given["explain"], given["facets"])
    if view.facets and view.form not in (Form.TEXT, Form.JSON):
        raise click.UsageError("--facets are told in text and in JSON only; use --format json.")
    if queries is not None:
        if view.form is Form.TEXT:
            raise click.UsageError("The answers to --queries come in json, jsonl, csv or md.")
        _answer_many(settings, asked, nodes, queries, view)
        return
    asked = replace(asked, query=restrict(parsed(readable(" ".join(words))), *nodes))
    from search.index import open_index

    with open_index(settings) as index:
        result = _answered(index, asked)
        _answer(result, view, _reasons(index, asked, result), _counts(index, asked, view))
        if view.form is Form.TEXT and (better := index.engine.suggest(asked.query)):
            click.echo(f"Did you mean: {clean(better)}", err=True)
    _end(result)


@click.command(short_help="Print one article whole.", epilog="Example: depeche show sha-a7a3f93c0dfbec29")
@click.argument("article_id", metavar="ID")
@place_options
@form_option
def show(article_id: str, form: str, **flags: str | None) -> None:
    """Print one article whole, by the id that find and similar tell."""
    from search.index import open_index

    with open_index(chosen_settings(flags)) as index, _looking_up():
        article = index.article(readable(article_id))
    output.write_article(article, Form(form))


@click.command(
    short_help="List the articles nearest in meaning to one.",
    epilog="Example: depeche similar sha-a7a3f93c0dfbec29 -n 5",
)
@click.argument("article_id", metavar="ID")
@place_options
@model_option
@click.option("-n", "--limit", type=click.IntRange(1), metavar="N", help="How many results (10).")
@click.option("--format", "form", type=_FORMATS, default="text")
def similar(article_id: str, form: str, **flags: Any) -> None:  # noqa: ANN401
    """List the articles nearest in meaning to one of the index, by its id."""
    settings, article_id = chosen_settings(flags), readable(article_id)
    from search.index import open_index

    with open_index(settings) as index:
        with _looking_up():
            index.article(article_id)
        result = index.similar(article_id, settings.limit)
    _answer(result, View(Form(form)))
    _end(result)


def _settings(given: dict[str, Any]) -> Settings:
    fusion = {name: given[name] for name in ("method", "semantic", "keyword", "rrf_k")}
    names = ("index", "database", "engine", "model", "limit", "mode", "rerank", "recency")
    flags = {name: given[name] for name in names}
    known = {name: value for name, value in fusion.items() if value is not None}
    return chosen_settings({**flags, "fusion": known})


def _request(settings: Settings, given: dict[str, Any]) -> Request:
    """What is asked, but for the query."""
    nothing = Query("", (), None, "")
    sort = Sort(given["sort"])
    page = Request(nothing, settings.mode, sort, settings.limit, given["offset"])
    bar, copies = RelevanceThreshold(minimum=given["min_evidence"]), Copies(given["copies"])
    return replace(page, fusion=settings.fusion, rescoring=settings.rescoring, threshold=bar, copies=copies)


def _answered(index: "Index", asked: Request) -> Hits:
    """The answer; its first articles found by meaning alone are quoted by the sentences nearest to it."""
    result = index.engine.search(asked)
    if asked.mode is Mode.KEYWORD or result.degraded:
        return result
    wordless = islice((item for item in result.hits if item.snippet.leg is None), _PINPOINTED)
    quoted = {item.article.id: index.engine.pinpoint(asked.query, item) for item in wordless}
    return replace(result, hits=tuple(quoted.get(item.article.id, item) for item in result.hits))


def _reasons(index: "Index", asked: Request, result: Hits) -> Iterator[Explanation]:
    return (index.engine.explain(asked, item) for item in result.hits)


def _counts(index: "Index", asked: Request, view: View) -> Counts:
    return index.engine.facets(asked) if view.facets else {}


def _answer(
    result: Hits, view: View, reasons: Iterable[Explanation] = (), counts: Counts = _NOT_COUNTED
) -> None:
    """Write an answer, and what is missing of it."""
    for notice in result.degraded:
        say(notice)
    output.write(result, view, reasons, counts)


def _end(result: Hits) -> None:
    if not (result.hits and relevant(result)):
        raise click.exceptions.Exit(_NOTHING)


def _answer_many(
    settings: Settings, asked: Request, nodes: list[Node], queries: BinaryIO, view: View
) -> None:
    """Every answer in the order asked; a query that is wrong is answered by its error."""
    from search.cli.query_file import read_questions

    questions = read_questions(queries, queries.name)
    wrong = 0
    degraded: set[str] = set()
    from search.index import open_index

    with open_index(settings) as index:
        batch = Batch(view, "id", "query_id")
        for question in questions:
            try:
                query = restrict(parse(question.text, today()), *nodes)
            except QueryError as exc:
                wrong += 1
                batch.fail(question.id, question.text, exc)
            else:
                wanted = replace(asked, query=query)
                result = _answered(index, wanted)
                degraded.update(result.degraded)
                counts = _counts(index, wanted, view)
                batch.write(question.id, result, _reasons(index, wanted, result), counts)
    for notice in degraded:
        say(notice)
    if wrong:
        stop(
            f"{wrong} of {len(questions)} queries were not understood; see their error", QueryError.exit_code
        )


def parsed(text: str) -> Query:
    """Understand a query; one that is wrong ends the command, the place marked under it."""
    try:
        return parse(text, today())
    except QueryError as exc:
        stop(f"{exc}\n{pointed(text, exc.position, exc.suggestion)}", exc.exit_code)


@contextmanager
def _looking_up() -> Iterator[None]:
    """An id that the index does not hold was not found, which is no wrong usage."""
    try:
        yield
    except UsageError as exc:
        stop(str(exc), _NOTHING)
