"""The command ``depeche``: its subcommands, and the exit codes of errors."""

import gc
import io
import os
import signal
import sys
from typing import NoReturn

import click

from search import __version__
from search.cli.articles import show, similar
from search.cli.build import build
from search.cli.concordance import concordance_command
from search.cli.dossier import dossier
from search.cli.find import find
from search.cli.help_text import EXIT_CODES, LocalizedCommand, LocalizedGroup, epilog, exit_codes, section
from search.cli.language import choose_language, translate
from search.cli.maintenance import evaluate, repair, status, verify
from search.cli.news import news
from search.cli.options import (
    INTERRUPTED,
    Command,
    chosen_settings,
    index_options,
    model_option,
    recency_option,
    report,
    rerank_option,
)
from search.cli.serve import mcp, serve
from search.cli.translate import translate as translate_query
from search.cli.trends import trends_command
from search.cli.update import add, remove, sync
from search.cli.watch import watch
from search.cli.web import web
from search.cli.word_counts import cooccurrents_command, terms_command
from search.errors import SearchError, Translatable, UsageError, os_reason
from search.text.sanitize import clean

_UMASK = 0o077  # no access for other users; chmod lets them read the index


def interface_options(function: Command) -> Command:
    """The options of the interface, which the program takes without a subcommand too."""
    return index_options(model_option(rerank_option(recency_option(function))))


_COMPLETION = section(
    "Shell completion (bash; also zsh and fish)", 'eval "$(_DEPECHE_COMPLETE=bash_source depeche)"'
)


@click.group(
    cls=LocalizedGroup,
    invoke_without_command=True,
    epilog=Translatable("{}\n\n{}", exit_codes(*EXIT_CODES), _COMPLETION),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="depeche")
@interface_options
@click.pass_context
def command(context: click.Context, /, **options: str | None) -> None:
    """Search French press articles by words and by meaning, offline.

    Without a command, open the interface in a terminal; elsewhere, print this help.

    \b
    depeche build articles/            index a folder of articles
    depeche find "munitions Russie"    search the index
    depeche                            search in the interface
    """  # noqa: D301 - click reads the backspace as "keep these lines"
    given = {name: value for name, value in options.items() if value is not None}
    if context.invoked_subcommand is not None:
        _pass_on(given, context, context.invoked_subcommand)
    elif given or _in_terminal():
        context.invoke(tui, **options)
    else:
        click.echo(context.get_help())


def _pass_on(given: dict[str, str], context: click.Context, subcommand: str) -> None:
    """Options before a subcommand count as if they stood after it; raises NoSuchOption for another's."""
    chosen = command.commands[subcommand]
    for name in given.keys() - {parameter.name for parameter in chosen.params}:
        raise click.NoSuchOption(f"--{name}", ctx=click.Context(chosen, context, subcommand))
    context.default_map = {subcommand: given}


@command.command(
    cls=LocalizedCommand,
    short_help="Open the interface in the terminal.",
    epilog=epilog("depeche tui --index archive/index", 0, 2),
)
@interface_options
def tui(**options: str | None) -> None:
    """Open the interface in the terminal."""
    if not (_in_terminal() or "TEXTUAL_DRIVER" in os.environ):  # a driver stands in for the terminal
        raise UsageError("The interface needs a terminal. Without a terminal, use: depeche find QUERY")
    gc.disable()  # passes over what is imported, which stays, would delay the first screen by 50 ms
    from search.tui.app import DepecheApp
    from search.tui.services.allocator import use_one_arena
    from search.tui.services.index_client import IndexClient

    gc.freeze()
    gc.enable()
    settings = chosen_settings(options)
    use_one_arena()
    app = DepecheApp(IndexClient(settings), settings)
    app.run()
    _exit_now(app.return_code or 0)


def _exit_now(exit_code: int) -> NoReturn:
    """End the process without waiting for its threads: a thread in native code would abort it otherwise."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(exit_code)


def _advice(error: click.NoSuchOption) -> str:
    """What to type in the place of an option that the command does not have."""
    context, option = error.ctx, error.option_name
    if context is None or context.command is find:
        return translate("if the query contains a minus sign, write -- before it: find -- munitions -Ukraine")
    if any(option in parameter.opts for parameter in find.params):
        return translate(
            "{} has no {}, but find has: depeche find QUERY {} …", context.info_name, option, option
        )
    return translate(
        "{} has no {}; for its options, type: {} --help", context.info_name, option, context.command_path
    )


def _in_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


for subcommand in (
    build,
    add,
    sync,
    remove,
    translate_query,
    watch,
    find,
    show,
    similar,
    trends_command,
    concordance_command,
    terms_command,
    cooccurrents_command,
    news,
    dossier,
    mcp,
    serve,
    web,
    status,
    verify,
    repair,
    evaluate,
):
    command.add_command(subcommand)


def main() -> None:
    """Run the command line, and end the process with its exit code.

    The files that it writes are private: mode 600 at most, 700 for folders.
    """
    os.umask(_UMASK)
    choose_language(sys.argv[1:], os.environ)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # for a terminal that cannot show every character
    try:
        sys.exit(command.main(prog_name="depeche", standalone_mode=False))
    except click.ClickException as exc:
        message = io.StringIO()
        exc.show(message)
        click.echo(clean(message.getvalue()), err=True, nl=False)
        if isinstance(exc, click.NoSuchOption):
            report(_advice(exc))
        sys.exit(exc.exit_code)
    except click.Abort:
        report(translate("interrupted"))
        sys.exit(INTERRUPTED)
    except OSError as exc:  # of standard output: all other code translates its own
        report(translate("the output cannot be written: {}", os_reason(exc)))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # at its end, Python flushes the rest there
        sys.exit(UsageError.exit_code)
    except SearchError as exc:
        report(exc.message)
        sys.exit(exc.exit_code)
