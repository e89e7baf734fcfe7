"""Settings. Options come before the environment, the configuration file and the defaults."""

import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
import platformdirs

from search.errors import ConfigError, Translatable, os_reason
from search.setting_values import COMMAND_LINE, Source, check_values, configuration_file, environment_variable
from search.text.dates import span_days
from search.types import RERANK_DEPTH, Fusion, Mode, Rescoring

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
Theme = Literal["", "dark", "light", "contrast"]


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
    - ``theme``: ``dark``, ``light`` or ``contrast``; ``""`` for the last choice
    - ``language``: ``fr`` or ``en``, of messages too; ``""`` for the language of the locale
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
    theme: Theme = ""
    language: Literal["", "fr", "en"] = ""
    keys: dict[str, str] = {}

    @property
    def rescoring(self) -> Rescoring:
        """How the fused results are reordered."""
        half_life = span_days(self.recency) if self.recency else 0.0
        return Rescoring(half_life, RERANK_DEPTH if self.rerank else 0)


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
    settings = _with(Settings(), _renamed(_file(path, environment), path, notify), configuration_file(path))
    for variable, name in _VARIABLES.items():
        if value := _variable(variable, environment, notify):
            settings = _with(settings, {name: value}, environment_variable(variable))
    given = {name: value for name, value in options.items() if value is not None}
    return _with(settings, given, COMMAND_LINE)


def language_setting(environment: Mapping[str, str] = os.environ) -> str:
    """The language that the user set, ``""`` for none, also where other settings cannot be used.

    Messages need it before a command has its settings.
    """
    try:
        of_file = _file(config_path(environment), environment).get("language")
    except ConfigError:
        of_file = ""
    chosen = environment.get("DEPECHE_LANGUAGE") or of_file
    return chosen if chosen in ("fr", "en") else ""


def _variable(name: str, environment: Mapping[str, str], notify: Callable[[str], None]) -> str | None:
    for old, new in _RENAMED_VARIABLES.items():
        if new == name and name not in environment and old in environment:
            notify(
                Translatable(
                    "the variable {} is now called {}; a later version will remove the old name", old, new
                )
            )
            return environment[old]
    return environment.get(name)


def _renamed(values: dict[str, object], path: Path, notify: Callable[[str], None]) -> dict[str, object]:
    for old in _RENAMED.keys() & values.keys():
        new = _RENAMED[old]
        notify(
            Translatable(
                "in {}, {} is now called {}; a later version will remove the old name", path, old, new
            )
        )
    return {_RENAMED.get(name, name): value for name, value in values.items()}


def _file(path: Path, environment: Mapping[str, str]) -> dict[str, object]:
    try:
        data = path.read_bytes()
        return tomllib.loads(data.decode())
    except FileNotFoundError as exc:
        if environment.get(_CONFIG_VARIABLE):
            raise ConfigError(
                Translatable("{} names {}, but there is no such file.", _CONFIG_VARIABLE, path)
            ) from exc
        return {}
    except OSError as exc:
        raise ConfigError(
            Translatable("The configuration file {} cannot be read: {}.", path, os_reason(exc))
        ) from exc
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise ConfigError(
            Translatable("The configuration file {} is not UTF-8 (at line {}).", path, line)
        ) from exc
    except (ValueError, RecursionError) as exc:  # ValueError also for a number with thousands of digits
        raise ConfigError(Translatable("The configuration file {} is not TOML: {}", path, exc)) from exc


def _with(settings: Settings, values: Mapping[str, object], source: Source) -> Settings:
    """The settings with other values on top; raises ConfigError, which names the source."""
    check_values(values, _TYPES, source)
    merged: dict[str, Any] = msgspec.to_builtins(settings)
    for name, value in values.items():
        known = merged.get(name)
        merged[name] = known | value if isinstance(known, dict) and isinstance(value, dict) else value
    changed = msgspec.convert(merged, Settings, strict=False)
    paths = {name: _with_home(getattr(changed, name)) for name in ("index", "model", "rerank")}
    return msgspec.structs.replace(changed, **paths)


def _with_home(path: str) -> str:
    return os.path.expanduser(path)  # noqa: PTH111 - pathlib's fails for an unknown user


_TYPES = get_type_hints(Settings, include_extras=True)
