"""The command ``depeche``: its subcommands, and errors to exit codes."""

import signal
import sys

import click

from search import __version__
from search.cli.building import build
from search.cli.finding import find, show, similar
from search.cli.keeping import evaluate, status, verify
from search.cli.options import chosen_settings, index_option
from search.errors import SearchError

_INTERRUPTED = 130
_EXIT_CODES = """
Exit codes: 0 found or done, 1 nothing found, 2 usage, configuration or query error, 3 nothing
readable in the corpus, 4 no index yet, 5 index damaged or made by another version or model,
6 another build is at work, 7 the model cannot be loaded, 130 interrupted.
"""


@click.group(invoke_without_command=True, epilog=_EXIT_CODES)
@click.version_option(__version__, prog_name="depeche")
@click.pass_context
def command(context: click.Context) -> None:
    """Search French press articles by words and by meaning, offline.

    Without a command, opens the interface in a terminal, and prints this help elsewhere.

    \b
    depeche build articles/            make the index of a folder of articles
    depeche find "munitions Russie"    search it
    depeche                            search it in the interface
    """  # noqa: D301 - click reads the backspace as "keep these lines"
    if context.invoked_subcommand is None:
        if sys.stdin.isatty() and sys.stdout.isatty():
            context.invoke(tui, index=None)
        else:
            click.echo(context.get_help())


@command.command()
@index_option
def tui(index: str | None) -> None:
    """Search in the interface."""
    from search.tui.app import DepecheApp
    from search.wiring import opened

    DepecheApp(opened(chosen_settings({"index": index}))).run()


for subcommand in (build, find, show, similar, status, verify, evaluate):
    command.add_command(subcommand)


def main() -> None:
    """Run the command line; ends the process with the exit code of what happened."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        sys.exit(command.main(prog_name="depeche", standalone_mode=False))
    except click.ClickException as exc:
        exc.show()
        sys.exit(exc.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted: the index is as it was; a build keeps what it had encoded.", err=True)
        sys.exit(_INTERRUPTED)
    except SearchError as exc:
        click.echo(f"depeche: {exc}", err=True)
        sys.exit(exc.exit_code)
