from pathlib import Path

import pytest

from search.embedding.fingerprint import fingerprint


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.bin"
    path.write_bytes(bytes(range(256)) * 4096)
    return path


def test_it_is_the_same_on_every_machine(tmp_path: Path) -> None:
    path = tmp_path / "small.bin"
    path.write_bytes(b"abc")

    # The SHA-256 of the length, then of the rest of the file from each of the 64 samples on.
    assert fingerprint([path]) == "c227cd874afa"


def test_a_copy_has_the_same_name(large: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.bin"
    copy.write_bytes(large.read_bytes())

    assert fingerprint([copy]) == fingerprint([large])


@pytest.mark.parametrize("position", [0, 1 << 19, 63 << 14])
def test_a_byte_changed_in_a_sample_changes_it(large: Path, position: int) -> None:
    before = fingerprint([large])
    content = bytearray(large.read_bytes())
    content[position] ^= 1
    large.write_bytes(content)

    assert fingerprint([large]) != before


def test_the_length_changes_it(large: Path) -> None:
    before = fingerprint([large])
    large.write_bytes(large.read_bytes() + b"\0")

    assert fingerprint([large]) != before


def test_every_file_counts_and_their_order(large: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"other")

    names = {fingerprint(files) for files in ([large], [other], [large, other], [other, large])}

    assert len(names) == 4


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        fingerprint([tmp_path / "absent.bin"])
