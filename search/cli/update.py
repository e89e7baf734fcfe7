"""``depeche add``, ``sync`` and ``remove``: let an index grow, follow its files, or shrink."""

import sys
import time
from collections.abc import Mapping

import click

from search.cli import progress
from search.cli.build import (
    BuildInput,
    build_and_report,
    build_settings,
    paths_argument,
    quiet_option,
    reading_options,
    seconds_since,
    workers_option,
)
from search.cli.help_text import LocalizedArgument, LocalizedCommand, epilog
from search.cli.language import number, plural, translate
from search.cli.options import (
    INTERRUPTED,
    chosen_settings,
    complete_files,
    index_options,
    model_option,
    report,
    stop,
)
from search.errors import Translatable, UsageError
from search.retention import keep_all, keep_none
from search.text.sanitize import flat

_NAMED_FILES = 10  # the most files that a question names
_YES = ("y", "yes", "o", "oui")

yes_option = click.option("--yes", is_flag=True, help="Remove articles without asking.")


@click.command(
    cls=LocalizedCommand,
    short_help="Add files to an index.",
    epilog=epilog("depeche add 2024-03.csv\ndepeche add fil/ --source AFP", 0, 2, 3, 4, 6, 7, 130),
)
@paths_argument
@index_options
@reading_options
@workers_option
@quiet_option
def add(
    paths: tuple[str, ...],
    columns: tuple[str, ...],
    rejects: str | None,
    *,
    quiet: bool,
    **options: str | None,
) -> None:
    """Add files and folders, or standard input (-), to an index that exists, with its model.

    An article replaces the one that has the same id. All others stay.
    """
    from search.updates import with_published_model

    settings = with_published_model(build_settings(columns, options))
    build_and_report(settings, BuildInput(paths, rejects, keep_all), quiet=quiet)


@click.command(
    cls=LocalizedCommand,
    short_help="Make an index hold exactly these files.",
    epilog=epilog("depeche sync archive/\ndepeche sync archive/ --yes", 0, 2, 3, 6, 7, 130),
)
@paths_argument
@index_options
@model_option
@reading_options
@workers_option
@yes_option
@quiet_option
def sync(
    paths: tuple[str, ...],
    columns: tuple[str, ...],
    rejects: str | None,
    *,
    yes: bool,
    quiet: bool,
    **options: str | None,
) -> None:
    """Make the index hold exactly the articles of these files and folders, or of standard input (-).

    Say how many articles go, and from which files, and ask before they do; --yes agrees.
    """

    def may_go(gone: Mapping[str, int]) -> None:
        _confirm(gone, yes=yes, quiet=quiet)

    settings = build_settings(columns, options)
    build_and_report(settings, BuildInput(paths, rejects, keep_none, may_go), quiet=quiet)


@click.command(
    cls=LocalizedCommand,
    short_help="Remove articles from an index.",
    epilog=epilog(
        """\
depeche remove sha-6a410bf0da8f33ca
depeche remove --from archive/2019.csv --yes""",
        *(0, 2, 4, 5, 6, 7, 130),
    ),
)
@click.argument("ids", cls=LocalizedArgument, nargs=-1, metavar="[ID]...")
@click.option(
    "--from",
    "files",
    multiple=True,
    metavar="FILE",
    shell_complete=complete_files,
    help="Remove all articles of this file, folder or archive. Repeat the option for others.",
)
@index_options
@yes_option
@quiet_option
def remove(
    ids: tuple[str, ...], files: tuple[str, ...], *, yes: bool, quiet: bool, **options: str | None
) -> None:
    """Remove articles by their id, or all articles of a file or folder.

    Say how many articles go, and from which files, and ask before they do; --yes agrees. The files themselves
    stay; a build that reads them again adds their articles again.
    """
    from search.index import open_index
    from search.updates import removal_from, remove_from

    if not (ids or files):
        raise UsageError("Nothing to remove is named; type: depeche remove ID, or depeche remove --from FILE")
    settings = chosen_settings(options)
    with open_index(settings) as index:
        removal = removal_from(index, ids, files)
    _confirm(removal.counts, yes=yes, quiet=quiet)
    started = time.monotonic()
    with progress.hidden() if quiet else progress.permanent() as bars:
        built = remove_from(settings, removal, bars)
    removed, left = built.change.gone, built.manifest.articles
    gone = plural("{} article removed", "{} articles removed", removed)
    click.echo(f"{gone}, {plural('{} article left', '{} articles left', left)}{seconds_since(started)}")


def _confirm(gone: Mapping[str, int], *, yes: bool, quiet: bool) -> None:
    """Say what goes, and ask whether it may.

    Raises UsageError where nobody can answer, and ends the command when the answer is no.
    """
    articles = plural(
        "{} article will be removed from the index",
        "{} articles will be removed from the index",
        sum(gone.values()),
    )
    going = translate("{}: {}", articles, _by_file(gone))
    if yes:
        if not quiet:
            report(going)
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            Translatable("{}. Nothing was changed; to agree, type the command again with --yes", going)
        )
    report(going)
    answer = click.prompt(translate("Remove them? [y/N]"), default="", show_default=False, err=True)
    if answer.strip().lower() not in _YES:
        stop(translate("nothing was changed"), INTERRUPTED)


def _by_file(gone: Mapping[str, int]) -> str:
    """How many articles of each file go, the most first."""
    most_first = sorted(gone.items(), key=lambda each: -each[1])
    named = [
        translate("{} of {}", number(count), flat(file) or translate("an unknown file"))
        for file, count in most_first[:_NAMED_FILES]
    ]
    if others := most_first[_NAMED_FILES:]:
        rest = sum(count for _, count in others)
        files = plural("{} other file", "{} other files", len(others))
        named.append(translate("{} of {}", number(rest), files))
    return ", ".join(named)
