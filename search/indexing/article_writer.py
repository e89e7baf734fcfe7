"""SQLite: the articles and chunks of a generation, written once; ``article_store`` reads them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np

from search.build_types import Change
from search.indexing.article_store import ARTICLE_COLUMNS, BodyCodec, SqliteStore, digest, read_only_uri
from search.protocols import GONE, Ints, Moved
from search.types import Article, Chunk

_ARTICLE_MARKS = ", ".join("?" for _ in fields(Article))
_PACKED = ", ".join(
    "ifnull(kept.body, packed(incoming.body))" if field.name == "body" else f"incoming.{field.name}"
    for field in fields(Article)
)
_PAGE = 1 << 14
_DICTIONARY = 1 << 14  # bytes of the first bodies, which the others repeat in part
_TABLES = """
CREATE TABLE incoming (arrival INTEGER PRIMARY KEY, digest, id TEXT NOT NULL UNIQUE, title, body, published,
                       source, section, url, lang, place);
CREATE TABLE article  (key INTEGER PRIMARY KEY, digest BLOB NOT NULL, id TEXT NOT NULL UNIQUE,
                       title TEXT NOT NULL, body BLOB NOT NULL, published TEXT NOT NULL, source TEXT NOT NULL,
                       section TEXT NOT NULL, url TEXT NOT NULL, lang TEXT NOT NULL, place TEXT NOT NULL);
CREATE TABLE chunk    (row INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES article (key),
                       ordinal INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
                       hash BLOB NOT NULL);
CREATE TABLE opening  (dictionary BLOB NOT NULL, first_rows BLOB NOT NULL);
"""
# An unfinished store is thrown away, and a finished one made durable when it is published.
_UNSAFE = f"PRAGMA page_size = {_PAGE}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
_FINISH = f"""
INSERT INTO article SELECT row_number() OVER (ORDER BY arrival) - 1, incoming.digest, {_PACKED}
FROM incoming LEFT JOIN published.article AS kept USING (id, digest);
DROP TABLE incoming;
"""  # noqa: S608 - our own names
_NOTHING_PUBLISHED = """
ATTACH ':memory:' AS published;
CREATE TABLE published.article (key, digest, id, body);
CREATE TABLE published.chunk (row, ordinal, start, end, hash);
"""
_KEPT = """
SELECT article.key, kept.key FROM article JOIN published.article AS kept USING (id, digest) ORDER BY kept.key
"""
_CHANGED = "article JOIN published.article AS before USING (id) WHERE article.digest <> before.digest"


class StoreWriter:
    """Takes articles in the order read, then their chunks; keys and rows count from 0.

    What is as it was in the ``published`` store is taken over from there. ``change`` tells, once keys are
    assigned, what the articles are compared to those.
    """

    def __init__(self, path: Path, published: Path | None = None) -> None:
        """Make a new store; raises IndexCorrupt when the published one cannot be read."""
        self._db = sqlite3.connect(path.absolute().as_uri(), uri=True, isolation_level=None)
        self._db.executescript(_UNSAFE + _TABLES)
        self._bodies: BodyCodec | None = None
        self._old_rows: Ints = np.zeros(1, np.int64)
        if published is None:
            self._db.executescript(_NOTHING_PUBLISHED)
        else:
            self._take_over(published)
        self._db.execute("BEGIN")
        self._first_rows: list[int] = []
        self._rows = 0

    def add(self, article: Article) -> bool:
        """Keep an article; tell whether it replaces an earlier one with the same id."""
        replaced = self._db.execute("DELETE FROM incoming WHERE id = ?", (article.id,)).rowcount > 0
        self._db.execute(
            f"INSERT INTO incoming (digest, {ARTICLE_COLUMNS}) VALUES (?, {_ARTICLE_MARKS})",  # noqa: S608 - our own names
            (digest(article), *astuple(article)),
        )
        return replaced

    def assign_keys(self) -> int:
        """Number the articles in the order they arrived, the last of an id counting; give how many."""
        self._bodies = self._bodies or BodyCodec(self._beginning())
        self._db.create_function("packed", 1, self._bodies.pack)
        self._db.execute("COMMIT")
        self._db.executescript(_FINISH)
        self._db.execute("BEGIN")
        kept = np.array(self._db.execute(_KEPT).fetchall(), np.int64).reshape(-1, 2)
        self._kept_as: dict[int, int] = dict(zip(*kept.T.tolist(), strict=True))
        self._moved_keys = np.full(len(self._old_rows) - 1, GONE)
        self._moved_keys[kept[:, 1]] = kept[:, 0]
        self._count = self._counted("article")
        changed, before = self._counted(_CHANGED), len(self._moved_keys)
        self.change = Change(
            len(kept), self._count - len(kept) - changed, changed, before - len(kept) - changed
        )
        return self._count

    @property
    def moved(self) -> Moved:
        """Where the published articles and rows are now; once every chunk is here."""
        old_firsts, sizes = self._old_rows[:-1], np.diff(self._old_rows)
        firsts = np.array(self._first_rows, np.int64)[self._moved_keys]
        rows = np.repeat(firsts - old_firsts, sizes) + np.arange(self._old_rows[-1])
        rows[np.repeat(self._moved_keys == GONE, sizes)] = GONE
        return Moved(self._moved_keys, rows)

    def articles(self) -> Iterator[tuple[int, Article | None]]:
        """Every article by key; None for one that is as it was."""
        query = f"SELECT {ARTICLE_COLUMNS} FROM article WHERE key = ?"  # noqa: S608 - our own names
        assert self._bodies is not None  # noqa: S101 - numbered before
        for key in range(self._count):
            if key in self._kept_as:
                yield key, None
            else:
                yield key, self._bodies.article(self._db.execute(query, (key,)).fetchone())

    def keep_chunks(self, key: int) -> None:
        """Take over the chunks of an article that is as it was, as the next rows."""
        old = self._kept_as[key]
        first, end = self._old_rows[old : old + 2].tolist()
        self._db.execute(
            "INSERT INTO chunk SELECT row + ?, ?, ordinal, start, end, hash FROM published.chunk "
            "WHERE row >= ? AND row < ?",
            (self._rows - first, key, first, end),
        )
        self._first_rows.append(self._rows)
        self._rows += end - first

    def add_chunk(self, chunk: Chunk, text_hash: bytes) -> None:
        """Keep a chunk as the next row, with the hash of the text that is encoded for it."""
        self._db.execute(
            "INSERT INTO chunk VALUES (?, ?, ?, ?, ?, ?)",
            (self._rows, chunk.article, chunk.ordinal, chunk.start, chunk.end, text_hash),
        )
        if not chunk.ordinal:
            self._first_rows.append(self._rows)
        self._rows += 1

    def finish(self) -> None:
        """Write everything to disk in one plain file."""
        first_rows = np.array(self._first_rows, np.int64).tobytes()
        assert self._bodies is not None  # noqa: S101 - numbered before
        self._db.execute("INSERT INTO opening VALUES (?, ?)", (self._bodies.dictionary, first_rows))
        self._db.execute("COMMIT")
        self._db.execute("DETACH published")
        self._db.execute("VACUUM")

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def _beginning(self) -> bytes:
        bodies = self._db.execute("SELECT body FROM incoming ORDER BY arrival LIMIT ?", (_DICTIONARY,))
        found = bytearray()
        while len(found) < _DICTIONARY and (record := bodies.fetchone()):
            found += record[0].encode()
        return bytes(found[:_DICTIONARY])

    def _take_over(self, published: Path) -> None:
        with closing(SqliteStore(published)) as store:
            self._bodies = store.bodies
            self._old_rows = np.append(store.first_rows, store.chunk_count)
        self._db.execute("ATTACH ? AS published", (read_only_uri(published),))

    def _counted(self, what: str) -> int:
        (count,) = self._db.execute(f"SELECT count(*) FROM {what}").fetchone()  # noqa: S608 - our own names
        return int(count)


@contextmanager
def writing(path: Path, published: Path | None = None) -> Iterator[StoreWriter]:
    """Give a writer of a new store; raises OSError when the disk takes no more."""
    try:
        with closing(StoreWriter(path, published)) as writer:
            yield writer
    except sqlite3.DatabaseError as exc:
        raise OSError(f"{path} cannot be written: {exc}") from exc
