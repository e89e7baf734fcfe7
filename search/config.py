"""Settings and where they come from: flag, then environment, then configuration file, then default."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec
import platformdirs

from search.errors import ConfigError
from search.model import Fusion, Mode

_VARIABLES = {
    "DEPECHE_INDEX": "index",
    "DEPECHE_MODEL": "model",
    "DEPECHE_MODE": "mode",
    "DEPECHE_LIMIT": "limit",
}
_CONFIG_VARIABLE = "DEPECHE_CONFIG"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a user may set.

    ``index`` is the index folder, ``model`` a sentence-transformers name or path (``""`` is the
    embedded one), ``limit`` how many results to give. ``columns`` names the columns of CSV files and
    the keys of JSON records by our fields; ``source`` and ``lang`` stand in where records say none.
    """

    index: str = str(platformdirs.user_data_path("depeche") / "index")
    model: str = ""
    mode: Mode = Mode.HYBRID
    limit: int = 10
    fusion: Fusion = Fusion()
    columns: dict[str, str] = {}
    source: str = ""
    lang: str = ""


def config_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the configuration file is looked for."""
    named = environment.get(_CONFIG_VARIABLE)
    return Path(named) if named else platformdirs.user_config_path("depeche") / "config.toml"


def load(flags: Mapping[str, object], environment: Mapping[str, str] = os.environ) -> Settings:
    """Merge every place a setting can come from; a flag of None was not given.

    Raises ConfigError, naming the file or variable, for a value or key that cannot be used.
    """
    path = config_path(environment)
    settings = _checked(_file(path, required=_CONFIG_VARIABLE in environment), str(path))
    for variable, name in _VARIABLES.items():
        if value := environment.get(variable):
            settings = _with(settings, {name: value}, variable)
    return _with(
        settings, {name: value for name, value in flags.items() if value is not None}, "the command line"
    )


def _file(path: Path, *, required: bool) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        if required:
            raise ConfigError(f"{_CONFIG_VARIABLE} names {path}, which is not there.") from exc
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise ConfigError(f"The configuration file {path} cannot be read: {exc}") from exc


def _with(settings: Settings, values: Mapping[str, object], place: str) -> Settings:
    return _checked({**msgspec.to_builtins(settings), **values}, place)


def _checked(values: Mapping[str, object], place: str) -> Settings:
    try:
        settings = msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as exc:
        raise ConfigError(
            f"In {place}: {exc}. The settings are: {', '.join(Settings.__struct_fields__)}."
        ) from exc
    if settings.limit < 1:
        raise ConfigError(f"In {place}: limit is {settings.limit}, but must be at least 1.")
    return settings
