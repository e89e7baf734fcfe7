from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from search.local import vector_cache
from search.local.vector_cache import VectorCache

HASHES = [bytes([number]) * 16 for number in range(4)]
VECTORS = np.arange(8, dtype=np.float32).reshape(4, 2)


def _vectors(cache: VectorCache, hashes: list[bytes]) -> list[list[float]]:
    return [vector.tolist() for vector in cache.vectors(hashes)]


def test_vectors_come_by_hash_in_the_order_of_the_hashes(tmp_path: Path) -> None:
    with closing(VectorCache(tmp_path / "encoded", "fake@1")) as cache:
        cache.add(HASHES[:3], VECTORS[:3])
        cache.add(HASHES[3:], VECTORS[3:])
        assert cache.hashes() == set(HASHES)
        assert _vectors(cache, [HASHES[3], HASHES[0], HASHES[3]]) == [[6, 7], [0, 1], [6, 7]]


def test_many_vectors_are_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_cache, "_BATCH", 3)
    with closing(VectorCache(tmp_path / "encoded", "fake@1")) as cache:
        cache.add(HASHES, VECTORS)
        hashes = [*HASHES, HASHES[0], *HASHES[::-1]]
        assert _vectors(cache, hashes) == [VECTORS[HASHES.index(each)].tolist() for each in hashes]


def test_vectors_stay_after_the_build(tmp_path: Path) -> None:
    with closing(VectorCache(tmp_path / "encoded", "fake@1")) as cache:
        cache.add(HASHES, VECTORS)
    with closing(VectorCache(tmp_path / "encoded", "fake@1")) as cache:
        assert cache.hashes() == set(HASHES)
        assert _vectors(cache, HASHES[1:2]) == [[2, 3]]


def test_another_encoder_deletes_them(tmp_path: Path) -> None:
    with closing(VectorCache(tmp_path / "encoded", "fake@1")) as cache:
        cache.add(HASHES, VECTORS)
    with closing(VectorCache(tmp_path / "encoded", "fake@2")) as cache:
        assert cache.hashes() == set()
        cache.add(HASHES[:1], VECTORS[3:])
    with closing(VectorCache(tmp_path / "encoded", "fake@2")) as cache:
        assert _vectors(cache, HASHES[:1]) == [[6, 7]]


def test_more_hashes_than_vectors_add_nothing(tmp_path: Path) -> None:
    with closing(VectorCache(tmp_path / "encoded", "fake@1")) as cache:
        with pytest.raises(ValueError, match="shorter"):
            cache.add(HASHES, VECTORS[:3])
        assert cache.hashes() == set()


def test_another_kind_of_file_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "encoded").write_bytes(b"garbage" * 1000)
    with pytest.raises(
        OSError, match=r"encoded cannot be written .*; make room on the disk, or delete that file"
    ):
        VectorCache(tmp_path / "encoded", "fake@1")


def test_remove_leaves_no_file(tmp_path: Path) -> None:
    with closing(VectorCache(tmp_path / "encoded", "fake@1")) as cache:
        cache.add(HASHES, VECTORS)
        cache.remove()
    assert list(tmp_path.iterdir()) == []
