"""Runs the application on this computer until it is interrupted."""

import signal
import socket

import uvicorn
from starlette.types import ASGIApp

from search.errors import Translatable, UsageError, os_reason
from search.web.guard import ADDRESS

_GRACE = 3  # seconds that open requests have to end
_WAITING = 128


def listener(port: int) -> socket.socket:
    """A socket on this port of 127.0.0.1, 0 for any free one; raises UsageError where it cannot be used."""
    try:
        return socket.create_server((ADDRESS, port), backlog=_WAITING)
    except OSError as exc:
        raise UsageError(
            Translatable(
                "Port {} of {} cannot be used: {}; choose another with --port.", port, ADDRESS, os_reason(exc)
            )
        ) from exc


def serve(application: ASGIApp, sock: socket.socket) -> None:
    """Answer on a socket until SIGINT or SIGTERM, and return."""
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
    )
    uvicorn.Server(config).run([sock])


def _ignore(_: int, __: object) -> None:
    return None
