import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest


@pytest.fixture
def swapped_hashes() -> Callable[[Path], None]:
    """Exchange the hashes of the first two rows of a store."""

    def swap(store: Path) -> None:
        with closing(sqlite3.connect(store)) as db, db:
            (first,), (second,) = db.execute("SELECT hash FROM chunk WHERE row < 2 ORDER BY row")
            db.executemany("UPDATE chunk SET hash = ? WHERE row = ?", [(second, 0), (first, 1)])

    return swap
