import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import aiohttp
import psutil
import pytest

from tests.test_architecture import ROOT

from .served import Served, page_of, shown, until

IMPATIENT = "import search.web.server; search.web.server._GRACE = 0.2; from search.cli import main; main()"
CTRL_Q = "\x11"
REMEMBERED = Path("depeche/memory/interface.json")


async def test_the_interface_has_the_options_given(
    client: aiohttp.ClientSession, serve: Callable[..., Served]
) -> None:
    served = serve(options=("--index=a b", "--model=it's", "--language=en"))
    async with page_of(client, served) as page:
        await shown(page, "Dépêche")
        (interface,) = served.interfaces
        command_line = psutil.Process(interface).cmdline()

    assert command_line[-4:] == ["tui", "--index=a b", "--model=it's", "--language=en"]


@pytest.mark.parametrize("leaving", ["the key", "the tab", "the server"])
async def test_however_it_ends_the_interface_keeps_how_it_was_left(
    client: aiohttp.ClientSession, serve: Callable[..., Served], tmp_path: Path, leaving: str
) -> None:
    served = serve(DEPECHE_MODE="keyword")
    async with page_of(client, served) as page:
        await shown(page, "Dépêche")
        if leaving == "the key":
            await page.send_json(["stdin", CTRL_Q])
        elif leaving == "the server":
            await asyncio.to_thread(served.end)
    await until(lambda: served.process.poll() is not None or served.interfaces == [])

    left = json.loads((tmp_path / REMEMBERED).read_text(encoding="utf-8"))
    assert (left["theme"], left["mode"]) == ("dark", "keyword")


async def test_a_page_is_the_interface(client: aiohttp.ClientSession, shared: Served) -> None:
    async with page_of(client, shared) as page:
        await shown(page, "Dépêche")
        assert len(shared.interfaces) == 1

        await page.send_json(["stdin", CTRL_Q])
        async with asyncio.timeout(10):
            while (await page.receive()).type == aiohttp.WSMsgType.BINARY:
                pass

    assert page.close_code == aiohttp.WSCloseCode.OK
    await until(lambda: shared.interfaces == [])


async def test_pages_that_go_away_end_their_interface_only(
    client: aiohttp.ClientSession, shared: Served
) -> None:
    async with page_of(client, shared) as open_page:
        await shown(open_page, "Dépêche")
        async with page_of(client, shared) as left:
            await shown(left, "Dépêche")
            assert len(shared.interfaces) == 2
        await until(lambda: len(shared.interfaces) == 1)

        await open_page.send_json(["ping", "1"])
        async with asyncio.timeout(10):
            while (got := await open_page.receive()).type == aiohttp.WSMsgType.BINARY:
                pass
        assert got.json() == ["pong", "1"]
    await until(lambda: shared.interfaces == [])


async def test_an_interface_that_cannot_start_closes_its_page(
    client: aiohttp.ClientSession, serve: Callable[..., Served], tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('keys.fly = "f5"', encoding="utf-8")
    served = serve(DEPECHE_CONFIG=str(config), DEPECHE_LANGUAGE="en")
    async with page_of(client, served) as page, asyncio.timeout(20):
        assert (await page.receive()).type == aiohttp.WSMsgType.CLOSE

    assert served.end() == 0
    assert served.process.stderr is not None
    assert "[keys]: there is no action fly" in served.process.stderr.read()


async def test_an_interruption_ends_it_and_its_interfaces(
    client: aiohttp.ClientSession, serve: Callable[..., Served]
) -> None:
    served = serve()
    async with page_of(client, served) as page:
        await shown(page, "Dépêche")
        (interface,) = served.interfaces

        assert await asyncio.to_thread(served.end) == 0

    assert not psutil.pid_exists(interface)


async def test_an_interface_that_does_not_end_is_killed(
    client: aiohttp.ClientSession, serve: Callable[..., Served]
) -> None:
    served = serve("-c", IMPATIENT)
    async with page_of(client, served) as page:
        await shown(page, "Dépêche")
        (interface,) = served.interfaces
        os.kill(interface, signal.SIGSTOP)

        assert await asyncio.to_thread(served.end) == 0

    await until(lambda: not psutil.pid_exists(interface))


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "search", "web", "--port", str(port)],
            capture_output=True, text=True, cwd=ROOT, timeout=20,
        )  # fmt: skip

    message = f"Port {port} of 127.0.0.1 cannot be used: Address already in use; choose another with --port."
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", f"depeche: {message}\n")
