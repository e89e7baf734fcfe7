from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.errors import IndexCorrupt, IndexIncompatible
from search.local import layout
from search.local.manifest import FORMAT, read_manifest, seal

from .test_layout import MANIFEST


@pytest.fixture
def files(tmp_path: Path) -> layout.Layout:
    """A generation that has only a manifest."""
    generation = layout.Layout(tmp_path / "generations" / MANIFEST.id)
    generation.folder.mkdir(parents=True)
    seal(generation, MANIFEST)
    return generation


def test_a_manifest_is_read_back_and_is_json(files: layout.Layout) -> None:
    assert read_manifest(files.folder) == MANIFEST
    assert msgspec.json.decode(files.manifest.read_bytes())["articles"] == 2


def test_the_manifest_of_another_generation_is_corrupt(files: layout.Layout) -> None:
    other = files.folder.rename(files.folder.with_name("another"))
    with pytest.raises(IndexCorrupt, match="is not what was published; run: depeche repair --index"):
        read_manifest(other)


@pytest.mark.parametrize(
    "content", [None, b"", b"garbage", b"\xff\xfe", b"[]", b'{"format": 5, "id": 3}', b'{"format": 5}', b"{}"]
)
def test_a_manifest_that_cannot_be_read_is_corrupt(files: layout.Layout, content: bytes | None) -> None:
    files.manifest.unlink()
    if content is not None:
        files.manifest.write_bytes(content)
    with pytest.raises(IndexCorrupt, match=r"manifest of .* cannot be read .*; run: depeche repair --index"):
        read_manifest(files.folder)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_a_change_of_any_byte_is_found(files: layout.Layout, data: st.DataObject) -> None:
    seal(files, MANIFEST)
    content = bytearray(files.manifest.read_bytes())
    offset = data.draw(st.integers(0, len(content) - 1))
    content[offset] ^= data.draw(st.integers(1, 255))
    files.manifest.write_bytes(content)
    with pytest.raises(IndexCorrupt):
        read_manifest(files.folder)


def test_a_later_format_is_not_repaired(files: layout.Layout) -> None:
    seal(files, replace(MANIFEST, format=FORMAT + 1))
    with pytest.raises(
        IndexIncompatible,
        match=f"of a newer program, this one reads {FORMAT}; use that program, or .*: depeche sync PATH",
    ):
        read_manifest(files.folder)
