from collections.abc import Iterator

import pytest

from .cluster import Server, single


@pytest.fixture(scope="module")
def alone() -> Iterator[Server]:
    """One server without shards."""
    with single() as server:
        yield server
