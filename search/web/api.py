"""The JSON API: every operation as a path with flat parameters, and its description."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from http import HTTPStatus
from typing import IO, Any
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from search.errors import SearchError
from search.operations import exporting
from search.operations.answering import Answering
from search.operations.catalogue import OPERATIONS, Operation
from search.operations.parameters import ExportParameters
from search.operations.problems import problem, problem_document, status_of
from search.operations.reading import from_text
from search.web.openapi import PREFIX, openapi_document

_JSON = "application/json"
_PIECE = 65536  # bytes
_Endpoint = Callable[[Request], Awaitable[Response]]
_log = logging.getLogger("uvicorn.error")


def api_routes(answering: Answering, cookie: str) -> list[BaseRoute]:
    """The paths of the API under its prefix; ``cookie`` is the name of the one that may hold the token."""
    document = msgspec.json.encode(openapi_document(cookie))

    async def description(_: Request) -> Response:
        return Response(document, media_type=_JSON)

    paths: list[BaseRoute] = [
        Route(
            f"{PREFIX}/{operation.name}",
            _answered(operation.name, _operation(answering, operation)),
            methods=["GET"],
        )
        for operation in OPERATIONS
    ]
    paths.append(
        Route(f"{PREFIX}/{exporting.NAME}", _answered(exporting.NAME, _export(answering)), methods=["GET"])
    )
    return [*paths, Route(f"{PREFIX}/openapi.json", description, methods=["GET"])]


def _operation(answering: Answering, operation: Operation) -> _Endpoint:
    async def endpoint(request: Request) -> Response:
        body = await answering.answer(operation, from_text(operation.parameters, _asked(request)))
        return Response(body, media_type=_JSON)

    return endpoint


def _export(answering: Answering) -> _Endpoint:
    async def endpoint(request: Request) -> Response:
        parameters = from_text(ExportParameters, _asked(request))
        chosen, file = await answering.run(lambda index: exporting.exported(index, parameters))
        named = {"Content-Disposition": f'attachment; filename="depeche.{chosen.extension}"'}
        return StreamingResponse(_pieces(file), media_type=chosen.media_type, headers=named)

    return endpoint


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _asked(request: Request) -> list[tuple[str, str]]:
    """The parameters of the address without the token."""
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    return [(name, value) for name, value in pairs if name != "token"]


def _answered(name: str, endpoint: _Endpoint) -> _Endpoint:
    """The endpoint, whose errors are JSON documents; those of the server are printed too."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except SearchError as exc:
            status = status_of(exc)
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                _log.error("%s: %s", name, exc.message)
            return json_response(problem_document(exc), status)
        except Exception:
            _log.exception("%s failed", name)
            return json_response(problem("The server failed.", "it printed the reason"), 500)

    return answered


def json_response(document: dict[str, Any], status: int) -> Response:
    """A JSON document as an answer with this status."""
    return Response(msgspec.json.encode(document), status, media_type=_JSON)
