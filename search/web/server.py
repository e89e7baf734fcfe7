"""The interface in a browser: a process of it for each page, for this machine only."""

import asyncio
import hmac
import os
import secrets
import shlex
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout, suppress
from pathlib import Path
from string import Template

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from textual_serve.app_service import AppService
from textual_serve.server import Server, to_int

from search.errors import UsageError

_ADDRESS = "127.0.0.1"
_HTTP = 80  # the port that browsers leave out
_PATIENCE = 3.0  # seconds until an interface that was asked to quit is killed
_PAGE = Path(__file__).with_suffix(".html")
# The terminal of the page writes its own styles; of scripts only ours run.
_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'; img-src 'self' data:; connect-src ws://{host}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",  # of all but the page
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_REFUSED = "Open the whole address that depeche web told when it started, up to the end of its token.\n"


def serve(command: Sequence[str], port: int, tell: Callable[[str], None]) -> None:
    """Serve a Textual command to browsers of this machine until SIGINT or SIGTERM.

    Each page runs the command anew; what it writes to its standard error goes to this one's. The address
    is told once it answers, with a token without which nothing is: another account of this machine can
    connect too. Port 0 is any that is free. Raises UsageError for a port that cannot be had.
    """
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # a page that goes away is no end
    with _listener(port) as listener, redirect_stdout(sys.stderr):
        pages = _Pages(command, listener.getsockname()[1], tell)
        web.run_app(pages.application(), sock=listener, shutdown_timeout=_PATIENCE, print=None)


def _listener(port: int) -> socket.socket:
    try:
        return socket.create_server((_ADDRESS, port))
    except OSError as exc:
        why = os.strerror(exc.errno or 0)
        told = f"Port {port} of {_ADDRESS} cannot be had: {why}; choose another with --port."
        raise UsageError(told) from exc


class _Session(AppService):
    """The interface of one page: the end of either is the end of both."""

    async def run(self) -> None:
        await super().run()
        if self._process is not None:
            await _end(self._process)
        await self.remote_close()

    async def stop(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(super().stop(), _PATIENCE)


async def _end(process: asyncio.subprocess.Process) -> None:
    try:
        await asyncio.wait_for(process.wait(), _PATIENCE)
    except TimeoutError:
        process.kill()


class _Pages(Server):
    """What the browser asks for."""

    def __init__(self, command: Sequence[str], port: int, tell: Callable[[str], None]) -> None:
        # exec: without it a shell stays between, and would be killed instead of the interface
        super().__init__(f"exec {shlex.join(command)}", _ADDRESS, port)
        self._tell = tell
        self._sessions: set[_Session] = set()
        self._token = secrets.token_urlsafe()
        self._cookie = f"depeche-{self.port}"  # browsers send a cookie to every port of its host

    async def application(self) -> web.Application:
        """Every route, closed to other sites and to whoever was not told the token."""
        application = await self._make_app()
        application.on_response_prepare.append(_guard_in_browser)
        application.middlewares.append(_for_this_machine(self.port))
        application.middlewares.append(_for_who_knows(self._token, self._cookie))
        return application

    async def on_startup(self, app: web.Application) -> None:
        address = f"{self.public_url}/?token={self._token}"
        self._tell(f"open {address} in a browser of this machine; Ctrl-C ends it")

    async def on_shutdown(self, app: web.Application) -> None:
        await asyncio.gather(*(session.stop() for session in self._sessions))

    async def handle_index(self, request: web.Request) -> web.Response:
        nonce = secrets.token_urlsafe()
        page = Template(_PAGE.read_text(encoding="utf-8")).substitute(host=request.host, nonce=nonce)
        policy = {"Content-Security-Policy": _POLICY.format(host=request.host, nonce=nonce)}
        response = web.Response(text=page, content_type="text/html", headers=policy)
        response.set_cookie(self._cookie, self._token, httponly=True, samesite="Strict")
        return response

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        page = web.WebSocketResponse(heartbeat=15, timeout=_PATIENCE)
        await page.prepare(request)

        async def close() -> None:
            await page.close()

        session = _Session(
            self.command,
            write_bytes=page.send_bytes,
            write_str=page.send_str,
            close=close,
            download_manager=self.download_manager,
        )
        self._sessions.add(session)
        try:
            await session.start(_asked(request, "width", 80), _asked(request, "height", 24))
            await self._process_messages(page, session)
        finally:
            await session.stop()
            self._sessions.remove(session)
        return page


def _asked(request: web.Request, name: str, default: int) -> int:
    return to_int(request.query.get(name, ""), default)


async def _guard_in_browser(_: web.Request, response: web.StreamResponse) -> None:
    """Have the browser keep every answer to itself: in no frame, cache, or page of another site."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


def _for_this_machine(port: int) -> Middleware:
    """Refuse what another site sends, or has a browser send by giving its own name this address."""
    names = [name if port == _HTTP else f"{name}:{port}" for name in (_ADDRESS, "localhost")]
    origins = {None, *(f"http://{name}" for name in names)}

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.host not in names or request.headers.get("Origin") not in origins:
            raise web.HTTPForbidden(text=f"Only pages of http://{names[0]} are answered here.\n")
        return await handler(request)

    return guard


def _for_who_knows(token: str, cookie: str) -> Middleware:
    """Refuse whoever has the token neither in the address nor, from then on, in a cookie."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        given = (request.query.get("token", ""), request.cookies.get(cookie, ""))
        if not any(hmac.compare_digest(each.encode(errors="replace"), token.encode()) for each in given):
            raise web.HTTPForbidden(text=_REFUSED)
        return await handler(request)

    return guard
