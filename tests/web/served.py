"""``depeche web`` as another process, and the pages of it that a test opens."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from pathlib import Path

import aiohttp
import psutil

Page = aiohttp.ClientWebSocketResponse


class Served:
    """``depeche web`` as another process, on a port that was free.

    ``address`` is told with a token, which makes it ``whole``.
    """

    def __init__(
        self, folder: Path, *how: str, options: Sequence[str] = ("--index=none",), **environment: str
    ) -> None:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("DEPECHE_")}
        places = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"), str(folder))
        (folder / "search.py").write_text("raise SystemExit('not the program')", encoding="utf-8")
        command = [sys.executable, "-P", *(how or ("-m", "search"))]
        command += ["web", "--port", "0", *options]
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            command, stderr=subprocess.PIPE, text=True, cwd=folder, env={**ours, **places, **environment}
        )
        assert self.process.stderr is not None
        self.first_line = self.process.stderr.readline()
        self.full_address = re.findall(r"http://\S+", self.first_line)[0]
        self.address, self.token = self.full_address.split("/?token=")
        self.port = int(self.address.removeprefix("http://127.0.0.1:"))

    @property
    def interfaces(self) -> list[int]:
        """The processes that it started."""
        return [child.pid for child in psutil.Process(self.process.pid).children()]

    @property
    def listening(self) -> list[tuple[str, int]]:
        """The addresses and ports that it listens on."""
        connections = psutil.Process(self.process.pid).net_connections("inet")
        return [tuple(one.laddr) for one in connections if one.status == psutil.CONN_LISTEN]

    def end(self) -> int:
        """Ends it as Ctrl-C does; gives its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(10)

    def close(self) -> None:
        """Leaves nothing behind."""
        with suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait(10)
        assert self.process.stderr is not None
        self.process.stderr.close()


async def enter(client: aiohttp.ClientSession, served: Served) -> None:
    """Opens the page, and has its cookie from then on."""
    async with client.get(served.full_address) as answer:
        assert answer.status == HTTPStatus.OK


@asynccontextmanager
async def page_of(client: aiohttp.ClientSession, served: Served) -> AsyncIterator[Page]:
    await enter(client, served)
    async with client.ws_connect(f"{served.address}/ws?width=99&height=30", origin=served.address) as page:
        yield page


async def shown(page: Page, text: str) -> None:
    """Waits until the interface has written this."""
    screen = ""
    async with asyncio.timeout(60):
        while text not in screen:
            screen += (await page.receive_bytes()).decode()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.02)
