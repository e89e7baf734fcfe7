from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.local import vector_index
from search.local.partial_vectors import PartialVectors
from search.local.vector_file import VectorFile
from search.protocols import Bools, Floats, Ints
from tests.fakes import InMemory

ROWS, DIMENSION = 40, 16


def _content(seed: int) -> Floats:
    """Unit vectors whose inner products are multiples of 1/8: exact, and often equal."""
    signs: Floats = np.random.default_rng(seed).choice(np.array([-0.25, 0.25], np.float32), (ROWS, DIMENSION))
    return signs


CONTENT = _content(1)
MASKS = st.lists(st.booleans(), min_size=ROWS, max_size=ROWS).map(lambda mask: np.array(mask, bool))
SOME_ROWS = st.none() | st.lists(st.integers(0, ROWS - 1), unique=True).map(
    lambda rows: np.array(sorted(rows), np.int64)
)


def _written(folder: Path, encoded: Bools) -> PartialVectors:
    path = folder / "vectors.npy"
    vector_index.write(path, folder / "vectors.codes", InMemory(CONTENT[encoded]), lambda: CONTENT[:1])
    return PartialVectors(vector_index.FileVectors(VectorFile(path), None), encoded)


@settings(max_examples=100)
@given(encoded=MASKS, rows=SOME_ROWS, limit=st.integers(1, ROWS + 5), seed=st.integers(0, 99))
def test_it_answers_as_an_array_of_the_encoded_rows(
    tmp_path_factory: pytest.TempPathFactory, encoded: Bools, rows: Ints | None, limit: int, seed: int
) -> None:
    vectors = _written(tmp_path_factory.mktemp("vectors"), encoded)
    expected, query = InMemory(CONTENT, encoded), _content(seed)[0]
    assert vectors.encoded.tolist() == encoded.tolist()
    assert (vectors.rows, vectors.dimension) == (ROWS, DIMENSION)
    found, right = vectors.search(query, limit, rows), expected.search(query, limit, rows)
    assert found.rows.tolist() == right.rows.tolist()
    assert found.scores.tolist() == right.scores.tolist()
    asked = np.random.default_rng(seed).integers(0, ROWS, 7)
    assert vectors.of_rows(asked).tolist() == expected.of_rows(asked).tolist()
    assert vectors.similarity(query, asked).tolist() == expected.similarity(query, asked).tolist()
