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
    workers_option,
)
from search.cli.help_text import epilog
from search.cli.options import (
    INTERRUPTED,
    chosen_settings,
    complete_files,
    index_options,
    model_option,
    plural,
    report,
    stop,
)
from search.errors import UsageError
from search.retention import keep_all, keep_none
from search.text.sanitize import flat

_NAMED_FILES = 10  # the most files that a question names

yes_option = click.option("--yes", is_flag=True, help="Remove articles without asking.")


@click.command(
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
    short_help="Remove articles from an index.",
    epilog=epilog(
        """\
depeche remove sha-6a410bf0da8f33ca
depeche remove --from archive/2019.csv --yes""",
        *(0, 2, 4, 5, 6, 7, 130),
    ),
)
@click.argument("ids", nargs=-1, metavar="[ID]...")
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
    seconds = time.monotonic() - started
    click.echo(f"{plural(removed, 'article')} removed, {plural(left, 'article')} left; {seconds:.1f} s")


def _confirm(gone: Mapping[str, int], *, yes: bool, quiet: bool) -> None:
    """Say what goes, and ask whether it may.

    Raises UsageError where nobody can answer, and ends the command when the answer is no.
    """
    going = f"{plural(sum(gone.values()), 'article')} will be removed from the index: {_by_file(gone)}"
    if yes:
        if not quiet:
            report(going)
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"{going}. Nothing was changed; to agree, type the command again with --yes")
    report(going)
    if not click.confirm("Remove them?", err=True):
        stop("nothing was changed", INTERRUPTED)


def _by_file(gone: Mapping[str, int]) -> str:
    """How many articles of each file go, the most first."""
    most_first = sorted(gone.items(), key=lambda each: -each[1])
    named = [f"{count} of {flat(file) or 'an unknown file'}" for file, count in most_first[:_NAMED_FILES]]
    if others := most_first[_NAMED_FILES:]:
        rest = sum(count for _, count in others)
        named.append(f"{rest} of {plural(len(others), 'other file')}")
    return ", ".join(named)
