"""The values of settings: whether they can be used, and what to type where they cannot."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from search.errors import ConfigError, Translatable
from search.text.dates import span_days
from search.types import Fusion

_OPTIONS = {
    "fusion.method": "fusion",
    "fusion.semantic": "semantic-weight",
    "fusion.keyword": "keyword-weight",
    "fusion.rrf_k": "rrf-k",
}
"""The options that have another name than their setting."""
_RANGES = {
    "fusion.semantic": (0, math.inf),
    "fusion.keyword": (0, math.inf),
    "fusion.passage_share": (0, 1),
    "fusion.rrf_k": (1, math.inf),
}
_PATHS = {"index", "database", "model", "rerank"}
_EXAMPLES: dict[str, object] = {
    "index": "/srv/depeche",
    "limit": 20,
    "recency": "6m",
    "columns": 'text = "contenu"',
    "keys": 'export = "f8,ctrl+e"',
    "fusion": 'method = "rrf"',
    "fusion.method": "rrf",
    "fusion.semantic": 0.7,
    "fusion.keyword": 0.3,
    "fusion.passage_share": 0.25,
    "fusion.rrf_k": 60,
}
_FUSION = get_type_hints(Fusion)
_SHOWN = 60  # the most characters of a value that a message repeats


@dataclass(frozen=True, slots=True)
class Source:
    """Where settings come from: its name, and how a setting with its value is written there."""

    name: str
    written: Callable[[str, object], str]


def configuration_file(path: Path) -> Source:
    """A configuration file."""
    return Source(str(path), _line)


def environment_variable(name: str) -> Source:
    """A variable of the environment."""
    return Source(Translatable("the environment"), lambda _, value: f"{name}={value}")


def _option(setting: str, value: object) -> str:
    return f"--{_OPTIONS.get(setting, setting)} {value}"


COMMAND_LINE = Source(Translatable("the command line"), _option)


def _line(setting: str, value: object) -> str:
    """A line of a configuration file; the setting of a table is written after the name of the table."""
    table, _, name = setting.rpartition(".")
    return f"{f'[{table}] ' if table else ''}{name} = {_toml(value)}"


def _toml(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def check_values(values: Mapping[str, object], types: Mapping[str, Any], source: Source) -> None:
    """Raise ConfigError for a setting that is not among the types, and for a value of another type."""
    _check_names(values, types, source)
    for name, value in values.items():
        match value:
            case dict() if name == "fusion":
                _check_names(value, _FUSION, source, "fusion")
                for entry, number in value.items():
                    _check(f"fusion.{entry}", number, _FUSION[entry], source)
            case dict() if name in ("columns", "keys"):
                for entry, text in value.items():
                    _check(f"{name}.{entry}", text, str, source)
            case _:
                _check(name, value, types[name], source)


def _check_names(
    names: Mapping[str, object], known: Mapping[str, Any], source: Source, table: str = ""
) -> None:
    for name in names:
        if name not in known:
            near = get_close_matches(name, known)
            of_table = Translatable(" in [{}]", table) if table else ""
            choice = (
                Translatable("did you mean {}?", ", ".join(near))
                if near
                else Translatable("the settings are: {}.", ", ".join(known))
            )
            raise ConfigError(
                Translatable("{}: there is no setting {}{}; {}", source.name, name, of_table, choice)
            )


def _check(name: str, value: object, kind: Any, source: Source) -> None:  # noqa: ANN401 - a type, as written
    if not _is_usable(name, value, kind):
        given, example = source.written(name, value), _example(name, value, kind, source)
        raise ConfigError(
            Translatable(
                "{}: {} cannot be used; it must be {}. Write, for example: {}",
                *(source.name, given, _allowed(name, kind), example),
            )
        )


def _is_usable(name: str, value: object, kind: Any) -> bool:  # noqa: ANN401
    try:
        converted = msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError:
        return False
    if name in _RANGES:
        least, most = _RANGES[name]
        return bool(least <= converted <= most and converted < math.inf)
    return not isinstance(converted, str) or _is_usable_text(name, converted)


def _is_usable_text(name: str, value: str) -> bool:
    if name == "recency" and value:
        try:
            span_days(value)
        except ValueError:
            return False
    return not (name in _PATHS and "\0" in value)


def _allowed(name: str, kind: Any) -> str:  # noqa: ANN401
    """What a setting may be, in words."""
    from msgspec import inspect

    if name in _RANGES:
        least, most = _RANGES[name]
        if most < math.inf:
            return Translatable("a number from {} to {}", least, most)
        return Translatable("a whole number, {} or more" if kind is int else "a number, {} or more", least)
    if name == "recency":
        return Translatable("a half-life: 7j (days), 2s (weeks), 3m (months) or 1a (years)")
    if name in _PATHS:
        return Translatable("a path or a name, in quotes")
    match inspect.type_info(kind):
        case inspect.BoolType():
            return Translatable("true or false, without quotes")
        case inspect.IntType(ge=int(least)):
            return Translatable("a whole number, {} or more", least)
        case inspect.DictType() | inspect.DataclassType():
            return Translatable("a table, with [{}] above it", name)
    if choices := _choices(kind):
        return Translatable("one of {}", ", ".join(choices))
    return Translatable("text in quotes")


def _choices(kind: Any) -> list[str]:  # noqa: ANN401
    from msgspec import inspect

    match inspect.type_info(kind):
        case inspect.EnumType(cls=choices):
            return [str(choice.value) for choice in choices]
        case inspect.LiteralType(values=choices):
            return sorted(filter(None, map(str, choices)))
    return []


def _example(name: str, value: object, kind: Any, source: Source) -> str:  # noqa: ANN401
    """What to type: the value that is nearest to what was given, else any that can be used."""
    if choices := _choices(kind):
        return source.written(name, [*get_close_matches(str(value), choices, 1), *choices][0])
    if kind is bool:
        return source.written(name, False)  # noqa: FBT003 - the value
    if name in ("columns", "keys", "fusion"):
        return f"[{name}] {_EXAMPLES[name]}"
    return source.written(name, _EXAMPLES.get(name, "" if isinstance(value, dict | list) else str(value)))
