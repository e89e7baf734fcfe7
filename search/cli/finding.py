"""``depeche find``, ``show`` and ``similar``: questions to the index."""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from search.cli import output
from search.cli.options import chosen_settings, form_option, index_option, model_option, today
from search.config import Settings
from search.engine import Engine, Request
from search.errors import QueryError
from search.model import Method, Mode, SearchResult, Sort
from search.query.parser import parse
from search.query.restrict import before, field, restrict, since
from search.query.tree import FieldName, Node, Query

_FORMATS = ["text", "json", "jsonl", "csv", "md"]


@dataclass(frozen=True, slots=True)
class Filters:
    """The constraints given as options."""

    since: str | None
    before: str | None
    source: tuple[str, ...]
    section: tuple[str, ...]

    def nodes(self) -> list[Node]:
        """The same constraints as a query would say them; raises UsageError."""
        return [
            *([since(self.since, today())] if self.since else []),
            *([before(self.before, today())] if self.before else []),
            *(field(FieldName.SOURCE, source) for source in self.source),
            *(field(FieldName.SECTION, section) for section in self.section),
        ]


@click.command(
    epilog="""\b
Examples:
  depeche find "munitions Russie"
  depeche find '"obus d’artillerie" ET Moscou SAUF Ukraine' --since 2023-09
  depeche find "grève des trains" --source AFP --sort date --format csv > greve.csv
  depeche find --queries questions.jsonl > answers.jsonl"""
)
@click.argument("words", nargs=-1, metavar="QUERY")
@index_option
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
    "--fusion", type=click.Choice([method.value for method in Method]), help="How the legs are merged."
)
@click.option("--semantic-weight", type=click.FloatRange(0), metavar="W", help="Weight of meaning (0.7).")
@click.option("--keyword-weight", type=click.FloatRange(0), metavar="W", help="Weight of words (0.3).")
@click.option("--rrf-k", type=click.IntRange(1), metavar="K", help="The k of reciprocal rank fusion (60).")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text")
@click.option("--explain", is_flag=True, help="Say what was understood and what each leg contributed.")
@click.option("--queries", metavar="FILE", help='Answer many: {"id", "text"} a line, - for standard input.')
def find(words: tuple[str, ...], queries: str | None, form: str, *, explain: bool, **given: Any) -> None:  # noqa: ANN401
    """Search the index. Results go to standard output, everything else to standard error.

    See README for the query language: "phrases", ET OU SAUF, +must -not, field:value, dates.
    """
    if bool(words) == (queries is not None):
        raise click.UsageError("Give a query, or --queries FILE, and not both.")
    filters = Filters(given.pop("since"), given.pop("before"), given.pop("source"), given.pop("section"))
    nodes = filters.nodes()
    settings = chosen_settings({name: given[name] for name in ("index", "model", "limit", "mode")})
    asked = _request(settings, given)
    with _engine(settings) as engine:
        if queries is not None:
            _answer_many(engine, asked, nodes, queries)
            return
        result = engine.search(replace(asked, query=restrict(_parsed(" ".join(words)), *nodes)))
        _say(result)
        output.write(result, output.Form(form), asked.offset, explain=explain)
    _exit_with(found=bool(result.results))


@click.command()
@click.argument("article_id", metavar="ID")
@index_option
@form_option
def show(article_id: str, index: str | None, form: str) -> None:
    """Print one article whole."""
    with _engine(chosen_settings({"index": index})) as engine:
        output.write_article(engine.article(article_id), output.Form(form))


@click.command()
@click.argument("article_id", metavar="ID")
@index_option
@click.option("-n", "--limit", type=click.IntRange(1), metavar="N", help="How many results (10).")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text")
def similar(article_id: str, index: str | None, limit: int | None, form: str) -> None:
    """List the articles nearest in meaning to one of the index."""
    settings = chosen_settings({"index": index, "limit": limit})
    with _engine(settings) as engine:
        result = engine.similar(article_id, settings.limit)
        _say(result)
        output.write(result, output.Form(form), 0, explain=False)
    _exit_with(found=bool(result.results))


def _request(settings: Settings, given: dict[str, Any]) -> Request:
    chosen = {
        "method": given["fusion"] and Method(given["fusion"]),
        "semantic": given["semantic_weight"],
        "keyword": given["keyword_weight"],
        "rrf_k": given["rrf_k"],
    }
    fusion = replace(settings.fusion, **{name: value for name, value in chosen.items() if value is not None})
    nothing = Query("", (), None, "")
    return Request(nothing, settings.mode, Sort(given["sort"]), settings.limit, given["offset"], fusion)


def _answer_many(engine: Engine, asked: Request, nodes: list[Node], path: str) -> None:
    """One object a line, in the order asked; a query that is wrong is said and answered by its error."""
    from search.evaluate import read_queries

    wrong = 0
    for question in read_queries(Path("/dev/stdin" if path == "-" else path)):
        try:
            query = restrict(parse(question.text, today()), *nodes)
        except QueryError as exc:
            wrong += 1
            output.write_failure(question.id, question.text, exc)
            continue
        output.write_answer(question.id, engine.search(replace(asked, query=query)))
    if wrong:
        click.echo(
            f"depeche: {wrong} queries could not be understood; see their error in the output.", err=True
        )
        click.get_current_context().exit(QueryError.exit_code)


def _parsed(text: str) -> Query:
    """The query, or its error with the place marked under it."""
    try:
        return parse(text, today())
    except QueryError as exc:
        line = " ".join(text.splitlines()) or text
        raise _Pointed(f"{exc}\n  {line}\n  {' ' * exc.position}^\n{exc.suggestion}".rstrip()) from exc


class _Pointed(click.ClickException):
    exit_code = QueryError.exit_code

    def show(self, file: Any = None) -> None:  # noqa: ANN401 - click's own signature
        click.echo(f"depeche: {self.format_message()}", file or sys.stderr)


@contextmanager
def _engine(settings: Settings) -> Iterator[Engine]:
    from search import wiring

    with closing(wiring.open_generation(settings)) as generation:
        yield wiring.engine(generation, settings)


def _say(result: SearchResult) -> None:
    for notice in result.degraded:
        click.echo(f"depeche: {notice}", err=True)


def _exit_with(*, found: bool) -> None:
    click.get_current_context().exit(0 if found else 1)
