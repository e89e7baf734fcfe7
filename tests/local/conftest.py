import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest


@pytest.fixture
def swapped_hashes() -> Callable[[Path], None]:
    """Swaps the hashes of the first two rows of a store."""

    def swap(store: Path) -> None:
        with closing(sqlite3.connect(store)) as connection, connection:
            (first,), (second,) = connection.execute("SELECT hash FROM chunk WHERE row < 2 ORDER BY row")
            connection.executemany("UPDATE chunk SET hash = ? WHERE row = ?", [(second, 0), (first, 1)])

    return swap
