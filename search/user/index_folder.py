"""The folder below the user's in which lies what belongs to one index: history, saved searches and more.

Its file ``place.txt`` says which index it belongs to. The name of the folder is for the reader.
"""

import os
import re
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from search.config import Settings
from search.files import write_durably
from search.user.storage import exists, locked

_BEFORE = ("history.jsonl", "searches.json")
"""The files that lay in the user's folder, for all indexes, up to version 0.2."""
_PLACE = "place.txt"
_NAME_LENGTH, _HASH_LENGTH = 40, 8
_ADDRESS = re.compile(r"postgres(ql)?://")
_SECRET = re.compile(r"\b(?:user|password|sslpassword|passfile)\s*=\s*(?:'(?:\\.|[^'])*'|\S+)\s*")
_SECRETS = ("user", "password", "sslpassword", "passfile")


def index_place(settings: Settings) -> str:
    """Where the index is that settings name: its resolved folder, or its server without user and password."""
    if not settings.database:
        return os.path.realpath(settings.index)
    if not _ADDRESS.match(settings.database):
        return _SECRET.sub("", settings.database).strip()
    address = urlsplit(settings.database)
    options = [(name, value) for name, value in parse_qsl(address.query) if name not in _SECRETS]
    query = f"?{urlencode(options)}" if options else ""
    return f"postgresql://{address.netloc.rpartition('@')[2]}{address.path}{query}"


def index_folder(root: Path, settings: Settings) -> Path:
    """The folder of the index that settings name, below the user's folder; it need not exist.

    A folder whose ``place.txt`` the user has changed to name this place comes first.
    """
    place = index_place(settings)
    own = root / "indexes" / _name(place)
    named = (file.parent for file in sorted(root.glob(f"indexes/*/{_PLACE}")) if _read(file) == place)
    return next((folder for folder in named if folder != own), own)


def create_index_folder(root: Path, settings: Settings) -> Path:
    """Create that folder where it is missing, with a copy of the user's files of before; give it.

    A crash leaves a folder that the next call completes. Raises UsageError where it cannot be written.
    """
    folder = index_folder(root, settings)
    if exists(folder / _PLACE):
        return folder
    with locked(root), locked(folder.parent), locked(folder):
        for name in _BEFORE:
            if exists(root / name) and not exists(folder / name):
                write_durably(folder / name, (root / name).read_bytes())
        write_durably(folder / _PLACE, os.fsencode(index_place(settings)) + b"\n")  # last: it is complete
    return folder


def _name(place: str) -> str:
    """A readable name of a place, and a short hash of it."""
    last = re.split(r"[/\\?]+", place.partition("?")[0].rstrip("/"))[-1]
    readable = re.sub(r"[^\w-]+", "-", last).strip("-")[:_NAME_LENGTH] or "index"
    return f"{readable}-{sha256(os.fsencode(place)).hexdigest()[:_HASH_LENGTH]}"


def _read(file: Path) -> str:
    """The place that a file names; ``""`` where it cannot be read."""
    try:
        return os.fsdecode(file.read_bytes()).strip()
    except OSError:
        return ""
