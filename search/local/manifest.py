"""Reads and writes the manifest of a generation, which makes any change to its files detectable.

The last line of a manifest is the checksum of the lines above. The manifest has the checksums of all other
files.
"""

import hashlib
from pathlib import Path

import msgspec

from search.build_types import Manifest
from search.errors import IndexCorrupt, IndexIncompatible, IndexProblem, Translatable
from search.local import layout

FORMAT = 8
_SEAL = b'  "seal": "'
_SEALED_SINCE = 5
_NEW_FIELDS = {"digest": "", "vectors": "", "passed_over": {}, "lost_fields": {}}  # old formats lack some


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
                layout.repair_command(folder),
            )
        )
    if manifest.format > FORMAT:
        raise IndexIncompatible(
            Translatable(
                "The index in {} has format {} of a newer program, this one reads {}; "
                "use that program, or make the index anew from its files: depeche sync PATH",
                folder,
                manifest.format,
                FORMAT,
            )
        )
    return manifest


def read_any_manifest(folder: Path) -> Manifest:
    """The manifest of a generation of any format; raises IndexCorrupt.

    Fields that an old format does not have are empty.
    """
    files = layout.Layout(folder)
    try:
        data = files.manifest.read_bytes()
        content = msgspec.json.decode(data, type=dict[str, object])
        every_passage = {"encoded": content.get("chunks")}  # older formats published nothing before
        manifest = msgspec.convert({**_NEW_FIELDS, **every_passage, **content}, Manifest)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as exc:
        raise IndexCorrupt(
            Translatable(
                "The manifest of {} cannot be read ({}); run: {}", folder, exc, layout.repair_command(folder)
            )
        ) from exc
    never_sealed = manifest.format < _SEALED_SINCE and _SEAL not in data
    intact = never_sealed or data == _with_seal(data.rpartition(_SEAL)[0])
    if not intact or manifest.id != layout.generation_id(files):
        raise IndexCorrupt(
            Translatable(
                "The manifest of {} is not what was published; run: {}", folder, layout.repair_command(folder)
            )
        )
    return manifest


def last_complete(index: Path) -> str:
    """The id of the published generation, or of the newest before it, that has the vector of every passage.

    It is the one to go back to. One whose manifest cannot be read counts as such; ``""`` when there is none.
    """
    return next((folder.name for folder in layout.candidates(index) if not _lacks_vectors(folder)), "")


def published_vectors(index: Path) -> int:
    """How many passages of the published generation have a vector; 0 where nothing can be searched."""
    try:
        return read_manifest(layout.current(index)).encoded
    except IndexProblem:
        return 0


def _lacks_vectors(folder: Path) -> bool:
    try:
        return not read_any_manifest(folder).complete
    except IndexCorrupt:
        return False


def seal(staging: layout.Layout, manifest: Manifest) -> None:
    """Write the manifest, the last file of a generation, and end it with its checksum."""
    staging.manifest.write_bytes(_with_seal(msgspec.json.format(msgspec.json.encode(manifest))[:-2] + b",\n"))


def _with_seal(body: bytes) -> bytes:
    return body + _SEAL + hashlib.sha256(body).hexdigest().encode() + b'"\n}\n'
