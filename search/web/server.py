"""The interface in a browser: one process for each page, on this computer only."""

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

from search.errors import Translatable, UsageError

_ADDRESS = "127.0.0.1"
_HTTP_PORT = 80  # browsers leave it out of the address
_GRACE = 3.0  # seconds before an interface that was asked to quit is killed
_PAGE = Path(__file__).with_suffix(".html")
# The terminal in the page sets styles itself; only our scripts run.
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
_FORBIDDEN = "Open the complete address that depeche web printed when it started, with its token.\n"


def serve(command: Sequence[str], port: int, report: Callable[[str], None]) -> None:
    """Serve a Textual command to browsers on this computer until SIGINT or SIGTERM.

    Each page starts a new process of the command; its standard error goes to that of this process.
    ``report`` receives the address when the server is ready. The address contains a token, and the server
    refuses requests without it: other accounts of this computer can connect too. Port 0 stands for any
    free port. Raises UsageError for a port that cannot be used.
    """
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # a closed page must not end the server
    with _listener(port) as listener, redirect_stdout(sys.stderr):
        pages = _Pages(command, listener.getsockname()[1], report)
        web.run_app(pages.application(), sock=listener, shutdown_timeout=_GRACE, print=None)


def _listener(port: int) -> socket.socket:
    try:
        return socket.create_server((_ADDRESS, port))
    except OSError as exc:
        reason = Translatable(os.strerror(exc.errno or 0))
        raise UsageError(
            Translatable(
                "Port {} of {} cannot be used: {}; choose another with --port.", port, _ADDRESS, reason
            )
        ) from exc


class _Session(AppService):
    """The interface of one page: when one of them ends, the other ends too."""

    async def run(self) -> None:
        await super().run()
        if self._process is not None:
            await _end(self._process)
        await self.remote_close()

    async def stop(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(super().stop(), _GRACE)


async def _end(process: asyncio.subprocess.Process) -> None:
    try:
        await asyncio.wait_for(process.wait(), _GRACE)
    except TimeoutError:
        process.kill()


class _Pages(Server):
    """The server of the pages."""

    def __init__(self, command: Sequence[str], port: int, report: Callable[[str], None]) -> None:
        # Without exec a shell would be the parent of the interface, and would be killed instead of it.
        super().__init__(f"exec {shlex.join(command)}", _ADDRESS, port)
        self._report = report
        self._sessions: set[_Session] = set()
        self._token = secrets.token_urlsafe()
        self._cookie = f"depeche-{self.port}"  # browsers send a cookie to every port of its host

    async def application(self) -> web.Application:
        """Every route; the middlewares refuse other sites and requests without the token."""
        application = await self._make_app()
        application.on_response_prepare.append(_add_headers)
        application.middlewares.append(_require_local_origin(self.port))
        application.middlewares.append(_require_token(self._token, self._cookie))
        return application

    async def on_startup(self, app: web.Application) -> None:
        address = f"{self.public_url}/?token={self._token}"
        self._report(Translatable("open {} in a browser on this computer; press Ctrl-C to stop", address))

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
        page = web.WebSocketResponse(heartbeat=15, timeout=_GRACE)
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
            await session.start(_size(request, "width", 80), _size(request, "height", 24))
            await self._process_messages(page, session)
        finally:
            await session.stop()
            self._sessions.remove(session)
        return page


def _size(request: web.Request, name: str, default: int) -> int:
    return to_int(request.query.get(name, ""), default)


async def _add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Forbid the browser to show an answer in a frame, to cache it, or to give it to another site."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


def _require_local_origin(port: int) -> Middleware:
    """Refuse requests of other sites, including sites whose name resolves to this address."""
    names = [name if port == _HTTP_PORT else f"{name}:{port}" for name in (_ADDRESS, "localhost")]
    origins = {None, *(f"http://{name}" for name in names)}

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.host not in names or request.headers.get("Origin") not in origins:
            raise web.HTTPForbidden(text=f"This server answers only to http://{names[0]}.\n")
        return await handler(request)

    return guard


def _require_token(token: str, cookie: str) -> Middleware:
    """Refuse requests without the token: the address holds it at first, a cookie afterwards."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        given = (request.query.get("token", ""), request.cookies.get(cookie, ""))
        if not any(hmac.compare_digest(each.encode(errors="replace"), token.encode()) for each in given):
            raise web.HTTPForbidden(text=_FORBIDDEN)
        return await handler(request)

    return guard
