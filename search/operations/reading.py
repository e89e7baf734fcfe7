"""From what a client sends to the parameters of an operation, and their JSON schema."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from search.errors import Translatable
from search.operations.problems import WrongParameter

_PLACE = re.compile(r"`\$\.(\w+)")
_SHOWN = 50
Parameters = TypeVar("Parameters", bound=Struct)


@cache
def schema_of(kind: type[Struct]) -> Mapping[str, Any]:
    """The JSON schema of the parameters of an operation: an object of flat values, without references."""
    _, components = msgspec.json.schema_components([kind])
    schema: dict[str, Any] = components[kind.__name__]
    typed = {name: _typed(each) for name, each in schema["properties"].items()}
    return {**schema, "properties": typed}


def _typed(schema: dict[str, Any]) -> dict[str, Any]:
    return schema if "type" in schema else {"type": "string", **schema}


def from_text(kind: type[Parameters], pairs: Iterable[tuple[str, str]]) -> Parameters:
    """The parameters in the pairs of an address; raises WrongParameter.

    A list is one pair for each of its values. Numbers, ``true`` and ``false`` are written as in JSON.
    """
    properties = schema_of(kind)["properties"]
    values: dict[str, Any] = {}
    for name, text in pairs:
        schema = properties.get(name, {})
        if schema.get("type") == "array":
            values.setdefault(name, []).append(text)
        elif name in values:
            raise WrongParameter(f"The parameter {name} is given twice.", name, "give it once")
        else:
            values[name] = _value(text, schema)
    return from_json(kind, values)


def _value(text: str, schema: Mapping[str, Any]) -> object:
    """A text as the type of a parameter; the text itself where it is not of that type."""
    if schema.get("type") not in ("integer", "number", "boolean"):
        return text
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return text


def from_json(kind: type[Parameters], values: Mapping[str, Any]) -> Parameters:
    """The parameters in a JSON object; raises WrongParameter."""
    schema = schema_of(kind)
    properties: Mapping[str, Any] = schema["properties"]
    for name in values:
        if name not in properties:
            raise _unknown(name, list(properties))
    for name in schema.get("required", ()):
        if name not in values:
            raise WrongParameter(
                Translatable("The parameter {} is missing.", name), name, _allowed(name, properties[name])
            )
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as exc:
        named = _PLACE.search(str(exc))
        name = named[1] if named else ""
        message = Translatable("The parameter {} cannot be used.", name)
        raise WrongParameter(message, name, _allowed(name, properties.get(name, {}))) from exc


def _unknown(name: str, names: list[str]) -> WrongParameter:
    near = get_close_matches(name, names, n=1)
    advice = f"did you mean {near[0]}?" if near else f"the parameters are: {', '.join(names) or 'none'}"
    return WrongParameter(Translatable("There is no parameter {}.", name[:_SHOWN]), name[:_SHOWN], advice)


def _allowed(name: str, schema: Mapping[str, Any]) -> str:
    """What a parameter may be, in words."""
    if "enum" in schema:
        return f"{name} is one of: {', '.join(schema['enum'])}"
    match schema.get("type"):
        case "boolean":
            return f"{name} is true or false"
        case "integer" | "number" as kind:
            words = "a whole number" if kind == "integer" else "a number"
            return f"{name} is {words} from {schema['minimum']} to {schema['maximum']}"
        case "array":
            longest, most = schema["items"]["maxLength"], schema["maxItems"]
            return f"{name} is a text of at most {longest} characters, given at most {most} times"
        case _:
            least, most = schema.get("minLength", 0), schema.get("maxLength")
            return f"{name} is a text of {least} to {most} characters"
