"""Vectors already paid for: those of the previous generation and those of an interrupted build."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from search.protocols import Floats

_TABLES = """
CREATE TABLE IF NOT EXISTS encoder (name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS vector (hash BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
"""


class EncodedTexts:
    """Vectors by the hash of their text, kept on disk batch by batch while a build goes on."""

    def __init__(self, path: Path, encoder: str) -> None:
        """Open or make the file; what another encoder left in it is dropped."""
        self._path = path
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(_TABLES)
        if self._db.execute("SELECT name FROM encoder").fetchall() != [(encoder,)]:
            self._db.execute("DELETE FROM vector")
            self._db.execute("DELETE FROM encoder")
            self._db.execute("INSERT INTO encoder VALUES (?)", (encoder,))

    def hashes(self) -> set[bytes]:
        """The hashes of every text whose vector is here."""
        return {text_hash for (text_hash,) in self._db.execute("SELECT hash FROM vector")}

    def add(self, hashes: Sequence[bytes], vectors: Floats) -> None:
        """Keep vectors, durably, all or none."""
        records = [(text_hash, vector.tobytes()) for text_hash, vector in zip(hashes, vectors, strict=True)]
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", records)
        self._db.execute("COMMIT")

    def vectors(self, hashes: Iterable[bytes]) -> Iterator[Floats]:
        """The vectors of these hashes, in their order."""
        for text_hash in hashes:
            (vector,) = self._db.execute("SELECT vector FROM vector WHERE hash = ?", (text_hash,)).fetchone()
            yield np.frombuffer(vector, np.float32)

    def remove(self) -> None:
        """Delete the file."""
        self._db.close()
        self._path.unlink()
