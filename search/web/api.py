"""The JSON API: every operation as a path with flat parameters, and its description."""

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from search.errors import SearchError
from search.operations.answering import Answering
from search.operations.catalogue import OPERATIONS, Operation
from search.operations.problems import problem, problem_document, status_of
from search.operations.reading import from_text
from search.web.openapi import PREFIX, openapi_document

_JSON = "application/json"
_log = logging.getLogger("uvicorn.error")


def api_routes(answering: Answering, cookie: str) -> list[BaseRoute]:
    """The paths of the API under its prefix; ``cookie`` is the name of the one that may hold the token."""
    document = msgspec.json.encode(openapi_document(cookie))

    async def description(_: Request) -> Response:
        return Response(document, media_type=_JSON)

    paths: list[BaseRoute] = [
        Route(f"{PREFIX}/{operation.name}", _endpoint(answering, operation), methods=["GET"])
        for operation in OPERATIONS
    ]
    return [*paths, Route(f"{PREFIX}/openapi.json", description, methods=["GET"])]


def _endpoint(answering: Answering, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        pairs = parse_qsl(request.url.query, keep_blank_values=True)
        asked = [(name, value) for name, value in pairs if name != "token"]
        try:
            body = await answering.answer(operation, from_text(operation.parameters, asked))
        except SearchError as exc:
            status = status_of(exc)
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                _log.error("%s: %s", operation.name, exc.message)
            return json_response(problem_document(exc), status)
        except Exception:
            _log.exception("%s failed", operation.name)
            return json_response(problem("The server failed.", "it printed the reason"), 500)
        return Response(body, media_type=_JSON)

    return endpoint


def json_response(document: dict[str, Any], status: int) -> Response:
    """A JSON document as an answer with this status."""
    return Response(msgspec.json.encode(document), status, media_type=_JSON)
