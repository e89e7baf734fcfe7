"""``depeche news``: what saved searches find that was not seen."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from search.cli.batch import Batch
from search.cli.find import parsed
from search.cli.options import (
    chosen_settings,
    counted,
    model_option,
    place_options,
    readable,
    say,
    stop,
    today,
)
from search.cli.output import Form, View, write_json
from search.config import Settings
from search.errors import QueryError, UsageError
from search.text.sanitize import flat
from search.types import Mode
from search.user.saved_search_runner import SavedSearchRunner
from search.user.saved_searches import SavedSearch, SavedSearches
from search.user.storage import default_folder

_FORMS = click.Choice([Form.TEXT.value, Form.JSON.value, Form.CSV.value, Form.MARKDOWN.value])
_NOTHING = 1


@click.command(
    short_help="Tell what is new in saved searches.",
    epilog="""\b
Examples:
  depeche news --save "grève trains"
  depeche news --save "+munitions +Russie" Armes
  depeche news Armes --format csv > armes.csv
  depeche news --keep""",
)
@click.argument("names", nargs=-1, metavar="[NAME…]")
@place_options
@model_option
@click.option(
    "--mark-seen/--keep",
    "marks",
    default=True,
    help="Whether what is told counts as seen from now on (it does), or is told again the next time.",
)
@click.option("--format", "form", type=_FORMS, default="text", help="In json, a search a line.")
@click.option("--save", "query", metavar="QUERY", help="Save a search, under NAME or the query itself.")
@click.option(
    "--mode", type=click.Choice([mode.value for mode in Mode]), help="Which legs answer it (hybrid)."
)
@click.option("--remove", multiple=True, metavar="NAME", help="Forget a saved search.")
@click.option("--list", "listed", is_flag=True, help="List the saved searches, in text or json.")
def news(names: tuple[str, ...], query: str | None, remove: tuple[str, ...], **given: Any) -> None:  # noqa: ANN401
    """Tell what is new in saved searches, all of them or those of these NAMEs, the latest articles first.

    The searches are those of the interface. Looked at are the 100 articles that answer each best; new are
    those not told before, nor there when the search was saved. Exit code 1 when nothing is new.
    """
    if sum((query is not None, bool(remove), given["listed"])) > 1:
        raise click.UsageError("Give one of --save, --remove and --list.")
    settings = chosen_settings(
        {name: given[name] for name in ("index", "database", "engine", "model", "mode")}
    )
    saved = SavedSearches(default_folder())
    form = Form(given["form"])
    if query is not None:
        _save(settings, saved, readable(query), [*map(readable, names)])
    elif remove:
        for search in _chosen(saved, remove):
            saved.remove(search.name)
    elif given["listed"]:
        _list(_chosen(saved, names), form)
    else:
        from search.index import open_index

        with open_index(settings) as index:
            desk = SavedSearchRunner(saved, index.engine, today())
            asked = _chosen(saved, names)
            told = _tell(desk, asked, View(form))
            for search in told if given["marks"] else ():
                desk.mark_seen(search)
        _end(asked, told, form)


def _save(settings: Settings, saved: SavedSearches, query: str, names: Sequence[str]) -> None:
    """Save a search under the one name given, else under its query; what it finds now is not new."""
    if len(names) > 1:
        raise click.UsageError("A search has one NAME; quote it if it holds spaces.")
    understood = parsed(query)
    if not understood.words and understood.constraint is None:
        raise UsageError('There is nothing to look for; for instance: depeche news --save "grève trains"')
    from search.index import open_index

    search = SavedSearch(names[0] if names else query, query, settings.mode)
    with open_index(settings) as index:
        SavedSearchRunner(saved, index.engine, today()).save(search)
    say(f"saved: {flat(search.name)}; what it finds now is known")


def _chosen(saved: SavedSearches, names: Sequence[str]) -> list[SavedSearch]:
    """The saved searches of these names, or every one; raises UsageError for a name that none has."""
    every = saved.all()
    if saved.notice:
        say(saved.notice)
    known = [search.name for search in every]
    for name in names:
        if name not in known:
            told = ", ".join(map(flat, known)) or "none yet"
            raise UsageError(f"No search is saved as {readable(name)!r}; saved are: {told}.")
    if not every:
        stop('no search is saved yet; save one: depeche news --save "grève trains"', _NOTHING)
    return [search for search in every if not names or search.name in names]


def _list(searches: Sequence[SavedSearch], form: Form) -> None:
    if form not in (Form.TEXT, Form.JSON):
        raise click.UsageError("--list is in text or json.")
    for search in searches:
        told = {
            "name": search.name,
            "query": search.query,
            "mode": search.mode.value,
            "created": search.created,
            "last_seen": search.last_seen,
        }
        if form is Form.JSON:
            write_json(told)
        else:
            name, *facts = map(flat, told.values())
            click.echo(f"{name}\n   {' · '.join(facts)}")


def _tell(desk: SavedSearchRunner, searches: Sequence[SavedSearch], view: View) -> dict[SavedSearch, int]:
    """Write what is new in each search; give how many articles that is, for those that were understood."""
    told: dict[SavedSearch, int] = {}
    degraded: set[str] = set()
    batch = Batch(view, "name", "name")
    for search in searches:
        try:
            found = desk.news(search)
        except QueryError as exc:
            batch.fail(search.name, search.query, exc)
            continue
        told[search] = found.total
        degraded.update(found.degraded)
        if found.total or view.form is Form.JSON:
            batch.write(search.name, found)
    for notice in degraded:
        say(notice)
    return told


def _end(asked: Sequence[SavedSearch], told: Mapping[SavedSearch, int], form: Form) -> None:
    """Say what it amounts to, and end with the exit code of that."""
    new = sum(told.values())
    if form is Form.TEXT:
        having = sum(map(bool, told.values()))
        say(f"{counted(new, 'new article')} in {having} of {len(asked)} saved searches")
    if len(told) < len(asked):
        stop(f"{len(asked) - len(told)} of {len(asked)} searches were not understood", QueryError.exit_code)
    if not new:
        raise click.exceptions.Exit(_NOTHING)
