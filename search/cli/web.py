"""``depeche web``: the pages of the archive, in the browser of this computer."""

import os
import secrets
import sys
import webbrowser
from collections.abc import Mapping
from threading import Thread

import click

from search.cli.help_text import LocalizedCommand, epilog
from search.cli.options import (
    chosen_settings,
    index_options,
    mode_option,
    model_option,
    port_option,
    recency_option,
    rerank_option,
)
from search.cli.serve import start_server


@click.command(
    cls=LocalizedCommand,
    short_help="Open the pages of the archive in a browser.",
    epilog=epilog("depeche web\ndepeche web --port 8080 --no-browser", 0, 2, 4, 5),
)
@port_option
@click.option("--no-browser", is_flag=True, help="Only print the address; open no browser.")
@mode_option
@rerank_option
@recency_option
@model_option
@index_options
def web(port: int, no_browser: bool, **options: str | None) -> None:  # noqa: FBT001 - click passes it
    """Open the pages of the archive in a browser.

    Search, filter and read in the browser of this computer. Print an address with a secret token, answer
    whoever has it, on 127.0.0.1 only, until Ctrl-C, and open the address in the browser.
    """
    opens = not no_browser and has_screen(os.environ, sys.platform)
    code = secrets.token_urlsafe() if opens else ""

    def open_page(address: str) -> None:
        """Other accounts see the arguments of the browser: this address is good for one page only."""
        if code:
            Thread(target=webbrowser.open, args=(f"{address}/?code={code}",), daemon=True).start()

    start_server(chosen_settings(options), port, None, code=code, on_ready=open_page)


def has_screen(environment: Mapping[str, str], platform: str) -> bool:
    """Whether a browser with a window can be opened; one in the terminal would hide what is printed."""
    named = any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    return named or platform in ("darwin", "win32")
