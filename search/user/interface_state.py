"""The state of the interface from one start to the next."""

from pathlib import Path

import msgspec

from search.types import Mode, Sort
from search.user.storage import exists, locked, read_document, write_document


class InterfaceState(msgspec.Struct, frozen=True):
    """What the interface restores at its next start; the settings decide where a value is None or ``""``.

    Whether the filters are shown depends on the width of the screen where ``filters_shown`` is None.
    """

    theme: str = ""
    mode: Mode | None = None
    sort: Sort = Sort.RELEVANCE
    filters_shown: bool | None = None


def load_state(folder: Path) -> tuple[InterfaceState, str]:
    """Read the state; the second value is a message for the user about the file, ``""`` for none."""
    path = _path(folder)
    if not exists(path):
        return InterfaceState(), ""
    with locked(folder):
        return read_document(path, InterfaceState, InterfaceState())


def save_state(folder: Path, state: InterfaceState) -> None:
    """Write the state."""
    with locked(folder):
        write_document(_path(folder), state)


def _path(folder: Path) -> Path:
    return folder / "interface.json"
