"""Settings and where they come from: flag, then environment, then configuration file, then default."""

import dataclasses
import math
import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import platformdirs

from search.errors import ConfigError
from search.retrieval.rescoring import DEPTH, Rescoring
from search.text.dates import span_days
from search.types import Fusion, Mode

_VARIABLES = {
    "DEPECHE_INDEX": "index",
    "DEPECHE_DATABASE": "database",
    "DEPECHE_MODEL": "model",
    "DEPECHE_MODE": "mode",
    "DEPECHE_LIMIT": "limit",
    "DEPECHE_LANGUAGE": "language",
}
_RENAMED = {"engine": "database"}
"""Settings of before 0.2 by their names now."""
_RENAMED_VARIABLES = {"DEPECHE_ENGINE": "DEPECHE_DATABASE"}
_CONFIG_VARIABLE = "DEPECHE_CONFIG"
_FUSION_SETTINGS = {field.name for field in dataclasses.fields(Fusion)}


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a user may set.

    ``index`` is the index folder, ``database`` the address of a PostgreSQL server that keeps the index in
    its place (``""``: none), ``workers`` that of the Dask scheduler whose workers encode for it (``""``:
    none). ``model`` is a sentence-transformers name or path (``""`` the embedded one), ``limit`` how many
    results to give. ``columns`` names the columns of CSV files and the keys of JSON records by our
    fields; ``source`` and ``lang`` stand in where records say none. ``rerank`` is a sentence-transformers
    CrossEncoder, by name or path, and ``recency`` the half-life of the weight that recent articles gain,
    such as ``6m``; ``""`` for neither.
    Of the interface, ``history`` tells whether questions are remembered, ``theme`` names its colours
    (``""``: those last chosen), ``language`` is what it speaks (``""``: what the locale asks for), and
    ``keys`` gives actions other keys.
    """

    index: Annotated[str, msgspec.Meta(min_length=1)] = str(platformdirs.user_data_path("depeche") / "index")
    database: str = ""
    workers: str = ""
    model: str = ""
    mode: Mode = Mode.HYBRID
    limit: Annotated[int, msgspec.Meta(ge=1)] = 10
    fusion: Fusion = Fusion()
    rerank: str = ""
    recency: str = ""
    columns: dict[str, str] = {}
    source: str = ""
    lang: str = ""
    history: bool = True
    theme: str = ""
    language: Literal["", "fr", "en"] = ""
    keys: dict[str, str] = {}

    @property
    def rescoring(self) -> Rescoring:
        """What is done to the merged order."""
        half_life = span_days(self.recency) if self.recency else 0.0
        return Rescoring(half_life, DEPTH if self.rerank else 0)


def config_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the configuration file is looked for."""
    named = environment.get(_CONFIG_VARIABLE)
    return Path(named) if named else platformdirs.user_config_path("depeche") / "config.toml"


def load(
    flags: Mapping[str, object],
    environment: Mapping[str, str] = os.environ,
    notify: Callable[[str], None] = lambda message: None,
) -> Settings:
    """Merge every place a setting can come from; a flag of None was not given.

    Of ``columns`` and ``fusion`` each entry is merged by itself. ``notify`` is told of a name that was
    changed. Raises ConfigError, naming the file or variable, for a value or key that cannot be used.
    """
    path = config_path(environment)
    settings = _with(Settings(), _renamed(_file(path, environment), path, notify), str(path))
    for variable, name in _VARIABLES.items():
        if value := _variable(variable, environment, notify):
            settings = _with(settings, {name: value}, variable)
    given = {name: value for name, value in flags.items() if value is not None}
    return _with(settings, given, "the command line")


def _variable(name: str, environment: Mapping[str, str], notify: Callable[[str], None]) -> str | None:
    for old, new in _RENAMED_VARIABLES.items():
        if new == name and name not in environment and old in environment:
            notify(f"the variable {old} is called {new} now; the old name will go in a later version")
            return environment[old]
    return environment.get(name)


def _renamed(values: dict[str, object], path: Path, notify: Callable[[str], None]) -> dict[str, object]:
    for old in _RENAMED.keys() & values.keys():
        notify(f"in {path}, {old} is called {_RENAMED[old]} now; the old name will go in a later version")
    return {_RENAMED.get(name, name): value for name, value in values.items()}


def _file(path: Path, environment: Mapping[str, str]) -> dict[str, object]:
    try:
        data = path.read_bytes()
        return tomllib.loads(data.decode())
    except FileNotFoundError as exc:
        if environment.get(_CONFIG_VARIABLE):
            raise ConfigError(f"{_CONFIG_VARIABLE} names {path}, which is not there.") from exc
        return {}
    except OSError as exc:
        raise ConfigError(f"The configuration file {path} cannot be read: {exc.strerror}.") from exc
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise ConfigError(f"The configuration file {path} is not UTF-8 (at line {line}).") from exc
    except (ValueError, RecursionError) as exc:  # the first also for a number of thousands of digits
        raise ConfigError(f"The configuration file {path} is not TOML: {exc}") from exc


def _with(settings: Settings, values: Mapping[str, object], place: str) -> Settings:
    """These settings with others on top; raises ConfigError, naming ``place``."""
    merged: dict[str, Any] = msgspec.to_builtins(settings)
    for name, value in values.items():
        known = merged.get(name)
        if isinstance(known, dict) and isinstance(value, dict):
            value = known | value
        merged[name] = value
    try:
        found = msgspec.convert(merged, Settings, strict=False)
    except msgspec.ValidationError as exc:
        known = ", ".join(Settings.__struct_fields__)
        raise ConfigError(f"{place}: {exc}. The settings are: {known}.") from exc
    if unknown := merged["fusion"].keys() - _FUSION_SETTINGS:
        known = ", ".join(sorted(_FUSION_SETTINGS))
        raise ConfigError(f"{place}: fusion has no {', '.join(sorted(unknown))}, only: {known}.")
    _check(found.fusion, place)
    _check_span(found.recency, place)
    for name in ("index", "database", "model", "rerank"):
        if "\0" in getattr(found, name):
            raise ConfigError(f"{place}: {name} holds a NUL character, which no path does.")
    paths = {name: _expanded(getattr(found, name)) for name in ("index", "model", "rerank")}
    return msgspec.structs.replace(found, **paths)


def _check(fusion: Fusion, place: str) -> None:
    """Refuse numbers that would make every order meaningless."""
    for name in ("semantic", "keyword"):
        weight = getattr(fusion, name)
        if not 0 <= weight < math.inf:
            raise ConfigError(f"{place}: the {name} weight is {weight}, but must be 0 or more.")
    if not 0 <= fusion.passage_share <= 1:
        raise ConfigError(f"{place}: passage_share is {fusion.passage_share}, but must be 0 to 1.")
    if fusion.rrf_k < 1:
        raise ConfigError(f"{place}: rrf_k is {fusion.rrf_k}, but must be at least 1.")


def _check_span(recency: str, place: str) -> None:
    try:
        span_days(recency or "1j")
    except ValueError as exc:
        raise ConfigError(f"{place}: recency is a half-life, but {exc}.") from exc


def _expanded(path: str) -> str:
    return os.path.expanduser(path)  # noqa: PTH111 - pathlib's fails on a user it does not know
