"""A code file must answer as FAISS does that keeps the same codes in memory."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.local import code_file, vector_codes
from search.local.vector_codes import VectorCodes
from search.protocols import Floats
from tests.fakes import InMemory

GROUPS = 5


def _in_memory(content: Floats, levels: Floats, centroids: Floats) -> Any:  # noqa: ANN401 - FAISS has no types
    """FAISS computes and keeps the codes."""
    groups = vector_codes._Groups(centroids, GROUPS)
    index = vector_codes._empty_index(levels, groups)
    index.add(content)
    return index


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    rows=st.sampled_from([31, 32, 33, 200, 517]),
    dimension=st.sampled_from([2, 7, 16]),
    filtered=st.integers(0, 200),
)
def test_a_file_answers_as_memory_does(
    tmp_path_factory: pytest.TempPathFactory, seed: int, rows: int, dimension: int, filtered: int
) -> None:
    random = np.random.default_rng(seed)
    content = random.normal(size=(rows, dimension)).astype(np.float32)
    centroids = random.normal(size=(GROUPS, dimension)).astype(np.float32)
    levels, groups = vector_codes._levels(content), vector_codes._Groups(centroids, GROUPS)
    path = tmp_path_factory.mktemp("codes") / "vectors.codes"
    coded = vector_codes._coded(InMemory(content), levels, groups)
    code_file.write(path, vector_codes._empty_index(levels, groups), *coded)
    expected = _in_memory(content, levels, centroids)
    query = random.normal(size=(1, dimension)).astype(np.float32)
    stored = code_file.open_index(path)
    assert stored.ntotal == rows
    assert _scores(stored, query, rows) == _scores(expected, query, rows)
    among = random.permutation(rows)[:filtered]
    nearest = VectorCodes(path).nearest(query[0], rows, among)
    every = _scores(expected, query, rows)
    assert dict(zip(nearest.rows.tolist(), nearest.scores.tolist(), strict=True)) == {
        row: every[row] for row in among.tolist()
    }


def _scores(index: Any, query: Floats, count: int) -> dict[int, float]:  # noqa: ANN401
    (scores,), (rows,) = index.search(query, count)
    return dict(zip(rows.tolist(), scores.tolist(), strict=True))


def test_only_the_groups_that_are_read_are_in_memory(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("other systems do not tell")
    random = np.random.default_rng(1)
    content = random.normal(size=(60_000, 64)).astype(np.float32)
    centroids = random.normal(size=(60, 64)).astype(np.float32)
    levels, groups = vector_codes._levels(content[:4096]), vector_codes._Groups(centroids, 1)
    path = tmp_path / "vectors.codes"
    coded = vector_codes._coded(InMemory(content), levels, groups)
    code_file.write(path, vector_codes._empty_index(levels, groups), *coded)
    index = code_file.open_index(path)
    index.search(content[:1], 10)
    assert 0 < _resident(path) < path.stat().st_size / 4
    index.search(content[:2000], 10)
    assert _resident(path) > path.stat().st_size / 2


def _resident(path: Path) -> int:
    """Bytes of a file that this process has in memory through its mapping."""
    regions = Path("/proc/self/smaps").read_text(encoding="utf-8").split(str(path))[1:]
    return sum(1024 * int(region.partition("Rss:")[2].split()[0]) for region in regions)
