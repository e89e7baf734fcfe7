"""The token that the address of the server holds: a new one, or one that programs share."""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from search.errors import Translatable, UsageError, os_reason

VARIABLE = "DEPECHE_TOKEN"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,200}")
_OTHERS = 0o077


def server_token(file: str | None, environment: Mapping[str, str]) -> str:
    """The token in a file, else in the environment, else a new one.

    A file that is not there is made, private, with a new token. Raises UsageError for a token that is easy
    to guess, and for a file that others can read.
    """
    if file is not None:
        return _in_file(Path(file))
    token = environment.get(VARIABLE, "")
    return _checked(token, VARIABLE) if token else secrets.token_urlsafe()


def _in_file(path: Path) -> str:
    try:
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as created:
                created.write(f"{secrets.token_urlsafe()}\n")
        if path.stat().st_mode & _OTHERS:
            raise UsageError(Translatable("Others can read the token in {}; run: chmod 600 {}", path, path))
        return _checked(path.read_text(encoding="ascii", errors="replace").strip(), str(path))
    except OSError as exc:
        raise UsageError(Translatable("The token file {} cannot be used: {}.", path, os_reason(exc))) from exc


def _checked(token: str, place: str) -> str:
    if not _TOKEN.fullmatch(token):
        raise UsageError(
            Translatable(
                "The token in {} cannot be used; it must be 32 to 200 letters, digits, - or _. "
                "Without one, the server makes its own.",
                place,
            )
        )
    return token
