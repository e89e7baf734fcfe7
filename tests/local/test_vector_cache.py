from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from search.local.vector_cache import VectorCache

HASHES = [bytes([number]) * 16 for number in range(4)]
VECTORS = np.arange(8, dtype=np.float32).reshape(4, 2)


def _vectors(texts: VectorCache, hashes: list[bytes]) -> list[list[float]]:
    return [vector.tolist() for vector in texts.vectors(hashes)]


def test_vectors_are_found_by_hash_in_the_order_asked(tmp_path: Path) -> None:
    with closing(VectorCache(tmp_path / "encoded", "fake@1")) as texts:
        texts.add(HASHES[:3], VECTORS[:3])
        texts.add(HASHES[3:], VECTORS[3:])
        assert texts.hashes() == set(HASHES)
        assert _vectors(texts, [HASHES[3], HASHES[0], HASHES[3]]) == [[6, 7], [0, 1], [6, 7]]


def test_they_outlive_the_build(tmp_path: Path) -> None:
    with closing(VectorCache(tmp_path / "encoded", "fake@1")) as texts:
        texts.add(HASHES, VECTORS)
    with closing(VectorCache(tmp_path / "encoded", "fake@1")) as texts:
        assert texts.hashes() == set(HASHES)
        assert _vectors(texts, HASHES[1:2]) == [[2, 3]]


def test_another_encoder_finds_none(tmp_path: Path) -> None:
    with closing(VectorCache(tmp_path / "encoded", "fake@1")) as texts:
        texts.add(HASHES, VECTORS)
    with closing(VectorCache(tmp_path / "encoded", "fake@2")) as texts:
        assert texts.hashes() == set()
        texts.add(HASHES[:1], VECTORS[3:])
    with closing(VectorCache(tmp_path / "encoded", "fake@2")) as texts:
        assert _vectors(texts, HASHES[:1]) == [[6, 7]]


def test_a_hash_too_many_keeps_nothing(tmp_path: Path) -> None:
    with closing(VectorCache(tmp_path / "encoded", "fake@1")) as texts:
        with pytest.raises(ValueError, match="shorter"):
            texts.add(HASHES, VECTORS[:3])
        assert texts.hashes() == set()


def test_a_file_that_is_none_of_ours_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "encoded").write_bytes(b"garbage" * 1000)
    with pytest.raises(
        OSError, match=r"encoded cannot be written .*; make room on the disk, or delete that file"
    ):
        VectorCache(tmp_path / "encoded", "fake@1")


def test_nothing_is_left_of_it_once_removed(tmp_path: Path) -> None:
    with closing(VectorCache(tmp_path / "encoded", "fake@1")) as texts:
        texts.add(HASHES, VECTORS)
        texts.remove()
    assert list(tmp_path.iterdir()) == []
