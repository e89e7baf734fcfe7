"""Keeps the vectors of a build until it is published, so that an interrupted build does not encode twice."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path

import numpy as np

from search.protocols import Floats

_BATCH = 500  # bound parameters of one statement
# The table keeps vectors in the order they come. In the order of their hashes, a batch would touch the
# whole file.
_TABLES = """
PRAGMA page_size = 16384;
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS encoder (name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS vector (hash BLOB PRIMARY KEY, vector BLOB NOT NULL);
"""


class VectorCache:
    """Vectors by the hash of their text, in a file; a build adds them batch by batch."""

    def __init__(self, path: Path, encoder: str) -> None:
        """Open or create the file, and delete the vectors of any other encoder; raises OSError."""
        self._path = path
        with ExitStack() as on_failure, self._sqlite_errors_as_os_errors():
            self._connection = sqlite3.connect(path, isolation_level=None)
            on_failure.callback(self._connection.close)
            self._connection.executescript(_TABLES)
            if self._connection.execute("SELECT name FROM encoder").fetchall() != [(encoder,)]:
                self._connection.execute("DELETE FROM vector")
                self._connection.execute("DELETE FROM encoder")
                self._connection.execute("INSERT INTO encoder VALUES (?)", (encoder,))
            on_failure.pop_all()

    def hashes(self) -> set[bytes]:
        """The hashes of all texts that have a vector; raises OSError."""
        with self._sqlite_errors_as_os_errors():
            return {text_hash for (text_hash,) in self._connection.execute("SELECT hash FROM vector")}

    def add(self, hashes: Sequence[bytes], vectors: Floats) -> None:
        """Write these vectors to disk, all or none; raises OSError."""
        records = [(text_hash, vector.tobytes()) for text_hash, vector in zip(hashes, vectors, strict=True)]
        with self._sqlite_errors_as_os_errors():
            self._connection.execute("BEGIN")
            self._connection.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", records)
            self._connection.execute("COMMIT")

    def vectors(self, hashes: Iterable[bytes]) -> Iterator[Floats]:
        """The vectors of these hashes, in their order; raises OSError."""
        wanted = iter(hashes)
        with self._sqlite_errors_as_os_errors():
            while batch := list(islice(wanted, _BATCH)):
                marks = ", ".join("?" for _ in batch)
                query = f"SELECT hash, vector FROM vector WHERE hash IN ({marks})"  # noqa: S608 - our own names
                vectors = dict(self._connection.execute(query, batch).fetchall())
                yield from (np.frombuffer(vectors[text_hash], np.float32) for text_hash in batch)

    def close(self) -> None:
        """Close the file; the next build uses its vectors."""
        self._connection.close()

    def remove(self) -> None:
        """Delete the file; call this when its vectors are published."""
        self.close()
        for file in sorted(self._path.parent.glob(f"{self._path.name}*")):  # a full disk leaves SQLite's log
            file.unlink()

    @contextmanager
    def _sqlite_errors_as_os_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as exc:
            raise OSError(
                f"{self._path} cannot be written ({exc}); make room on the disk, or delete that file"
            ) from exc
