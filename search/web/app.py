"""The application of ``depeche serve``: API, tools for assistants and pages behind one guard."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from search.operations.answering import Answering
from search.operations.current_index import CurrentIndex
from search.operations.problems import problem
from search.web.api import api_routes, json_response
from search.web.guard import Guard, is_for_programs
from search.web.openapi import PREFIX
from search.web.pages.routes import page_routes

if TYPE_CHECKING:
    from search.mcp.server import HttpTools

_ADVICE = {404: f"see {PREFIX}/openapi.json", 405: "ask with GET"}


def application(current: CurrentIndex, port: int, token: str, code: str = "") -> Guard:
    """Everything that a server on this port of 127.0.0.1 answers to who has the token.

    It searches by ``current``, which follows what is published. ``code`` is for ``Guard``.
    """
    answering = Answering(current)

    tools = _tools(answering)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.callback(answering.close)
            if tools is not None:
                await stack.enter_async_context(tools.running())
            yield

    cookie = f"depeche-{port}"  # browsers send a cookie to every port of its host
    inner = Starlette(
        routes=[
            *api_routes(answering, cookie),
            *([] if tools is None else [Route("/mcp", tools)]),
            *page_routes(answering),
        ],
        exception_handlers={HTTPException: _refused},
        lifespan=lifespan,
    )
    return Guard(inner, port, token, cookie, code)


def _tools(answering: Answering) -> "HttpTools | None":
    """The tools for assistants; None where their library is not installed."""
    if find_spec("mcp") is None:
        return None
    from search.mcp.server import HttpTools

    return HttpTools(answering)


async def _refused(request: Request, error: Exception) -> Response:
    """The answer to an unknown path or another method: JSON for programs, words for others."""
    if not isinstance(error, HTTPException):
        raise error
    if is_for_programs(request.scope):
        response = json_response(problem(error.detail, _ADVICE.get(error.status_code, "")), error.status_code)
    else:
        response = PlainTextResponse(f"{error.detail}\n", error.status_code)
    response.headers.update(error.headers or {})
    return response
