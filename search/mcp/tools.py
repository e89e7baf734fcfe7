"""The operations as tools: their schemas, and their results as an assistant needs them."""

from collections.abc import Mapping
from typing import Any

import msgspec
from mcp_types import CallToolResult, TextContent, Tool, ToolAnnotations

from search.operations.catalogue import OPERATIONS, Operation
from search.operations.reading import schema_of

NOTHING_RELEVANT = (
    "Nothing relevant: no article of this archive is likely to answer. Say so; do not cite the results below "
    "as an answer."
)
_FOR_EXPERTS = {"explain", "fusion", "semantic_weight", "keyword_weight", "rrf_k"}
_FOR_MACHINES = {"score", "highlights", "contributions", "word_count"}
_HOW_TO_CITE = (
    "Cite a result by its id and offsets: passage.text is characters start to end of the article's text, and "
    "show gives the same range."
)
_USE = {
    "find": f"{_HOW_TO_CITE} Where relevant is false, nothing of the archive is likely to answer.",
    "show": "Offsets count characters from 0. Ask for a range of a long text: length says how long it is.",
    "similar": _HOW_TO_CITE,
}


def tools() -> list[Tool]:
    """Every operation as a tool that changes nothing and asks nothing but the index."""
    return [
        Tool(
            name=operation.name,
            title=operation.name.capitalize(),
            description=" ".join((operation.summary, _USE.get(operation.name, ""))).strip(),
            input_schema=_schema(operation),
            annotations=ToolAnnotations(
                read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
            ),
        )
        for operation in OPERATIONS
    ]


def _schema(operation: Operation) -> dict[str, Any]:
    """The schema of an operation without what only experts of ranking set."""
    schema = schema_of(operation.parameters)
    flat = {name: each for name, each in schema["properties"].items() if name not in _FOR_EXPERTS}
    required = list(schema.get("required", ()))
    return {"type": "object", "properties": flat, "required": required, "additionalProperties": False}


def result_of(body: bytes) -> CallToolResult:
    """What a tool gives, from the JSON document of an answer; says plainly that nothing is relevant."""
    document: dict[str, Any] = msgspec.json.decode(body)
    for part in ("results", "below"):
        if part in document:
            document[part] = [_brief(hit) for hit in document[part]]
    texts = [NOTHING_RELEVANT] if document.get("relevant") is False else []
    texts += [f"Not complete: {notice}" for notice in document.get("degraded", ())]
    return _result([*texts, _json(document)], document, is_error=False)


def error_result(document: dict[str, Any]) -> CallToolResult:
    """What a tool gives where it cannot answer."""
    return _result([_json(document)], document, is_error=True)


def _result(texts: list[str], document: dict[str, Any], *, is_error: bool) -> CallToolResult:
    content = [TextContent(type="text", text=text) for text in texts]
    return CallToolResult(content=[*content], structured_content=document, is_error=is_error)


def _json(document: Mapping[str, Any]) -> str:
    return msgspec.json.encode(document).decode()


def _brief(hit: Mapping[str, Any]) -> dict[str, Any]:
    """A hit without empty fields and without what only ranking needs; of its copies the ids."""
    kept = {name: value for name, value in hit.items() if name not in _FOR_MACHINES and value not in ("", [])}
    return kept | ({"copies": [copy["id"] for copy in hit["copies"]]} if hit["copies"] else {})
