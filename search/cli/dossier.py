"""``depeche dossier``: the dossiers of the user in an index."""

from collections.abc import Sequence
from typing import Any

import click

from search.cli.help_text import LocalizedArgument, LocalizedCommand, epilog
from search.cli.language import plural, translate
from search.cli.options import NOTHING_FOUND, chosen_settings, format_option, index_options, report, stop
from search.cli.output import OutputFormat, write_json
from search.config import Settings
from search.errors import Translatable, UsageError
from search.text.sanitize import flat, printable
from search.user.dossiers import Dossier, DossierArticle, Dossiers
from search.user.index_folder import create_index_folder
from search.user.storage import default_folder


@click.command(
    cls=LocalizedCommand,
    short_help="List, fill and change dossiers.",
    epilog=epilog(
        """\
depeche dossier
depeche dossier Armes
depeche dossier Armes sha-a7a3f93c0dfbec29 --note "à vérifier"
depeche dossier Armes sha-a7a3f93c0dfbec29 --remove
depeche dossier Armes --rename Munitions""",
        *(0, 1, 2, 4, 5),
    ),
)
@click.argument("name", cls=LocalizedArgument, required=False, metavar="[NAME]")
@click.argument("ids", cls=LocalizedArgument, nargs=-1, metavar="[ID…]")
@index_options
@click.option("--note", metavar="TEXT", help="Write this note on the articles in the dossier; '' for none.")
@click.option("--remove", is_flag=True, help="Take the articles out of the dossier.")
@click.option("--rename", "new_name", metavar="NAME", help="Give the dossier this name.")
@click.option("--delete", is_flag=True, help="Delete the dossier with its notes; the articles stay.")
@format_option
def dossier(name: str | None, ids: tuple[str, ...], **options: Any) -> None:  # noqa: ANN401
    """List the dossiers, or the articles of the dossier with this NAME.

    With IDs, put these articles into the dossier, which is created where it is missing; find prints the
    IDs. The dossiers belong to one index, and are those of the interface. To export one with its notes,
    type: depeche find dossier:NAME --format csv
    """
    settings = chosen_settings({key: options[key] for key in ("index", "database", "engine")})
    dossiers = Dossiers(create_index_folder(default_folder(), settings))
    output_format = OutputFormat(options["format_name"])
    new_name, changes = options["new_name"], (options["delete"], options["new_name"] is not None)
    if any(changes) and (name is None or ids or all(changes)):
        raise click.UsageError(translate("--rename and --delete need the NAME of one dossier, and no ID."))
    noted = options["note"] is not None
    if (noted or options["remove"]) and (not ids or any(changes) or (noted and options["remove"])):
        raise click.UsageError(translate("--note and --remove need a NAME and IDs; use only one of them."))
    known = dossiers.all()
    if dossiers.notice:
        report(dossiers.notice)
    if name is None:
        _list(known, output_format)
    elif options["delete"]:
        dossiers.delete(printable(name))
    elif new_name is not None:
        dossiers.rename(printable(name), printable(new_name))
    elif ids:
        _change(settings, dossiers, printable(name), [*map(printable, ids)], options)
    else:
        _show(dossiers.get(printable(name)), output_format)


def _change(
    settings: Settings, dossiers: Dossiers, name: str, ids: Sequence[str], options: dict[str, Any]
) -> None:
    """Take articles out of a dossier, or put them in, and write their note."""
    if options["remove"]:
        if missing := [article_id for article_id in ids if dossiers.get(name).article(article_id) is None]:
            listed = ", ".join(map(flat, missing))
            raise UsageError(
                Translatable(
                    "The dossier {} does not have: {}; depeche dossier NAME lists its IDs.", name, listed
                )
            )
        dossiers.remove(name, ids)
        return
    from search.index import open_index

    with open_index(settings) as index:
        articles = [DossierArticle.of(index.article(article_id)) for article_id in ids]
    dossiers.add(name, articles)
    if options["note"] is not None:
        for article_id in ids:
            dossiers.note(name, article_id, printable(options["note"]))


def _list(listed: Sequence[Dossier], output_format: OutputFormat) -> None:
    if not listed:
        stop(translate("there is no dossier yet; fill one: {}", "depeche dossier NAME ID"), NOTHING_FOUND)
    for each in listed:
        if output_format is OutputFormat.JSON:
            write_json({"name": each.name, "articles": len(each.articles), "changed": each.changed})
        else:
            click.echo(f"{flat(each.name)} · {plural('{} article', '{} articles', len(each.articles))}")


def _show(shown: Dossier, output_format: OutputFormat) -> None:
    for article in shown.articles:
        if output_format is OutputFormat.JSON:
            facts = {"id": article.id, "title": article.title, "date": article.date}
            write_json(facts | {"note": article.note, "added": article.added})
            continue
        date = article.date.replace("T", " ")
        click.echo(" · ".join(filter(None, (flat(article.title), date, flat(article.id)))))
        if article.note:
            click.echo(f"   {flat(article.note)}")
