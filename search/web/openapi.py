"""The description of the API, OpenAPI 3.1, from the table of operations that also answers."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from search import __version__
from search.export import formats
from search.operations import exporting
from search.operations.catalogue import OPERATIONS, Operation
from search.operations.documents import ProblemDocument
from search.operations.parameters import ExportParameters
from search.operations.reading import schema_of

PREFIX = "/api/v1"
_SCHEMAS = "#/components/schemas/"
_ABOUT = (
    "Read only. Every path also answers HEAD, and refuses other methods with 405. An unknown parameter is "
    "refused with 400. Every answer is a JSON object; that of an error is a ProblemDocument. The server "
    "listens on 127.0.0.1 only: the Host of a request must be 127.0.0.1 or localhost with the port, "
    "and its Origin, if any, the same."
)
_ERRORS = {
    400: "A parameter or the query cannot be used.",
    403: "The token is missing or wrong, or the request comes from another site.",
    404: "The index holds no article with this id.",
    405: "The method is neither GET nor HEAD.",
    503: "The index or the model cannot be read at the moment.",
}


def openapi_document(cookie: str) -> dict[str, Any]:
    """The whole description; ``cookie`` is the name of the one that may hold the token."""
    kinds = [operation.document for operation in OPERATIONS]
    _, schemas = msgspec.json.schema_components([*kinds, ProblemDocument], ref_template=f"{_SCHEMAS}{{name}}")
    return {
        "openapi": "3.1.0",
        "info": {"title": "Dépêche", "version": __version__, "description": _ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}, {"address": []}, {"cookie": []}],
        "paths": {
            **{f"{PREFIX}/{each.name}": _path(each) for each in OPERATIONS},
            f"{PREFIX}/{exporting.NAME}": _export_path(),
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "address": {"type": "apiKey", "in": "query", "name": "token"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": cookie},
            },
        },
    }


def _path(operation: Operation) -> dict[str, Any]:
    content = _json(f"{_SCHEMAS}{operation.document.__name__}")
    return _methods(operation.name, operation.summary, operation.parameters, content)


def _export_path() -> dict[str, Any]:
    types = {each.media_type.partition(";")[0] for each in formats()}
    content: dict[str, Any] = {"content": {media_type: {"schema": {}} for media_type in sorted(types)}}
    return _methods(exporting.NAME, exporting.SUMMARY, ExportParameters, content)


def _methods(name: str, summary: str, parameters: type[Struct], content: dict[str, Any]) -> dict[str, Any]:
    """The two methods of a path, whose answer has this ``content``; HEAD has no bodies."""
    common = {"summary": summary, "parameters": _parameters(parameters)}
    errors = {str(status): text for status, text in _ERRORS.items()}
    head = {status: {"description": text} for status, text in {"200": summary, **errors}.items()}
    problem = _json(f"{_SCHEMAS}{ProblemDocument.__name__}")
    get = {
        "200": {"description": summary} | content,
        **{status: {"description": text} | problem for status, text in errors.items()},
    }
    return {
        "get": {"operationId": name, **common, "responses": get},
        "head": {"operationId": f"head_{name}", **common, "responses": head},
    }


def _json(reference: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": reference}}}}


def _parameters(kind: type[Struct]) -> list[dict[str, Any]]:
    schema = schema_of(kind)
    required = schema.get("required", ())
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": each["description"],
            "schema": _without_description(each),
        }
        for name, each in schema["properties"].items()
    ]


def _without_description(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != "description"}
