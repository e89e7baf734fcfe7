import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.errors import IndexCorrupt
from search.local import vector_index
from search.protocols import Floats, Ints, NearestRows
from tests.fakes import InMemory

ROWS, DIMENSION = 300, 16
SEEDS = st.integers(0, 2**32 - 1)
LIMITS = st.integers(1, ROWS + 10)


def _signs(random: np.random.Generator, *shape: int) -> Floats:
    """Unit vectors whose inner products are multiples of 1/8: exact, and often equal."""
    vectors: Floats = random.choice(np.array([-0.25, 0.25], np.float32), shape)
    return vectors


def _directions(random: np.random.Generator, *shape: int) -> Floats:
    vectors: Floats = random.normal(size=shape).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors.astype(np.float16).astype(np.float32)


SIGNS = _signs(np.random.default_rng(1), ROWS, DIMENSION)
DIRECTIONS = _directions(np.random.default_rng(2), ROWS, DIMENSION)


def never() -> Floats:
    """Sample queries for an index that needs none."""
    raise AssertionError("it needs no queries")


def _write_and_open(folder: Path, content: Floats) -> vector_index.FaissIndex:
    assert vector_index.write(folder / "vectors.faiss", InMemory(content), never) == "exact fp16"
    return vector_index.FaissIndex(folder / "vectors.faiss")


@pytest.fixture(scope="module")
def signs(tmp_path_factory: pytest.TempPathFactory) -> vector_index.FaissIndex:
    return _write_and_open(tmp_path_factory.mktemp("signs"), SIGNS)


@pytest.fixture(scope="module")
def directions(tmp_path_factory: pytest.TempPathFactory) -> vector_index.FaissIndex:
    return _write_and_open(tmp_path_factory.mktemp("directions"), DIRECTIONS)


def _brute_force(content: Floats, query: Floats, limit: int, rows: Ints) -> NearestRows:
    return InMemory(content).search(query, limit, rows)


def _pairs(nearest: NearestRows) -> list[tuple[int, float]]:
    """Rows with their scores, in order."""
    return list(zip(nearest.rows.tolist(), nearest.scores.tolist(), strict=True))


@settings(max_examples=60)
@given(seed=SEEDS, limit=LIMITS, filtered=st.sampled_from([0, 1, 2, ROWS - 1, ROWS]) | st.integers(0, ROWS))
def test_the_best_rows_come_first_and_equal_scores_by_row(
    signs: vector_index.FaissIndex, seed: int, limit: int, filtered: int
) -> None:
    random = np.random.default_rng(seed)
    query = _signs(random, DIMENSION)
    everything = _brute_force(SIGNS, query, limit, np.arange(ROWS))
    assert _pairs(signs.search(query, limit)) == _pairs(everything)
    rows = random.permutation(ROWS)[:filtered]
    nearest = signs.search(query, limit, rows)
    assert _pairs(nearest) == _pairs(_brute_force(SIGNS, query, limit, rows))
    assert len(nearest.rows) == min(limit, filtered)


@settings(max_examples=30)
@given(seed=SEEDS, limit=LIMITS)
def test_scores_are_inner_products(directions: vector_index.FaissIndex, seed: int, limit: int) -> None:
    query = _directions(np.random.default_rng(seed), DIMENSION)
    nearest = directions.search(query, limit)
    expected = _brute_force(DIRECTIONS, query, limit, np.arange(ROWS))
    assert nearest.scores.tolist() == pytest.approx(expected.scores.tolist(), abs=1e-5)
    for row, score in _pairs(nearest):
        assert score == pytest.approx(float(DIRECTIONS[row] @ query), abs=1e-5)


def test_the_first_of_many_equal_rows_are_given(tmp_path: Path) -> None:
    """Such rows occur when an agency sends the same dispatch many times."""
    index = _write_and_open(tmp_path, np.tile(DIRECTIONS[:1], (500, 1)))
    for limit in (1, 7, 120, 499, 500):
        assert index.search(DIRECTIONS[0], limit).rows.tolist() == list(range(limit))


def test_no_rows_give_no_nearest_rows(directions: vector_index.FaissIndex) -> None:
    assert _pairs(directions.search(DIRECTIONS[0], 0)) == []
    assert _pairs(directions.search(DIRECTIONS[0], 5, np.empty(0, np.int64))) == []


def test_similarity_is_by_row(directions: vector_index.FaissIndex) -> None:
    query = _directions(np.random.default_rng(5), DIMENSION)
    rows = np.array([7, 3, 299])
    np.testing.assert_allclose(directions.similarity(query, rows), DIRECTIONS[rows] @ query, atol=1e-6)


def test_vectors_come_in_the_order_of_the_rows(directions: vector_index.FaissIndex) -> None:
    rows = np.array([299, 0, 17, 17])
    assert directions.of_rows(rows).tolist() == DIRECTIONS[rows].tolist()


def test_half_precision_does_not_depend_on_the_memory_order(tmp_path: Path) -> None:
    content = np.asfortranarray(np.random.default_rng(3).normal(size=(ROWS, DIMENSION)).astype(np.float32))
    index = _write_and_open(tmp_path, content)
    assert (index.rows, index.dimension) == (ROWS, DIMENSION)
    assert index.of_rows(np.arange(ROWS)).tolist() == content.astype(np.float16).tolist()


@pytest.fixture(scope="module")
def grouped(tmp_path_factory: pytest.TempPathFactory) -> vector_index.FaissIndex:
    """An index that is too large to compare every row; its rows lie around forty centres."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vector_index, "EXACT_ROWS", 1000)
        patch.setattr(vector_index, "_ROWS_A_GROUP", 50)
        path = tmp_path_factory.mktemp("grouped") / "vectors.faiss"
        kind = vector_index.write(path, InMemory(CLUSTERED), lambda: _around(np.random.default_rng(8), 64))
    description = re.fullmatch(r"ivf fp16, (\d+) of 80 groups, recall@100 (0\.\d+|1\.000)", kind)
    assert description
    assert 1 < int(description[1]) < 80
    assert float(description[2]) >= 0.985
    return vector_index.FaissIndex(path)


CENTRES = _directions(np.random.default_rng(6), 40, DIMENSION)


def _around(random: np.random.Generator, count: int) -> Floats:
    vectors = CENTRES[random.integers(0, 40, count)] + 0.2 * _directions(random, count, DIMENSION)
    vectors /= np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors.astype(np.float16).astype(np.float32)


CLUSTERED = _around(np.random.default_rng(7), 4000)


def test_groups_find_nearly_all_of_the_best_rows(grouped: vector_index.FaissIndex) -> None:
    correct = []
    for query in _around(np.random.default_rng(9), 50):
        nearest = set(_brute_force(CLUSTERED, query, 100, np.arange(4000)).rows.tolist())
        correct.append(len(nearest & set(grouped.search(query, 100).rows.tolist())))
    assert sum(correct) >= 0.98 * 100 * 50


def test_scores_of_groups_are_inner_products(grouped: vector_index.FaissIndex) -> None:
    (query,) = _around(np.random.default_rng(10), 1)
    pairs = _pairs(grouped.search(query, 300))
    assert len(pairs) == 300
    assert pairs == sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
    for row, score in pairs:
        assert score == pytest.approx(float(CLUSTERED[row] @ query), abs=1e-5)
    rows = np.array([3999, 0, 5])
    assert grouped.of_rows(rows).tolist() == CLUSTERED[rows].tolist()


@pytest.mark.parametrize("limit", [1, 10, 3990, 4000, 5000])
def test_groups_give_as_many_rows_as_exist(grouped: vector_index.FaissIndex, limit: int) -> None:
    assert len(set(grouped.search(CLUSTERED[0], limit).rows.tolist())) == min(limit, 4000)


@settings(max_examples=30)
@given(seed=SEEDS, filtered=st.integers(0, 200))
def test_a_filter_hides_no_hit_in_any_group(
    grouped: vector_index.FaissIndex, seed: int, filtered: int
) -> None:
    random = np.random.default_rng(seed)
    rows = random.permutation(4000)[:filtered]
    (query,) = _around(random, 1)
    nearest = grouped.search(query, 50, rows)
    expected = _brute_force(CLUSTERED, query, 50, np.sort(rows))
    assert nearest.scores.tolist() == pytest.approx(expected.scores.tolist(), abs=1e-5)
    assert set(nearest.rows.tolist()) <= set(rows.tolist())


@pytest.mark.parametrize("content", [None, b"", b"garbage", b"IxFI"])
def test_another_kind_of_file_is_corrupt(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "vectors.faiss"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexCorrupt, match=r"vectors\.faiss cannot be read.*depeche build PATH"):
        vector_index.FaissIndex(path)


def test_a_truncated_index_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    vector_index.write(path, InMemory(DIRECTIONS), never)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(IndexCorrupt):
        vector_index.FaissIndex(path)


def test_a_query_uses_one_thread(directions: vector_index.FaissIndex) -> None:
    import faiss

    def threads_after_search() -> int:
        directions.search(DIRECTIONS[0], 3)
        return int(faiss.omp_get_max_threads())

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(threads_after_search).result() == 1
