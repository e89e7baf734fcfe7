import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from .served import Page, Served, until

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


async def evaluated(tab: Page, expression: str) -> object:
    """What a page of Chromium makes of an expression."""
    parameters = {"expression": expression, "returnByValue": True}
    await tab.send_json({"id": 1, "method": "Runtime.evaluate", "params": parameters})
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
        chromium_at(shared.full_address, tmp_path / "profile") as browser,
        client.ws_connect(await tab_of(client, browser)) as tab,
        asyncio.timeout(30),
    ):
        while await evaluated(tab, SHOWN) != expected:
            await asyncio.sleep(0.1)
        assert len(shared.interfaces) == 1
    await until(lambda: shared.interfaces == [])
