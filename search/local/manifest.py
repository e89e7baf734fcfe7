"""The manifest of a generation: which format it has, how it is sealed, and how it is read.

Its last line is the checksum of those above. It holds the checksums of all other files: what is read of a
generation can be known to be as it was published.
"""

import hashlib
from pathlib import Path

import msgspec

from search.build_types import Manifest
from search.errors import IndexCorrupt, IndexIncompatible, Translatable
from search.local import layout

FORMAT = 5
_SEAL = b'  "seal": "'
_SEALED_SINCE = 5


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation; raises IndexCorrupt, or IndexIncompatible for another format."""
    manifest = read_any_manifest(folder)
    if manifest.format < FORMAT:
        raise IndexIncompatible(
            Translatable(
                "The index in {} has format {}, this program reads {}; "
                "run: {} (keeps the vectors) or depeche build PATH",
                folder,
                manifest.format,
                FORMAT,
                layout.repairing(folder),
            )
        )
    if manifest.format > FORMAT:
        raise IndexIncompatible(
            Translatable(
                "The index in {} has format {} of a newer program, this one reads {}; "
                "run: depeche build PATH",
                folder,
                manifest.format,
                FORMAT,
            )
        )
    return manifest


def read_any_manifest(folder: Path) -> Manifest:
    """The manifest of a generation of any format, what it does not say empty; raises IndexCorrupt."""
    files = layout.Layout(folder)
    try:
        data = files.manifest.read_bytes()
        found = {"digest": "", "vectors": "", **msgspec.json.decode(data, type=dict[str, object])}
        manifest = msgspec.convert(found, Manifest)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as exc:
        raise IndexCorrupt(
            Translatable(
                "The manifest of {} cannot be read ({}); run: {}", folder, exc, layout.repairing(folder)
            )
        ) from exc
    unsealed = manifest.format < _SEALED_SINCE and _SEAL not in data
    sound = unsealed or data == _sealed(data.rpartition(_SEAL)[0])
    if not sound or manifest.id != layout.generation_id(files):
        raise IndexCorrupt(
            Translatable(
                "The manifest of {} is not what was published; run: {}", folder, layout.repairing(folder)
            )
        )
    return manifest


def seal(staging: layout.Layout, manifest: Manifest) -> None:
    """Write the manifest, the last file of a generation; its last line is the checksum of those above."""
    staging.manifest.write_bytes(_sealed(msgspec.json.format(msgspec.json.encode(manifest))[:-2] + b",\n"))


def _sealed(body: bytes) -> bytes:
    return body + _SEAL + hashlib.sha256(body).hexdigest().encode() + b'"\n}\n'
