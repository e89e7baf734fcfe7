"""``depeche serve`` and ``depeche mcp``: the index for programs and assistants of this computer."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files

import click

from search.cli.help_text import LocalizedCommand, epilog
from search.cli.options import (
    chosen_settings,
    complete_files,
    index_options,
    mode_option,
    model_option,
    port_option,
    recency_option,
    report,
    rerank_option,
)
from search.config import Settings
from search.errors import Translatable, UsageError


@click.command(
    cls=LocalizedCommand,
    short_help="Serve the index to programs and browsers of this computer.",
    epilog=epilog("depeche serve --port 8080\ndepeche serve --token-file ~/.depeche-token", 0, 2, 4, 5),
)
@port_option
@click.option(
    "--token-file",
    metavar="FILE",
    shell_complete=complete_files,
    help="Private file with the token, for programs; made where there is none. "
    "Without it, the token is that of DEPECHE_TOKEN, else a new one at each start.",
)
@mode_option
@rerank_option
@recency_option
@model_option
@index_options
def serve(port: int, token_file: str | None, **options: str | None) -> None:
    """Serve the index to programs and browsers of this computer.

    Print an address with a secret token, and answer whoever has it, on 127.0.0.1 only, until Ctrl-C.
    Programs send the token in the header Authorization: Bearer TOKEN. The API is described at
    /api/v1/openapi.json.
    """
    start_server(chosen_settings(options), port, token_file)


def start_server(
    settings: Settings,
    port: int,
    token_file: str | None,
    *,
    code: str = "",
    on_ready: Callable[[str], object] = str,
) -> None:
    """Serve the index until Ctrl-C; ``on_ready`` is given the address without the token.

    ``code`` opens one page in the place of the token, ``""`` none.
    """
    with _needing_server():
        from search.web.app import application
        from search.web.serving import listener
        from search.web.serving import serve as run
    from search.operations.current_index import CurrentIndex
    from search.web.token import server_token

    token = server_token(token_file, os.environ)
    current = CurrentIndex(settings, report)
    current.get()  # reports here what is wrong with the index
    with listener(port) as sock:
        number = sock.getsockname()[1]
        address = f"http://127.0.0.1:{number}"

        def tell() -> None:
            report(
                Translatable(
                    "open {} in a browser on this computer; press Ctrl-C to stop", f"{address}/?token={token}"
                )
            )
            on_ready(address)

        run(application(current, number, token, code), sock, tell)


@click.command(
    cls=LocalizedCommand,
    short_help="Answer AI assistants through the Model Context Protocol.",
    epilog=epilog("depeche mcp --index archive/index\ndepeche mcp --skill > SKILL.md", 0, 2, 4, 5, 130),
)
@click.option("--skill", is_flag=True, help="Print a SKILL.md that teaches an assistant the tools, and end.")
@mode_option
@rerank_option
@recency_option
@model_option
@index_options
def mcp(*, skill: bool, **options: str | None) -> None:
    """Answer AI assistants through the Model Context Protocol, on standard input and output.

    The assistant starts this command itself. Its tools read the index, and change nothing.
    """
    if skill:
        text = files("search").joinpath("mcp", "SKILL.md").read_text(encoding="utf-8")
        click.echo(text.encode(), nl=False)
        return
    settings = chosen_settings(options)
    with _needing_tools():
        from search.mcp.server import serve_stdio
    from search.operations.current_index import CurrentIndex

    current = CurrentIndex(settings, report)
    current.get()  # reports here what is wrong with the index
    asyncio.run(serve_stdio(current))


@contextmanager
def _needing_server() -> Iterator[None]:
    """Say what to install where a library of the server is missing."""
    try:
        yield
    except ModuleNotFoundError as exc:
        raise UsageError(
            Translatable(
                "the server needs {}, which is not installed; run: pip install 'depeche-search[serve]'",
                exc.name,
            )
        ) from exc


@contextmanager
def _needing_tools() -> Iterator[None]:
    """Say what to install where a library of the tools is missing."""
    try:
        yield
    except ModuleNotFoundError as exc:
        raise UsageError(
            Translatable(
                "depeche mcp needs {}, which is not installed; run: pip install 'depeche-search[mcp]'",
                exc.name,
            )
        ) from exc
