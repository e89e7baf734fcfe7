"""``depeche news``: the new articles of saved searches."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from search.cli.alerts import AlertFormat, Delivery, alert_options, chosen_delivery
from search.cli.find import parse_or_stop, reporting_notices, stop_at
from search.cli.help_text import LocalizedArgument, LocalizedCommand, epilog
from search.cli.language import plural, translate
from search.cli.options import (
    NOTHING_FOUND,
    chosen_settings,
    index_options,
    mode_option,
    model_option,
    report,
    stop,
    today,
)
from search.cli.output import OutputFormat, write_json
from search.config import Settings
from search.errors import QueryError, Translatable, UsageError
from search.text.sanitize import flat, printable
from search.user.index_folder import create_index_folder
from search.user.saved_search_runner import SavedSearchRunner
from search.user.saved_searches import SavedSearch, SavedSearches
from search.user.storage import default_folder

_FORMATS = click.Choice(["text", "json", "csv", "md", *(each.value for each in AlertFormat)])
_EXAMPLE = 'depeche news --save "grève trains"'


@click.command(
    cls=LocalizedCommand,
    short_help="List the new articles of saved searches.",
    epilog=epilog(
        """\
depeche news --save "grève trains"
depeche news --save "+munitions +Russie" Armes
depeche news Armes --format csv > armes.csv
depeche news --format atom --output armes.atom
depeche news --format eml --to redaction@exemple.test | sendmail -t
depeche news --keep""",
        *(0, 1, 2, 4, 5, 7, 130),
    ),
)
@click.argument("names", cls=LocalizedArgument, nargs=-1, metavar="[NAME…]")
@index_options
@model_option
@click.option(
    "--mark-seen/--keep",
    "mark_seen",
    default=True,
    help="Mark the listed articles as seen (the default), or list them again the next time.",
)
@click.option(
    "--format",
    "format_name",
    type=_FORMATS,
    default="text",
    help="Output format; json has one line for each search, atom is a feed that --output brings up to date, "
    "eml is a mail. Default: text.",
)
@alert_options
@click.option("--save", "query", metavar="QUERY", help="Save a search under NAME, or under its query.")
@mode_option
@click.option("--remove", multiple=True, metavar="NAME", help="Remove the saved search with this name.")
@click.option("--list", "list_only", is_flag=True, help="List the saved searches, in text or json.")
def news(names: tuple[str, ...], query: str | None, remove: tuple[str, ...], **options: Any) -> None:  # noqa: ANN401
    """List the new articles of saved searches, the latest first.

    Read the searches with these NAMEs, or all saved searches of this index; the interface uses the same
    ones. A new article has the confidence that --min-confidence asks for, was not listed before, and was not
    found when the search was saved. --mode applies to --save.
    """
    if sum((query is not None, bool(remove), options["list_only"])) > 1:
        raise click.UsageError(translate("Use only one of --save, --remove and --list."))
    settings = chosen_settings(
        {name: options[name] for name in ("index", "database", "engine", "model", "mode")}
    )
    saved = SavedSearches(create_index_folder(default_folder(), settings))
    delivery = chosen_delivery(options)
    if query is not None:
        _save(settings, saved, printable(query), [*map(printable, names)])
    elif remove:
        for search in _select(saved, remove):
            saved.remove(search.name)
    elif options["list_only"]:
        _list(_select(saved, names), options["format_name"])
    else:
        _write_news(settings, saved, names, delivery, mark_seen=options["mark_seen"])


def _save(settings: Settings, saved: SavedSearches, query: str, names: Sequence[str]) -> None:
    """Save a search under the given name, or under its query. The articles it finds now are not new."""
    if len(names) > 1:
        message = translate("Give one NAME for the search; put it in quotes if it contains spaces.")
        raise click.UsageError(message)
    parsed = parse_or_stop(query)
    if not parsed.words and parsed.constraint is None:
        raise UsageError(
            Translatable("The query contains no word to search for; write, for example: {}", _EXAMPLE)
        )
    from search.index import open_index

    search = SavedSearch(names[0] if names else query, query, settings.mode)
    with open_index(settings) as index:
        try:
            with reporting_notices(index.article_sets()) as sets:
                SavedSearchRunner(saved, index.engine, today(), sets).save(search)
        except QueryError as exc:
            stop_at(query, exc)
    report(translate("saved: {}; the articles that it finds now count as seen", flat(search.name)))


def _select(saved: SavedSearches, names: Sequence[str]) -> list[SavedSearch]:
    """The saved searches with these names, or all of them; raises UsageError for an unknown name."""
    searches = saved.all()
    if saved.notice:
        report(saved.notice)
    known = [search.name for search in searches]
    for name in names:
        if name not in known:
            listed = ", ".join(map(flat, known)) or Translatable("none yet")
            raise UsageError(
                Translatable(
                    "There is no saved search named {}; the saved searches are: {}.",
                    *(repr(printable(name)), listed),
                )
            )
    if not searches:
        stop(translate("there is no saved search yet; save one: {}", _EXAMPLE), NOTHING_FOUND)
    return [search for search in searches if not names or search.name in names]


def _list(searches: Sequence[SavedSearch], output_format: str) -> None:
    if output_format not in (OutputFormat.TEXT, OutputFormat.JSON):
        raise click.UsageError(translate("--list needs the format text or json."))
    for search in searches:
        facts = {
            "name": search.name,
            "query": search.query,
            "mode": search.mode.value,
            "created": search.created,
            "last_seen": search.last_seen,
        }
        if output_format == OutputFormat.JSON:
            write_json(facts)
        else:
            name, *others = map(flat, facts.values())
            click.echo(f"{name}\n   {' · '.join(others)}")


def _write_news(
    settings: Settings,
    saved: SavedSearches,
    names: Sequence[str],
    delivery: Delivery,
    *,
    mark_seen: bool,
) -> None:
    from search.index import open_index

    with open_index(settings) as index, reporting_notices(index.article_sets()) as sets:
        runner = SavedSearchRunner(saved, index.engine, today(), sets)
        searches = _select(saved, names)
        new_articles = _run(runner, searches, delivery)
        if mark_seen:
            for search in new_articles:
                runner.mark_seen(search)
    _finish(searches, new_articles, delivery)


def _run(
    runner: SavedSearchRunner, searches: Sequence[SavedSearch], delivery: Delivery
) -> dict[SavedSearch, int]:
    """Write the new articles of each search; give their number for each search without an error."""
    new_articles: dict[SavedSearch, int] = {}
    notices: set[str] = set()
    written = delivery.writer()
    for search in searches:
        try:
            result = runner.news(search, delivery.minimum)
        except QueryError as exc:
            written.fail(search.name, search.query, exc)
            continue
        new_articles[search] = result.total
        notices.update(result.degraded)
        if result.total or delivery.format == OutputFormat.JSON:
            written.write(search.name, result)
    written.end()
    for notice in notices:
        report(notice)
    return new_articles


def _finish(
    searches: Sequence[SavedSearch], new_articles: Mapping[SavedSearch, int], delivery: Delivery
) -> None:
    """Report the total, and end the command with its exit code."""
    total = sum(new_articles.values())
    if delivery.is_reported:
        with_news = sum(map(bool, new_articles.values()))
        articles = plural("{} new article", "{} new articles", total)
        report(translate("{} in {} of {} saved searches", articles, with_news, len(searches)))
    if errors := len(searches) - len(new_articles):
        message = translate("{} of {} searches could not be understood", errors, len(searches))
        stop(message, QueryError.exit_code)
    if not total:
        raise click.exceptions.Exit(NOTHING_FOUND)
