import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.errors import IndexCorrupt
from search.local import vector_codes, vector_file, vector_index
from search.local.vector_codes import VectorCodes
from search.local.vector_file import VectorFile
from search.local.vector_index import FileVectors
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


def _write_and_open(folder: Path, content: Floats) -> FileVectors:
    path, codes = folder / "vectors.npy", folder / "vectors.codes"
    assert vector_index.write(path, codes, InMemory(content), never) == "exact fp16"
    assert not codes.exists()
    return FileVectors(VectorFile(path), None)


@pytest.fixture(scope="module")
def signs(tmp_path_factory: pytest.TempPathFactory) -> FileVectors:
    return _write_and_open(tmp_path_factory.mktemp("signs"), SIGNS)


@pytest.fixture(scope="module")
def directions(tmp_path_factory: pytest.TempPathFactory) -> FileVectors:
    return _write_and_open(tmp_path_factory.mktemp("directions"), DIRECTIONS)


def _brute_force(content: Floats, query: Floats, limit: int, rows: Ints) -> NearestRows:
    return InMemory(content).search(query, limit, rows)


def _pairs(nearest: NearestRows) -> list[tuple[int, float]]:
    """Rows with their scores, in order."""
    return list(zip(nearest.rows.tolist(), nearest.scores.tolist(), strict=True))


@settings(max_examples=60)
@given(seed=SEEDS, limit=LIMITS, filtered=st.sampled_from([0, 1, 2, ROWS - 1, ROWS]) | st.integers(0, ROWS))
def test_the_best_rows_come_first_and_equal_scores_by_row(
    signs: FileVectors, seed: int, limit: int, filtered: int
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
def test_scores_are_inner_products(directions: FileVectors, seed: int, limit: int) -> None:
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


def test_no_rows_give_no_nearest_rows(directions: FileVectors) -> None:
    assert _pairs(directions.search(DIRECTIONS[0], 0)) == []
    assert _pairs(directions.search(DIRECTIONS[0], 5, np.empty(0, np.int64))) == []


def test_similarity_is_by_row(directions: FileVectors) -> None:
    query = _directions(np.random.default_rng(5), DIMENSION)
    rows = np.array([7, 3, 299])
    np.testing.assert_allclose(directions.similarity(query, rows), DIRECTIONS[rows] @ query, atol=1e-6)


def test_vectors_come_in_the_order_of_the_rows(directions: FileVectors) -> None:
    rows = np.array([299, 0, 17, 17])
    assert directions.of_rows(rows).tolist() == DIRECTIONS[rows].tolist()


def test_half_precision_does_not_depend_on_the_memory_order(tmp_path: Path) -> None:
    content = np.asfortranarray(np.random.default_rng(3).normal(size=(ROWS, DIMENSION)).astype(np.float32))
    index = _write_and_open(tmp_path, content)
    assert (index.rows, index.dimension) == (ROWS, DIMENSION)
    assert index.of_rows(np.arange(ROWS)).tolist() == content.astype(np.float16).tolist()


def _written_with_codes(folder: Path, content: Floats, queries: Floats) -> tuple[str, FileVectors]:
    path, codes = folder / "vectors.npy", folder / "vectors.codes"
    kind = vector_index.write(path, codes, InMemory(content), lambda: queries)
    return kind, FileVectors(VectorFile(path), VectorCodes(codes))


@pytest.fixture(scope="module", params=["one group", "groups"])
def coded(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[FileVectors]:
    """An index whose searches choose rows by codes; its rows lie around forty centres."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vector_index, "EXACT_ROWS", 300)
        if request.param == "groups":
            patch.setattr(vector_codes, "ONE_GROUP", 3500)
            patch.setattr(vector_codes, "_ROWS_A_GROUP", 50)
            patch.setattr(vector_codes, "_FEW_GROUPS", 0.99)
        queries = _around(np.random.default_rng(8), 64)
        kind, index = _written_with_codes(tmp_path_factory.mktemp("coded"), CLUSTERED, queries)
        description = re.fullmatch(r"4-bit codes and fp16(?:, (\d+) of 80 groups)?, recall@100 (\S+)", kind)
        assert description
        assert (description[1] is None) == (request.param == "one group")
        assert float(description[2]) >= 0.99
        yield index


CENTRES = _directions(np.random.default_rng(6), 40, DIMENSION)


def _around(random: np.random.Generator, count: int) -> Floats:
    vectors = CENTRES[random.integers(0, 40, count)] + 0.2 * _directions(random, count, DIMENSION)
    vectors /= np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors.astype(np.float16).astype(np.float32)


CLUSTERED = _around(np.random.default_rng(7), 4000)


def test_codes_find_nearly_all_of_the_best_rows(coded: FileVectors) -> None:
    correct = []
    for query in _around(np.random.default_rng(9), 50):
        nearest = set(_brute_force(CLUSTERED, query, 100, np.arange(4000)).rows.tolist())
        correct.append(len(nearest & set(coded.search(query, 100).rows.tolist())))
    assert sum(correct) >= 0.985 * 100 * 50


def test_scores_by_codes_are_inner_products(coded: FileVectors) -> None:
    (query,) = _around(np.random.default_rng(10), 1)
    pairs = _pairs(coded.search(query, 300))
    assert len(pairs) == 300
    assert pairs == sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
    for row, score in pairs:
        assert score == pytest.approx(float(CLUSTERED[row] @ query), abs=1e-5)
    rows = np.array([3999, 0, 5])
    assert coded.of_rows(rows).tolist() == CLUSTERED[rows].tolist()


@pytest.mark.parametrize("limit", [0, 1, 10, 1800, 3990, 4000, 5000])
def test_codes_give_as_many_rows_as_exist(coded: FileVectors, limit: int) -> None:
    assert len(set(coded.search(CLUSTERED[0], limit).rows.tolist())) == min(limit, 4000)


@settings(max_examples=30)
@given(seed=SEEDS, filtered=st.integers(0, 300))
def test_a_filter_hides_no_hit(coded: FileVectors, seed: int, filtered: int) -> None:
    random = np.random.default_rng(seed)
    rows = random.permutation(4000)[:filtered]
    (query,) = _around(random, 1)
    nearest = coded.search(query, 50, rows)
    expected = _brute_force(CLUSTERED, query, 50, np.sort(rows))
    assert nearest.rows.tolist() == expected.rows.tolist()
    assert nearest.scores.tolist() == pytest.approx(expected.scores.tolist(), abs=1e-5)


@settings(max_examples=30)
@given(seed=SEEDS, filtered=st.integers(301, 4000))
def test_a_filter_of_many_rows_finds_nearly_all_of_the_best(
    coded: FileVectors, seed: int, filtered: int
) -> None:
    random = np.random.default_rng(seed)
    rows = random.permutation(4000)[:filtered]
    (query,) = _around(random, 1)
    nearest = coded.search(query, 50, rows).rows.tolist()
    assert len(nearest) == 50
    assert set(nearest) <= set(rows.tolist())
    assert len(set(nearest) & set(_brute_force(CLUSTERED, query, 50, rows).rows.tolist())) >= 48


@pytest.mark.usefixtures("coded")
@pytest.mark.parametrize("limit", [1, 7, 120, 900, 2000, 2500])
def test_the_first_of_many_rows_with_equal_codes_are_given(tmp_path: Path, limit: int) -> None:
    """Two of three rows are the same; a search by codes alone would give any of them."""
    content = np.concatenate([CLUSTERED[:1000], np.tile(CLUSTERED[:1], (2000, 1))])
    kind, index = _written_with_codes(tmp_path, content, CLUSTERED[:1])
    assert kind.startswith("4-bit codes")
    same = np.flatnonzero((content == content[0]).all(axis=1)).tolist()
    assert index.search(CLUSTERED[0], limit).rows.tolist()[:2001] == same[:limit]


@pytest.mark.usefixtures("coded")
def test_rows_are_not_grouped_where_the_best_lie_in_many_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_codes, "ONE_GROUP", 3500)
    monkeypatch.setattr(vector_codes, "_ROWS_A_GROUP", 50)
    monkeypatch.setattr(vector_codes, "_FEW_GROUPS", 1 / 80)
    kind, _ = _written_with_codes(tmp_path, CLUSTERED, _around(np.random.default_rng(8), 64))
    assert "groups" not in kind


class _LastOfEqualRows(VectorCodes):
    """Gives the last rows of those with equal scores, as FAISS may."""

    def nearest(self, query: Floats, count: int, rows: Ints | None) -> NearestRows:
        scores = SIGNS @ query
        order = np.lexsort((-np.arange(ROWS), -scores))[:count]
        return NearestRows(order, scores[order])


@pytest.mark.parametrize("limit", [1, 5, 20])
def test_equal_rows_that_codes_leave_out_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(vector_index, "EXACT_ROWS", 1)
    monkeypatch.setattr(vector_codes, "candidates", lambda count: count)
    vector_file.write(tmp_path / "vectors.npy", InMemory(SIGNS))
    index = FileVectors(VectorFile(tmp_path / "vectors.npy"), _LastOfEqualRows(tmp_path))
    expected = _brute_force(SIGNS, SIGNS[0], limit, np.arange(ROWS))
    assert _pairs(index.search(SIGNS[0], limit)) == _pairs(expected)


def test_codes_that_miss_the_best_rows_are_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_index, "EXACT_ROWS", 300)
    monkeypatch.setattr(vector_codes, "_RECALL", 1.1)
    path, codes = tmp_path / "vectors.npy", tmp_path / "vectors.codes"
    kind = vector_index.write(path, codes, InMemory(CLUSTERED), lambda: CLUSTERED[:8])
    assert kind == "exact fp16"
    assert not codes.exists()


def test_threads_share_an_index(coded: FileVectors) -> None:
    queries = _around(np.random.default_rng(11), 40)
    alone = [_pairs(coded.search(query, 60)) for query in queries]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda query: _pairs(coded.search(query, 60)), queries)) == alone


@settings(max_examples=50)
@given(rows=st.lists(st.integers(0, ROWS - 1)))
@pytest.mark.parametrize("mapped", [0, 2**20])
def test_a_file_gives_the_same_vectors_mapped_or_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[int], mapped: int
) -> None:
    path = tmp_path_factory.mktemp("file") / "vectors.npy"
    vector_file.write(path, InMemory(DIRECTIONS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vector_file, "_MAPPED", mapped)
        vectors = VectorFile(path)
    assert vectors.of_rows(np.array(rows, np.int64)).tolist() == DIRECTIONS[rows].tolist()


def test_every_finite_half_becomes_the_same_single() -> None:
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16)
    finite = halves[np.isfinite(halves)]
    singles = vector_file.single_precision(finite)
    assert singles.dtype == np.float32
    assert singles.tobytes() == finite.astype(np.float32).tobytes()


@pytest.mark.parametrize("content", [None, b"", b"garbage", b"\x93NUMPY\x01\x00"])
def test_another_kind_of_file_is_corrupt(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "vectors.npy"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexCorrupt, match=r"vectors\.npy cannot be read.*depeche build PATH"):
        VectorFile(path)


@pytest.mark.parametrize(
    "content", [np.zeros((3, 2)), np.zeros(4, np.float16), np.zeros((2, 3), np.float16, "F")]
)
def test_another_array_is_corrupt(tmp_path: Path, content: Floats) -> None:
    path = tmp_path / "vectors.npy"
    np.save(path, content)
    with pytest.raises(IndexCorrupt, match=r"vectors\.npy cannot be read"):
        VectorFile(path)


@pytest.mark.parametrize("content", [None, b"", b"garbage", b"IwPf"])
def test_codes_of_another_kind_are_corrupt(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "vectors.codes"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexCorrupt, match=r"vectors\.codes cannot be read.*depeche build PATH"):
        VectorCodes(path).nearest(DIRECTIONS[0], 3, None)


def test_a_truncated_index_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npy"
    vector_file.write(path, InMemory(DIRECTIONS))
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(IndexCorrupt):
        VectorFile(path)


def test_a_query_uses_one_thread(coded: FileVectors) -> None:
    import faiss

    def threads_after_search() -> int:
        coded.search(CLUSTERED[0], 3)
        return int(faiss.omp_get_max_threads())

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(threads_after_search).result() == 1
