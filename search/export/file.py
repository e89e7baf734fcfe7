"""An export as a file: whole or not there at all."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from search.errors import Translatable, UsageError, os_reason
from search.export.content import Export
from search.export.formats import Format
from search.files import sync


def export_file(path: Path, format_: Format, export: Export) -> None:
    """Write an export to a private file, which replaces the one that is there, whole or not at all.

    Raises UsageError where it cannot be written, and what reading the hits raises.
    """
    write_file(path, lambda file: format_.write(export, file))


def write_file(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Replace the content of a private file by what ``write`` writes, whole or not at all.

    It is written beside it under another name first: a full disk, an error or an interrupt leaves what was
    there. Raises UsageError where it cannot be written, and what ``write`` raises.
    """
    try:
        descriptor, pending = tempfile.mkstemp(dir=path.parent, prefix=".depeche-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                write(file)
            sync(Path(pending))
            Path(pending).replace(path)
        finally:
            Path(pending).unlink(missing_ok=True)
    except OSError as exc:
        raise UsageError(
            Translatable("{} cannot be written: {}; give another path.", path, os_reason(exc))
        ) from exc


def check_absent(path: Path) -> None:
    """Raise UsageError where a file is there already."""
    if os.path.lexists(path):  # pathlib's fails on a name that is too long
        raise UsageError(
            Translatable("{} exists already; type --overwrite to replace it, or give another path.", path)
        )
