"""A tab of Chromium, driven as its developer tools do."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

CHROMIUM = shutil.which("chromium") or ""
_OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"),
)
_PATIENCE = 30  # seconds


@dataclass
class Tab:
    """A page of Chromium; ``loaded`` counts the pages that it has shown, ``requested`` are its addresses."""

    socket: aiohttp.ClientWebSocketResponse
    calls: int = 0
    loaded: int = 0

    def __post_init__(self) -> None:
        self.requested: list[str] = []

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """What a command of the developer tools answers."""
        self.calls += 1
        await self.socket.send_json({"id": self.calls, "method": method, "params": parameters})
        while (message := await self._message()).get("id") != self.calls:
            pass
        assert "result" in message, message
        return dict(message["result"])

    async def open(self, address: str) -> None:
        """Shows an address, as if it were typed."""
        before = self.loaded
        await self.call("Page.navigate", url=address)
        await self._until_loaded(before)

    async def click(self, selector: str) -> None:
        """Clicks the first element of a selector, at its place on the screen; waits for the next page."""
        before = self.loaded
        found = f"document.querySelector({selector!r})"
        await self.evaluate(f"{found}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
        box = await self.evaluate(
            f"(() => {{ const box = {found}.getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2] })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            where = {"x": box[0], "y": box[1], "button": "left", "clickCount": 1}
            await self.call("Input.dispatchMouseEvent", type=kind, **where)
        await self._until_loaded(before)

    async def press(self, key: str, code: int, text: str = "") -> None:
        """Presses a key."""
        for kind in ("keyDown", "keyUp"):
            await self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, text=text
            )

    async def submit(self, text: str) -> None:
        """Types a query into the box, and Enter."""
        await self.evaluate("document.querySelector('#q').focus(); document.querySelector('#q').select()")
        await self.call("Input.insertText", text=text)
        before = self.loaded
        await self.press("Enter", 13, "\r")
        await self._until_loaded(before)

    async def back(self) -> None:
        """The button of the browser that goes back."""
        history = await self.call("Page.getNavigationHistory")
        entry = history["entries"][history["currentIndex"] - 1]
        await self.call("Page.navigateToHistoryEntry", entryId=entry["id"])
        async with asyncio.timeout(_PATIENCE):
            shown = "[location.href, document.readyState]"
            while await self.evaluate(shown) != [entry["url"], "complete"]:
                await asyncio.sleep(0.05)

    async def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - any value of JSON
        """What the page makes of an expression, a promise too."""
        parameters = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        answer = await self.call("Runtime.evaluate", **parameters)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def _until_loaded(self, before: int) -> None:
        async with asyncio.timeout(_PATIENCE):
            while self.loaded == before:
                await self._message()

    async def _message(self) -> dict[str, Any]:
        message: dict[str, Any] = await self.socket.receive_json()
        self.loaded += message.get("method") == "Page.loadEventFired"
        if message.get("method") == "Network.requestWillBeSent":
            self.requested.append(message["params"]["request"]["url"])
        return message


@asynccontextmanager
async def chromium(folder: Path) -> AsyncIterator[Tab]:
    """Chromium with a profile of its own; gives its tab."""
    command = [CHROMIUM, *_OPTIONS, "--remote-debugging-port=0", f"--user-data-dir={folder}", "about:blank"]
    browser = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    try:
        async with asyncio.timeout(_PATIENCE):
            listens = folder / "DevToolsActivePort"
            while not (listens.exists() and "\n" in listens.read_text()):
                await asyncio.sleep(0.05)
        tools = f"http://127.0.0.1:{listens.read_text().split()[0]}"
        async with (
            aiohttp.ClientSession() as client,
            client.ws_connect(await _address_of_tab(client, tools), max_msg_size=0) as socket,
        ):
            tab = Tab(socket)
            for domain in ("Page", "Network"):
                await tab.call(f"{domain}.enable")
            yield tab
    finally:
        browser.terminate()
        await browser.wait()


async def _address_of_tab(client: aiohttp.ClientSession, tools: str) -> str:
    async with asyncio.timeout(_PATIENCE):
        while True:
            async with client.get(f"{tools}/json/list") as answer:
                for target in await answer.json():
                    if target["type"] == "page":
                        return str(target["webSocketDebuggerUrl"])
