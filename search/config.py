"""Settings. Options come before the environment, the configuration file and the defaults."""

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
"""The settings that had another name before 0.2, with their new names."""
_RENAMED_VARIABLES = {"DEPECHE_ENGINE": "DEPECHE_DATABASE"}
_CONFIG_VARIABLE = "DEPECHE_CONFIG"
_FUSION_SETTINGS = {field.name for field in dataclasses.fields(Fusion)}


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of a user.

    - ``index``: folder of the index
    - ``database``: address of a PostgreSQL server that holds the index instead; ``""`` for none
    - ``workers``: address of a Dask scheduler whose workers encode for the server; ``""`` for none
    - ``model``: name or folder of a sentence-transformers model; ``""`` for the embedded model
    - ``limit``: number of results
    - ``columns``: for our fields, the names of CSV columns and JSON keys
    - ``source``, ``lang``: values for records that have none
    - ``rerank``: name or folder of a sentence-transformers CrossEncoder; ``""`` for none
    - ``recency``: half-life of the bonus of recent articles, such as ``6m``; ``""`` for no bonus

    For the interface:

    - ``history``: whether it keeps the queries
    - ``theme``: name of the colours; ``""`` for the last choice
    - ``language``: ``fr`` or ``en``; ``""`` for the language of the locale
    - ``keys``: other keys for actions
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
        """How the fused results are reordered."""
        half_life = span_days(self.recency) if self.recency else 0.0
        return Rescoring(half_life, DEPTH if self.rerank else 0)


def config_path(environment: Mapping[str, str] = os.environ) -> Path:
    """The path of the configuration file."""
    named = environment.get(_CONFIG_VARIABLE)
    return Path(named) if named else platformdirs.user_config_path("depeche") / "config.toml"


def load(
    options: Mapping[str, object],
    environment: Mapping[str, str] = os.environ,
    notify: Callable[[str], None] = lambda message: None,
) -> Settings:
    """Merge the settings of all sources; an option of None was not given.

    The entries of ``columns`` and ``fusion`` are merged one by one. ``notify`` receives a message for each
    outdated name. Raises ConfigError, with the file or variable, for an unknown name or a wrong value.
    """
    path = config_path(environment)
    settings = _with(Settings(), _renamed(_file(path, environment), path, notify), str(path))
    for variable, name in _VARIABLES.items():
        if value := _variable(variable, environment, notify):
            settings = _with(settings, {name: value}, variable)
    given = {name: value for name, value in options.items() if value is not None}
    return _with(settings, given, "the command line")


def _variable(name: str, environment: Mapping[str, str], notify: Callable[[str], None]) -> str | None:
    for old, new in _RENAMED_VARIABLES.items():
        if new == name and name not in environment and old in environment:
            notify(f"the variable {old} is now called {new}; a later version will remove the old name")
            return environment[old]
    return environment.get(name)


def _renamed(values: dict[str, object], path: Path, notify: Callable[[str], None]) -> dict[str, object]:
    for old in _RENAMED.keys() & values.keys():
        notify(f"in {path}, {old} is now called {_RENAMED[old]}; a later version will remove the old name")
    return {_RENAMED.get(name, name): value for name, value in values.items()}


def _file(path: Path, environment: Mapping[str, str]) -> dict[str, object]:
    try:
        data = path.read_bytes()
        return tomllib.loads(data.decode())
    except FileNotFoundError as exc:
        if environment.get(_CONFIG_VARIABLE):
            raise ConfigError(f"{_CONFIG_VARIABLE} names {path}, but there is no such file.") from exc
        return {}
    except OSError as exc:
        raise ConfigError(f"The configuration file {path} cannot be read: {exc.strerror}.") from exc
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise ConfigError(f"The configuration file {path} is not UTF-8 (at line {line}).") from exc
    except (ValueError, RecursionError) as exc:  # ValueError also for a number with thousands of digits
        raise ConfigError(f"The configuration file {path} is not TOML: {exc}") from exc


def _with(settings: Settings, values: Mapping[str, object], place: str) -> Settings:
    """The settings with other values on top; raises ConfigError, which names ``place``."""
    merged: dict[str, Any] = msgspec.to_builtins(settings)
    for name, value in values.items():
        known = merged.get(name)
        if isinstance(known, dict) and isinstance(value, dict):
            value = known | value
        merged[name] = value
    try:
        changed = msgspec.convert(merged, Settings, strict=False)
    except msgspec.ValidationError as exc:
        known = ", ".join(Settings.__struct_fields__)
        raise ConfigError(f"{place}: {exc}. The settings are: {known}.") from exc
    if unknown := merged["fusion"].keys() - _FUSION_SETTINGS:
        known = ", ".join(sorted(_FUSION_SETTINGS))
        raise ConfigError(f"{place}: fusion has no setting {', '.join(sorted(unknown))}; it has: {known}.")
    _check_fusion(changed.fusion, place)
    _check_recency(changed.recency, place)
    for name in ("index", "database", "model", "rerank"):
        if "\0" in getattr(changed, name):
            raise ConfigError(f"{place}: {name} contains a NUL character, which a path cannot contain.")
    paths = {name: _with_home(getattr(changed, name)) for name in ("index", "model", "rerank")}
    return msgspec.structs.replace(changed, **paths)


def _check_fusion(fusion: Fusion, place: str) -> None:
    """Raise ConfigError for numbers that give no meaningful order."""
    for name in ("semantic", "keyword"):
        weight = getattr(fusion, name)
        if not 0 <= weight < math.inf:
            raise ConfigError(f"{place}: the {name} weight is {weight}; it must be 0 or more.")
    if not 0 <= fusion.passage_share <= 1:
        raise ConfigError(f"{place}: passage_share is {fusion.passage_share}; it must be from 0 to 1.")
    if fusion.rrf_k < 1:
        raise ConfigError(f"{place}: rrf_k is {fusion.rrf_k}; it must be 1 or more.")


def _check_recency(recency: str, place: str) -> None:
    try:
        span_days(recency or "1j")
    except ValueError as exc:
        raise ConfigError(f"{place}: recency must be a half-life: {exc}.") from exc


def _with_home(path: str) -> str:
    return os.path.expanduser(path)  # noqa: PTH111 - pathlib's fails for an unknown user
