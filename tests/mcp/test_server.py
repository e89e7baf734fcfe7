"""The tools for assistants, asked by the protocol's own client, over standard input and over HTTP."""

import json
import os
import re
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from search.mcp.tools import NOTHING_RELEVANT
from tests.press import PRESS
from tests.web.serving import Server

NAMES = {"find", "show", "similar", "timeline", "facets", "status"}


@pytest.fixture(scope="module")
def server(press_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    served = Server(press_index, tmp_path_factory.mktemp("home"), "--mode=keyword")
    yield served
    served.close()


@asynccontextmanager
async def over_stdio(index: Path, home: Path) -> AsyncIterator[Client]:
    command = ["-m", "search", "mcp", f"--index={index}", "--mode=keyword", "--language=en"]
    places = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(home))
    environment = {**os.environ, **places}
    async with Client(StdioServerParameters(command=sys.executable, args=command, env=environment)) as client:
        yield client


@asynccontextmanager
async def over_http(server: Server) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {server.token}"}
    async with (
        httpx2.AsyncClient(headers=headers) as connection,
        Client(streamable_http_client(f"{server.address}/mcp", http_client=connection)) as client,
    ):
        yield client


@pytest.fixture(params=["stdio", "http"])
def connected(request: pytest.FixtureRequest, press_index: Path, tmp_path: Path, server: Server) -> Any:  # noqa: ANN401
    """Opens a client by either way."""
    return lambda: over_stdio(press_index, tmp_path) if request.param == "stdio" else over_http(server)


async def answer(client: Client, name: str, **arguments: object) -> dict[str, Any]:
    result = await client.call_tool(name, arguments)
    assert not result.is_error, result.content
    text = result.content[-1].text  # type: ignore[union-attr]
    assert json.loads(text) == result.structured_content
    return dict(result.structured_content)


async def test_an_assistant_finds_reads_and_cites(connected: Any) -> None:  # noqa: ANN401
    async with connected() as client:
        found = await answer(client, "find", query="munitions", limit=2)
        first = found["results"][0]
        start, end = first["passage"]["start"], first["passage"]["end"]
        shown = await answer(client, "show", id=first["id"], start=start, end=end)
        counted = await answer(client, "timeline", query="munitions", unit="year")
        facets = await answer(client, "facets", query="munitions")
        status = await answer(client, "status")

    assert "munitions" in first["passage"]["text"].lower()
    assert (shown["id"], shown["text"]) == (first["id"], first["passage"]["text"])
    assert sum(each["count"] for each in counted["periods"]) == counted["total"] == found["total"]
    assert facets["total"] == found["total"]
    assert status["articles"] == len(PRESS)


async def test_the_tools_are_flat_described_and_read_only(connected: Any) -> None:  # noqa: ANN401
    async with connected() as client:
        tools = (await client.list_tools()).tools

    assert {tool.name for tool in tools} == NAMES
    for tool in tools:
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is True
        assert tool.description
        assert not re.findall(r'"(?:anyOf|oneOf|allOf|\$ref|null)"', json.dumps(tool.input_schema))
        for parameter in tool.input_schema["properties"].values():
            assert parameter["description"]
            assert parameter["type"] in ("string", "integer", "number", "boolean", "array")


async def test_nothing_relevant_is_said_first(connected: Any) -> None:  # noqa: ANN401
    async with connected() as client:
        result = await client.call_tool("find", {"query": "xylophone zébré"})

    assert result.content[0].text == NOTHING_RELEVANT
    assert result.structured_content["relevant"] is False


@pytest.mark.parametrize(
    ("name", "arguments", "place"),
    [
        ("find", {}, "query"),
        ("find", {"query": '"munitions'}, "query"),
        ("find", {"query": "a", "limit": 0}, "limit"),
        ("find", {"query": "a", "limit": "ten"}, "limit"),
        ("find", {"query": "a", "path": "/etc/passwd"}, "path"),
        ("find", {"query": "a", "since": "jamais"}, "since"),
        ("show", {"id": "../../etc/passwd"}, "id"),
    ],
)
async def test_a_wrong_call_is_answered_with_what_to_change(
    server: Server, name: str, arguments: dict[str, Any], place: str
) -> None:
    async with over_http(server) as client:
        result = await client.call_tool(name, arguments)

    assert result.is_error
    error = result.structured_content["error"]
    assert error["place"] == place
    assert error["message"]


async def test_an_unknown_tool_is_an_error_of_the_protocol(connected: Any) -> None:  # noqa: ANN401
    async with connected() as client:
        with pytest.raises(MCPError, match="no tool remove"):
            await client.call_tool("remove", {"id": "a"})


async def test_no_answer_holds_a_path(connected: Any, press_index: Path) -> None:  # noqa: ANN401
    async with connected() as client:
        every = [
            await client.call_tool("status", {}),
            await client.call_tool("find", {"query": "munitions", "mode": "semantic"}),
            await client.call_tool("find", {"query": "munitions", "limit": 50}),
            await client.call_tool("show", {"id": PRESS[0].id}),
        ]

    told = json.dumps([each.model_dump(mode="json") for each in every])
    assert str(press_index) not in told
    assert str(press_index.parent) not in told
    assert PRESS[0].id in told
