"""Writes the articles and chunks of a generation into SQLite; ``article_store`` reads them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple
from pathlib import Path

import numpy as np

from search.build_types import Change
from search.indexing.article_store import (
    ARTICLE_COLUMNS,
    ARTICLE_FIELDS,
    BodyCodec,
    SqliteStore,
    digest,
    read_only_uri,
)
from search.protocols import GONE, Ints, Moved
from search.types import Article, Chunk

_ARTICLE_MARKS = ", ".join("?" for _ in ARTICLE_FIELDS)
_INCOMING_COLUMNS = ", ".join(
    "ifnull(old.body, compressed(incoming.body))" if name == "body" else f"incoming.{name}"
    for name in ARTICLE_FIELDS
)
_TYPES = {"id": "TEXT NOT NULL UNIQUE", "body": "BLOB NOT NULL", "word_count": "INTEGER NOT NULL"}
_TYPED = ", ".join(f"{name} {_TYPES.get(name, 'TEXT NOT NULL')}" for name in ARTICLE_FIELDS)
_UNTYPED = ", ".join(f"{name} TEXT NOT NULL UNIQUE" if name == "id" else name for name in ARTICLE_FIELDS)
_PAGE_BYTES = 1 << 14
_DICTIONARY_BYTES = 1 << 14  # of the first bodies; the others repeat parts of them
_TABLES = f"""
CREATE TABLE incoming (arrival INTEGER PRIMARY KEY, digest, {_UNTYPED});
CREATE TABLE article  (key INTEGER PRIMARY KEY, digest BLOB NOT NULL, {_TYPED});
CREATE TABLE chunk    (row INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES article (key),
                       ordinal INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
                       hash BLOB NOT NULL);
CREATE TABLE opening  (dictionary BLOB NOT NULL, first_rows BLOB NOT NULL);
"""
# A crash may damage an unfinished store, as nobody uses it. The publication makes a finished one durable.
_FAST_WRITES = f"PRAGMA page_size = {_PAGE_BYTES}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
_NUMBER_ARTICLES = f"""
INSERT INTO article SELECT row_number() OVER (ORDER BY arrival) - 1, incoming.digest, {_INCOMING_COLUMNS}
FROM incoming LEFT JOIN published.article AS old USING (id, digest);
DROP TABLE incoming;
"""  # noqa: S608 - our own names
_EMPTY_PUBLISHED = """
ATTACH ':memory:' AS published;
CREATE TABLE published.article (key, digest, id, body);
CREATE TABLE published.chunk (row, ordinal, start, end, hash);
"""
_UNCHANGED = """
SELECT article.key, old.key FROM article JOIN published.article AS old USING (id, digest) ORDER BY old.key
"""
_CHANGED = "article JOIN published.article AS old USING (id) WHERE article.digest <> old.digest"


class StoreWriter:
    """Takes all articles, then their chunks, in the order they are read; keys and rows count from 0.

    Unchanged articles are copied from the ``published`` store. ``change`` compares the articles with it;
    ``assign_keys`` sets it.
    """

    def __init__(self, path: Path, published: Path | None = None) -> None:
        """Create a store; raises IndexCorrupt when the published one cannot be read."""
        self._connection = sqlite3.connect(path.absolute().as_uri(), uri=True, isolation_level=None)
        self._connection.executescript(_FAST_WRITES + _TABLES)
        self._bodies: BodyCodec | None = None
        self._old_rows: Ints = np.zeros(1, np.int64)
        if published is None:
            self._connection.executescript(_EMPTY_PUBLISHED)
        else:
            self._attach(published)
        self._connection.execute("BEGIN")
        self._first_rows: list[int] = []
        self._rows = 0

    def add(self, article: Article) -> bool:
        """Store an article; give whether it replaces an earlier one with the same id."""
        replaced = self._connection.execute("DELETE FROM incoming WHERE id = ?", (article.id,)).rowcount > 0
        self._connection.execute(
            f"INSERT INTO incoming (digest, {ARTICLE_COLUMNS}) VALUES (?, {_ARTICLE_MARKS})",  # noqa: S608 - our own names
            (digest(article), *astuple(article)),
        )
        return replaced

    def assign_keys(self) -> int:
        """Number the articles in the order they came, the last of each id only; give how many there are."""
        self._bodies = self._bodies or BodyCodec(self._first_bodies())
        self._connection.create_function("compressed", 1, self._bodies.pack)
        self._connection.execute("COMMIT")
        self._connection.executescript(_NUMBER_ARTICLES)
        self._connection.execute("BEGIN")
        unchanged = np.array(self._connection.execute(_UNCHANGED).fetchall(), np.int64).reshape(-1, 2)
        self._old_keys: dict[int, int] = dict(zip(*unchanged.T.tolist(), strict=True))
        self._moved_keys = np.full(len(self._old_rows) - 1, GONE)
        self._moved_keys[unchanged[:, 1]] = unchanged[:, 0]
        self._count = self._count_records("article")
        changed, old_count = self._count_records(_CHANGED), len(self._moved_keys)
        new = self._count - len(unchanged) - changed
        self.change = Change(len(unchanged), new, changed, old_count - len(unchanged) - changed)
        return self._count

    @property
    def moved(self) -> Moved:
        """The new keys and rows of the published articles; valid when all chunks are stored."""
        old_first_rows, sizes = self._old_rows[:-1], np.diff(self._old_rows)
        first_rows = np.array(self._first_rows, np.int64)[self._moved_keys]
        rows = np.repeat(first_rows - old_first_rows, sizes) + np.arange(self._old_rows[-1])
        rows[np.repeat(self._moved_keys == GONE, sizes)] = GONE
        return Moved(self._moved_keys, rows)

    def articles(self) -> Iterator[tuple[int, Article | None]]:
        """Every key with its article, or with None if the article has not changed."""
        query = f"SELECT {ARTICLE_COLUMNS} FROM article WHERE key = ?"  # noqa: S608 - our own names
        assert self._bodies is not None  # noqa: S101 - assign_keys sets it
        for key in range(self._count):
            if key in self._old_keys:
                yield key, None
            else:
                yield key, self._bodies.article(self._connection.execute(query, (key,)).fetchone())

    def copy_chunks(self, key: int) -> None:
        """Copy the chunks of an unchanged article, as the next rows."""
        old_key = self._old_keys[key]
        first, end = self._old_rows[old_key : old_key + 2].tolist()
        self._connection.execute(
            "INSERT INTO chunk SELECT row + ?, ?, ordinal, start, end, hash FROM published.chunk "
            "WHERE row >= ? AND row < ?",
            (self._rows - first, key, first, end),
        )
        self._first_rows.append(self._rows)
        self._rows += end - first

    def add_chunk(self, chunk: Chunk, text_hash: bytes) -> None:
        """Store a chunk as the next row, with the hash of the text that is encoded for it."""
        self._connection.execute(
            "INSERT INTO chunk VALUES (?, ?, ?, ?, ?, ?)",
            (self._rows, chunk.article, chunk.ordinal, chunk.start, chunk.end, text_hash),
        )
        if not chunk.ordinal:
            self._first_rows.append(self._rows)
        self._rows += 1

    def finish(self) -> None:
        """Write everything to one file."""
        first_rows = np.array(self._first_rows, np.int64).tobytes()
        assert self._bodies is not None  # noqa: S101 - assign_keys sets it
        self._connection.execute("INSERT INTO opening VALUES (?, ?)", (self._bodies.dictionary, first_rows))
        self._connection.execute("COMMIT")
        self._connection.execute("DETACH published")
        self._connection.execute("VACUUM")

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def _first_bodies(self) -> bytes:
        query = "SELECT body FROM incoming ORDER BY arrival LIMIT ?"
        bodies = self._connection.execute(query, (_DICTIONARY_BYTES,))
        text = bytearray()
        while len(text) < _DICTIONARY_BYTES and (record := bodies.fetchone()):
            text += record[0].encode()
        return bytes(text[:_DICTIONARY_BYTES])

    def _attach(self, published: Path) -> None:
        with closing(SqliteStore(published)) as store:
            self._bodies = store.bodies
            self._old_rows = np.append(store.first_rows, store.chunk_count)
        self._connection.execute("ATTACH ? AS published", (read_only_uri(published),))

    def _count_records(self, source: str) -> int:
        (count,) = self._connection.execute(f"SELECT count(*) FROM {source}").fetchone()  # noqa: S608 - our own names
        return int(count)


@contextmanager
def open_writer(path: Path, published: Path | None = None) -> Iterator[StoreWriter]:
    """A writer of a new store; raises OSError when SQLite cannot write it."""
    try:
        with closing(StoreWriter(path, published)) as writer:
            yield writer
    except sqlite3.DatabaseError as exc:
        raise OSError(f"{path} cannot be written: {exc}") from exc
