import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from pathlib import Path

import aiohttp
import psutil
import pytest

from tests.test_architecture import ROOT

CHROMIUM = shutil.which("chromium") or ""
CHROMIUM_OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
SHOWN = (
    "[location.href, document.title, document.body.className,"
    " document.querySelectorAll('#terminal canvas').length > 0, document.activeElement.className,"
    " document.fonts.check('16px \"Roboto Mono\"')]"
)
IMPATIENT = "import search.web.server; search.web.server._PATIENCE = 0.2; from search.cli import main; main()"
CTRL_Q = "\x11"
REMEMBERED = Path("depeche/memory/interface.json")
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
        self.told = self.process.stderr.readline()
        self.whole = re.findall(r"open (\S+) in a browser", self.told)[0]
        self.address, self.token = self.whole.split("/?token=")
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


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("web"))
    yield served
    served.close()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Starts servers of this test's own."""
    started: list[Served] = []

    def start(*how: str, options: Sequence[str] = ("--index=none",), **environment: str) -> Served:
        started.append(Served(tmp_path, *how, options=options, **environment))
        return started[-1]

    yield start
    for served in started:
        served.close()


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:  # of numbers too
        yield session


async def enter(client: aiohttp.ClientSession, served: Served) -> None:
    """Opens the page, and has its cookie from then on."""
    async with client.get(served.whole) as answer:
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


async def test_the_page_needs_nothing_from_elsewhere(client: aiohttp.ClientSession, shared: Served) -> None:
    async with client.get(shared.whole) as answer:
        page = await answer.text()
        policy = answer.headers["Content-Security-Policy"]

    assert answer.status == HTTPStatus.OK
    assert "<title>Dépêche</title>" in page
    assert re.findall(r"\w+://[^/\"]+", page) == [f"ws://127.0.0.1:{shared.port}"]
    (nonce,) = re.findall(r'<script nonce="([^"]+)">', page)
    assert "default-src 'none'" in policy
    assert f"script-src 'self' 'nonce-{nonce}';" in policy
    assert len(nonce) >= 32
    for file in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        async with client.get(shared.address + file) as answer:
            assert (file, answer.status) == (file, HTTPStatus.OK)


@pytest.mark.parametrize("path", ["/", "/ws", "/static/js/textual.js", "/nowhere", "/download/1"])
@pytest.mark.parametrize("host", ["127.0.0.1:{}", "evil.example"])
async def test_the_browser_keeps_every_answer_to_itself(
    client: aiohttp.ClientSession, shared: Served, path: str, host: str
) -> None:
    await enter(client, shared)
    async with client.get(shared.address + path, headers={"Host": host.format(shared.port)}) as answer:
        found = answer.headers

    assert "frame-ancestors 'none'" in found["Content-Security-Policy"]
    assert "unsafe-inline" not in found["Content-Security-Policy"].replace(
        "style-src 'self' 'unsafe-inline'", ""
    )
    assert (found["X-Frame-Options"], found["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert (found["Cache-Control"], found["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert found["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in found


def test_it_listens_to_this_machine_only(shared: Served) -> None:
    assert shared.listening == [("127.0.0.1", shared.port)]


@pytest.mark.parametrize("option", ["--host=0.0.0.0", "--public"])
def test_nothing_makes_it_listen_elsewhere(option: str) -> None:
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "search", "web", option], capture_output=True, text=True, cwd=ROOT, timeout=20
    )

    assert ran.returncode == 2
    assert f"No such option '{option.partition('=')[0]}'" in ran.stderr


async def test_no_option_is_read_by_a_shell(
    client: aiohttp.ClientSession, serve: Callable[..., Served], tmp_path: Path
) -> None:
    served = serve(options=("--index=$(touch pwned);`touch pwned`'", "--language=fr"))
    async with page_of(client, served) as page:
        await shown(page, "touch pwned")

    assert not (tmp_path / "pwned").exists()


async def test_localhost_is_this_machine(client: aiohttp.ClientSession, shared: Served) -> None:
    host = f"localhost:{shared.port}"
    async with client.get(shared.whole, headers={"Host": host, "Origin": f"http://{host}"}) as answer:
        assert f'"ws://{host}/ws"' in await answer.text()


@pytest.mark.parametrize("host", ["evil.example:{}", "127.0.0.1.evil.example:{}", "127.0.0.1:1", "[::1]:{}"])
@pytest.mark.parametrize("path", ["/", "/ws", "/static/js/textual.js", "/nowhere"])
async def test_another_name_for_this_address_is_refused(
    client: aiohttp.ClientSession, shared: Served, host: str, path: str
) -> None:
    await enter(client, shared)
    async with client.get(shared.address + path, headers={"Host": host.format(shared.port)}) as answer:
        assert answer.status == HTTPStatus.FORBIDDEN
        assert await answer.text() == f"Only pages of {shared.address} are answered here.\n"


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:{}", "http://127.0.0.1:1"]
)
async def test_the_page_of_another_site_gets_no_interface(
    client: aiohttp.ClientSession, shared: Served, origin: str
) -> None:
    await enter(client, shared)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await client.ws_connect(f"{shared.address}/ws", origin=origin.format(shared.port))

    assert refused.value.status == HTTPStatus.FORBIDDEN
    assert shared.interfaces == []


@pytest.mark.parametrize(
    "path", ["/", "/ws", "/static/js/textual.js", "/download/1", "/?token=", "/?token=%FF"]
)
@pytest.mark.parametrize("cookie", ["", "guessed", "é", "\udcff"])
async def test_who_was_not_told_the_token_is_refused(
    client: aiohttp.ClientSession, shared: Served, path: str, cookie: str
) -> None:
    headers = {"Cookie": f"depeche-{shared.port}={cookie}"}
    async with client.get(shared.address + path, headers=headers) as answer:
        told = await answer.text()

    assert answer.status == HTTPStatus.FORBIDDEN
    assert (
        told == "Open the whole address that depeche web told when it started, up to the end of its token.\n"
    )
    assert "Set-Cookie" not in answer.headers
    assert shared.interfaces == []


async def test_the_token_is_kept_from_scripts_and_other_sites(
    client: aiohttp.ClientSession, shared: Served
) -> None:
    async with client.get(shared.whole) as answer:
        kept = answer.cookies[f"depeche-{shared.port}"]

    assert (kept.value, kept["httponly"], kept["samesite"]) == (shared.token, True, "Strict")
    async with client.get(shared.address) as answer:
        assert answer.status == HTTPStatus.OK


async def test_every_start_has_another_token(shared: Served, serve: Callable[..., Served]) -> None:
    tokens = {shared.token, serve().token}
    assert len(tokens) == 2
    assert all(len(token) >= 43 for token in tokens)  # 256 bits


async def test_the_interface_has_the_options_given(
    client: aiohttp.ClientSession, serve: Callable[..., Served]
) -> None:
    served = serve(options=("--index=a b", "--model=it's", "--language=en"))
    async with page_of(client, served) as page:
        await shown(page, "Dépêche")
        (interface,) = served.interfaces
        given = psutil.Process(interface).cmdline()

    assert given[-4:] == ["tui", "--index=a b", "--model=it's", "--language=en"]


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
    async with page_of(client, shared) as kept:
        await shown(kept, "Dépêche")
        async with page_of(client, shared) as left:
            await shown(left, "Dépêche")
            assert len(shared.interfaces) == 2
        await until(lambda: len(shared.interfaces) == 1)

        await kept.send_json(["ping", "1"])
        async with asyncio.timeout(10):
            while (got := await kept.receive()).type == aiohttp.WSMsgType.BINARY:
                pass
        assert got.json() == ["pong", "1"]
    await until(lambda: shared.interfaces == [])


async def test_an_interface_that_cannot_start_closes_its_page(
    client: aiohttp.ClientSession, serve: Callable[..., Served], tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('theme = "rose"', encoding="utf-8")
    served = serve(DEPECHE_CONFIG=str(config))
    async with page_of(client, served) as page, asyncio.timeout(20):
        assert (await page.receive()).type == aiohttp.WSMsgType.CLOSE

    assert served.end() == 0
    assert served.process.stderr is not None
    assert "theme: there is no 'rose'" in served.process.stderr.read()


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

    told = f"Port {port} of 127.0.0.1 cannot be had: Address already in use; choose another with --port."
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", f"depeche: {told}\n")


async def evaluated(tab: Page, expression: str) -> object:
    """What a page of Chromium makes of an expression."""
    asked = {"expression": expression, "returnByValue": True}
    await tab.send_json({"id": 1, "method": "Runtime.evaluate", "params": asked})
    return (await tab.receive_json())["result"]["result"].get("value")


@asynccontextmanager
async def chromium_at(address: str, folder: Path) -> AsyncIterator[str]:
    """Chromium with one page; gives where that page is driven from."""
    command = [CHROMIUM, *CHROMIUM_OPTIONS, "--remote-debugging-port=0", f"--user-data-dir={folder}", address]
    browser = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    try:
        listens = folder / "DevToolsActivePort"
        await until(lambda: listens.exists() and "\n" in listens.read_text())
        yield f"http://127.0.0.1:{listens.read_text().split()[0]}"
    finally:
        browser.terminate()
        await browser.wait()


async def tab_of(client: aiohttp.ClientSession, browser: str) -> str:
    async with asyncio.timeout(10):
        while True:
            async with client.get(f"{browser}/json/list") as answer:
                for target in await answer.json():
                    if target["type"] == "page":
                        return str(target["webSocketDebuggerUrl"])


@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed (Debian: apt install chromium)")
async def test_a_browser_shows_the_interface(
    client: aiohttp.ClientSession, shared: Served, tmp_path: Path
) -> None:
    expected = [f"{shared.address}/", "Dépêche", "-loaded -first-byte", True, "xterm-helper-textarea", True]
    async with (
        chromium_at(shared.whole, tmp_path / "profile") as browser,
        client.ws_connect(await tab_of(client, browser)) as tab,
        asyncio.timeout(30),
    ):
        while await evaluated(tab, SHOWN) != expected:
            await asyncio.sleep(0.1)
        assert len(shared.interfaces) == 1
    await until(lambda: shared.interfaces == [])
