import numpy as np

from search.retrieval.archive_sample import ArchiveSample
from search.retrieval.rows import ArticleRows
from tests.fakes import InMemory


def test_rows_without_a_vector_are_left_out() -> None:
    encoded = np.array([True, False, True, True])
    rows = ArticleRows.starting(np.array([0, 1, 2]), 4)
    sample = ArchiveSample.of(InMemory(np.eye(4, dtype=np.float32), encoded), rows)
    assert not sample.is_complete
    assert sample.encoded_count == 3
    assert sample.with_vectors(np.array([0, 1, 3])).tolist() == [0, 3]
    assert sample.vectors.tolist() == np.eye(4)[encoded].tolist()
    assert sample.starts.tolist() == [0, 1]


def test_where_every_row_has_a_vector_none_is_left_out() -> None:
    rows = ArticleRows.starting(np.array([0, 1]), 3)
    sample = ArchiveSample.of(InMemory(np.eye(3, dtype=np.float32)), rows)
    assert sample.is_complete
    assert sample.with_vectors(np.array([0, 2])).tolist() == [0, 2]
