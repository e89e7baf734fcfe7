"""Runs the application on this computer until it is interrupted."""

import os
import signal
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from search.errors import Translatable, UsageError
from search.web.guard import ADDRESS

_GRACE = 3  # seconds that open requests have to end
_IDLE = 75  # seconds that a connection stays open between two requests: people read
_WAITING = 128


def listener(port: int) -> socket.socket:
    """A socket on this port of 127.0.0.1, 0 for any free one; raises UsageError where it cannot be used."""
    try:
        return socket.create_server((ADDRESS, port), backlog=_WAITING)
    except OSError as exc:
        reason = Translatable(os.strerror(exc.errno or 0))
        raise UsageError(
            Translatable(
                "Port {} of {} cannot be used: {}; choose another with --port.", port, ADDRESS, reason
            )
        ) from exc


class _Server(uvicorn.Server):
    """Says when it answers: a signal stops it from then on."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()


def serve(application: ASGIApp, sock: socket.socket, on_ready: Callable[[], None]) -> None:
    """Answer on a socket until SIGINT or SIGTERM, and return; ``on_ready`` is called when it answers."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, _ignore)  # uvicorn stops by itself, and raises the signal again afterwards
    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE,
        timeout_keep_alive=_IDLE,
    )
    _Server(config, on_ready).run([sock])


def _ignore(_: int, __: object) -> None:
    return None
