"""The command ``depeche``: its subcommands, and errors to exit codes."""

import io
import os
import signal
import sys
from typing import NoReturn

import click

from search import __version__
from search.cli.build import build
from search.cli.find import find, show, similar
from search.cli.maintenance import evaluate, repair, status, verify
from search.cli.news import news
from search.cli.options import (
    INTERRUPTED,
    chosen_settings,
    model_option,
    place_options,
    recency_option,
    rerank_option,
    say,
)
from search.cli.watch import watch
from search.errors import SearchError, UsageError
from search.text.sanitize import clean

_THEIRS = 0o077  # what others may do with a file; whoever should read the index is let in by chmod

language_option = click.option(
    "--language", type=click.Choice(["fr", "en"]), help="What it speaks; else as the locale says."
)

_EXIT_CODES = """
Exit codes: 0 found or done, 1 nothing found, 2 usage, configuration or query error, 3 nothing
readable in the corpus, 4 no index yet, 5 index damaged or made by another version or model,
6 another build is at work, 7 the model cannot be loaded, 130 interrupted.
"""


@click.group(
    invoke_without_command=True,
    epilog=_EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
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
        if _in_terminal():
            context.invoke(tui)
        else:
            click.echo(context.get_help())


@command.command(epilog="Example: depeche tui --index archive/index")
@place_options
@model_option
@rerank_option
@recency_option
@language_option
def tui(**flags: str | None) -> None:
    """Search in the interface."""
    if not (_in_terminal() or "TEXTUAL_DRIVER" in os.environ):  # a driver stands in for the terminal
        raise UsageError("The interface needs a terminal; here, use: depeche find QUERY")
    from search.tui.app import DepecheApp
    from search.tui.services.index_client import Archive

    settings = chosen_settings(flags)
    app = DepecheApp(Archive(settings), settings)
    app.run()
    _leave(app.return_code or 0)


@command.command(epilog="Example: depeche web --port 8080")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any free one."
)
@place_options
@model_option
@rerank_option
@recency_option
@language_option
def web(port: int, **flags: str | None) -> None:
    """Search in the interface, in a browser.

    Only browsers of this machine that are given the whole address it tells are answered, until Ctrl-C.
    """
    chosen_settings(flags)  # what is wrong with them is told here, not by every page
    from search.web.server import serve

    given = [f"--{name}={value}" for name, value in flags.items() if value is not None]
    # -P: a folder called search where the user is must not be taken for this package
    serve([sys.executable, "-P", "-m", "search", "tui", *given], port, say)


def _leave(exit_code: int) -> NoReturn:
    """End the process at once, whatever its threads do: one in native code would abort it as Python ends."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(exit_code)


def _in_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


for subcommand in (build, watch, find, show, similar, news, status, verify, repair, evaluate):
    command.add_command(subcommand)


def main() -> None:
    """Run the command line; ends the process with the exit code of what happened.

    What it writes is the user's alone: files of mode 600 at most, folders of 700.
    """
    os.umask(_THEIRS)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # for a terminal that cannot show every letter
    try:
        sys.exit(command.main(prog_name="depeche", standalone_mode=False))
    except click.ClickException as exc:
        told = io.StringIO()
        exc.show(told)
        click.echo(clean(told.getvalue()), err=True, nl=False)
        if isinstance(exc, click.NoSuchOption):
            say("what begins with - and is no option goes after --, as in: find -- munitions -Ukraine")
        sys.exit(exc.exit_code)
    except click.Abort:
        say("interrupted")
        sys.exit(INTERRUPTED)
    except OSError as exc:  # of standard output: every other place translates its own
        say(f"the output cannot be written: {exc.strerror or exc}")
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # where Python flushes to, at its end, what is left
        sys.exit(UsageError.exit_code)
    except SearchError as exc:
        say(str(exc))
        sys.exit(exc.exit_code)
