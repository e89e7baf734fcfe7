"""Vectors already paid for by a build that is not published yet, or was interrupted."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from search.protocols import Floats

# A batch is added at the end of the file: vectors in the order of their hashes would touch all of it.
_TABLES = """
PRAGMA page_size = 16384;
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS encoder (name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS vector (hash BLOB PRIMARY KEY, vector BLOB NOT NULL);
"""


class EncodedTexts:
    """Vectors by the hash of their text, kept on disk batch by batch while a build goes on."""

    def __init__(self, path: Path, encoder: str) -> None:
        """Open or make the file; what another encoder left in it is dropped. Raises OSError."""
        self._path = path
        with ExitStack() as on_failure, self._translated():
            self._db = sqlite3.connect(path, isolation_level=None)
            on_failure.callback(self._db.close)
            self._db.executescript(_TABLES)
            if self._db.execute("SELECT name FROM encoder").fetchall() != [(encoder,)]:
                self._db.execute("DELETE FROM vector")
                self._db.execute("DELETE FROM encoder")
                self._db.execute("INSERT INTO encoder VALUES (?)", (encoder,))
            on_failure.pop_all()

    def hashes(self) -> set[bytes]:
        """The hashes of every text whose vector is here; raises OSError."""
        with self._translated():
            return {text_hash for (text_hash,) in self._db.execute("SELECT hash FROM vector")}

    def add(self, hashes: Sequence[bytes], vectors: Floats) -> None:
        """Keep vectors, durably, all or none; raises OSError."""
        records = [(text_hash, vector.tobytes()) for text_hash, vector in zip(hashes, vectors, strict=True)]
        with self._translated():
            self._db.execute("BEGIN")
            self._db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", records)
            self._db.execute("COMMIT")

    def vectors(self, hashes: Iterable[bytes]) -> Iterator[Floats]:
        """The vectors of these hashes, in their order; raises OSError."""
        with self._translated():
            for text_hash in hashes:
                found = self._db.execute("SELECT vector FROM vector WHERE hash = ?", (text_hash,))
                yield np.frombuffer(found.fetchone()[0], np.float32)

    def close(self) -> None:
        """Release the file; the next build takes it over."""
        self._db.close()

    def remove(self) -> None:
        """Delete the file, once its vectors are published."""
        self.close()
        for file in sorted(self._path.parent.glob(f"{self._path.name}*")):  # a log left by a full disk too
            file.unlink()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as exc:
            raise OSError(
                f"{self._path} cannot be written ({exc}); make room on the disk, or delete that file"
            ) from exc
