"""Writes the articles and chunks of a generation into SQLite; ``article_store`` reads them."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import chain, islice
from operator import attrgetter
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
from search.retention import Keeps
from search.types import Article, Chunk

_values = attrgetter(*ARTICLE_FIELDS)
_ARTICLE_MARKS = ", ".join("?" for _ in ARTICLE_FIELDS)
_INCOMING_COLUMNS = ", ".join(f"incoming.{name}" for name in ARTICLE_FIELDS)
_OLD_COLUMNS = ", ".join(f"old.{name}" for name in ARTICLE_FIELDS)
_TYPES = {"id": "TEXT NOT NULL UNIQUE", "body": "BLOB NOT NULL", "word_count": "INTEGER NOT NULL"}
_TYPED = ", ".join(f"{name} {_TYPES.get(name, 'TEXT NOT NULL')}" for name in ARTICLE_FIELDS)
_UNTYPED = ", ".join(f"{name} TEXT NOT NULL UNIQUE" if name == "id" else name for name in ARTICLE_FIELDS)
_BODY = 2 + ARTICLE_FIELDS.index("body")
"""The column of the body in ``article``."""
_PAGE_BYTES = 1 << 14
_THREADS = 4  # that compress bodies
_TOGETHER = 256  # articles that are compressed at once
_SAMPLED_ARTICLES = 100
_DICTIONARY_BYTES = 1 << 14  # of the first bodies; the others repeat parts of them
_TABLES = f"""
CREATE TABLE incoming (arrival INTEGER PRIMARY KEY, digest, {_UNTYPED});
CREATE TABLE kept     (key INTEGER PRIMARY KEY);
CREATE TABLE place    (key INTEGER PRIMARY KEY, arrival INTEGER, old INTEGER);
CREATE TABLE article  (key INTEGER PRIMARY KEY, digest BLOB NOT NULL, {_TYPED});
CREATE TABLE chunk    (row INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES article (key),
                       ordinal INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
                       hash BLOB NOT NULL);
CREATE TABLE opening  (dictionary BLOB NOT NULL, first_rows BLOB NOT NULL);
"""
# A crash may damage an unfinished store, as nobody uses it. The publication makes a finished one durable.
_FAST_WRITES = f"PRAGMA page_size = {_PAGE_BYTES}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
_NUMBER_ARTICLES = f"""
INSERT INTO place
SELECT row_number() OVER (ORDER BY file, arrival IS NOT NULL, ifnull(arrival, old)) - 1, arrival, old
FROM (SELECT file, NULL AS arrival, key AS old FROM published.article JOIN kept USING (key)
      UNION ALL
      SELECT incoming.file, arrival, old.key
      FROM incoming LEFT JOIN published.article AS old USING (id, digest));
INSERT INTO article SELECT place.key, old.digest, {_OLD_COLUMNS}
FROM place JOIN published.article AS old ON old.key = place.old ORDER BY place.key;
"""  # noqa: S608 - our own names
_NEW_ARTICLES = f"""
SELECT place.key, incoming.digest, {_INCOMING_COLUMNS}
FROM place JOIN incoming USING (arrival) WHERE place.old IS NULL ORDER BY place.key
"""  # noqa: S608 - our own names
_NOT_COPIED = "article JOIN place USING (key) WHERE old IS NULL OR ?"
_EMPTY_PUBLISHED = f"""
ATTACH '' AS published;
CREATE TABLE published.article (key INTEGER PRIMARY KEY, digest, {_UNTYPED});
"""  # SQLite removes this file at the end
_CHANGED = "incoming JOIN published.article AS old USING (id) WHERE incoming.digest <> old.digest"
_NOT_READ = "NOT EXISTS (SELECT 1 FROM incoming WHERE incoming.id = old.id)"
_KEEP = f"""
INSERT INTO kept SELECT key FROM published.article AS old WHERE {_NOT_READ} AND keeps(id, file)
"""  # noqa: S608 - our own names
_OUTDATED = "published.article JOIN kept USING (key) WHERE covers(file)"
_GONE = f"""
SELECT file, count(*) FROM published.article AS old LEFT JOIN kept USING (key)
WHERE kept.key IS NULL AND {_NOT_READ} GROUP BY file ORDER BY file
"""  # noqa: S608 - our own names
_FROM_OTHER_FILES = """
SELECT id, old.file, incoming.file FROM incoming JOIN published.article AS old USING (id)
WHERE old.file <> incoming.file AND keeps(id, old.file)
  AND (old.title <> incoming.title OR unpacked(old.body) <> incoming.body) ORDER BY arrival
"""


class StoreWriter:
    """Takes all articles, then their chunks, in the order of the keys; keys and rows count from 0.

    The articles of the index before are those of the ``published`` store, or those of ``hold``. ``keep`` says
    which of them stay though they are not added again. Articles that stay or have not changed are copied, and
    so are their chunks from the ``published`` store. ``assign_keys`` sets ``change``, which compares the
    articles with those before, ``digest``, the SHA-256 of all of them in order, and ``new_bytes``, the
    size of the compressed bodies whose chunks cannot be copied.
    """

    def __init__(self, path: Path, published: Path | None = None) -> None:
        """Create a store; raises IndexCorrupt when the published one cannot be read."""
        self._connection = sqlite3.connect(path.absolute().as_uri(), uri=True, isolation_level=None)
        self._connection.executescript(_FAST_WRITES + _TABLES)
        self._bodies: BodyCodec | None = None
        self._old_rows: Ints = np.zeros(1, np.int64)
        self._copies_chunks = published is not None
        if published is None:
            self._connection.executescript(_EMPTY_PUBLISHED)
        else:
            self._attach(published)
        self._connection.execute("BEGIN")
        self._first_rows: list[int] = []
        self._rows = 0
        self._outdated = 0

    def hold(self, articles: Iterable[Article]) -> None:
        """Take the articles of an index whose store cannot be copied, in their order, before any other."""
        pending = iter(articles)
        opening = list(islice(pending, _SAMPLED_ARTICLES))
        self._bodies = BodyCodec(_dictionary(article.body for article in opening))
        statement = f"INSERT INTO published.article VALUES (?, ?, {_ARTICLE_MARKS})"  # noqa: S608 - our own names
        for key, article in enumerate(chain(opening, pending)):
            packed = replace(article, body=self._bodies.pack(article.body))  # type: ignore[arg-type]
            self._connection.execute(statement, (key, digest(article), *_values(packed)))

    def add(self, article: Article) -> str | None:
        """Store an article; give the file of the earlier one that it replaces, as they have the same id."""
        query = "SELECT file FROM incoming WHERE id = ?"
        replaced = self._connection.execute(query, (article.id,)).fetchone()
        self._connection.execute(
            f"INSERT OR REPLACE INTO incoming (digest, {ARTICLE_COLUMNS}) VALUES (?, {_ARTICLE_MARKS})",  # noqa: S608 - our own names
            (digest(article), *_values(article)),
        )
        return replaced[0] if replaced else None

    def added(self, article_id: str) -> Article | None:
        """The article with this id among those that were added."""
        query = f"SELECT {ARTICLE_COLUMNS} FROM incoming WHERE id = ?"  # noqa: S608 - our own names
        record = self._connection.execute(query, (article_id,)).fetchone()
        return Article(*record) if record else None

    def before(self, article_id: str) -> Article | None:
        """The article with this id in the index before."""
        query = f"SELECT {ARTICLE_COLUMNS} FROM published.article WHERE id = ?"  # noqa: S608 - our own names
        record = self._connection.execute(query, (article_id,)).fetchone()
        return self._bodies.article(record) if record and self._bodies else None

    def keep(self, keeps: Keeps, covers: Callable[[str], bool]) -> list[tuple[str, str, str]]:
        """Keep those articles of the index before that were not added again, and that ``keeps`` keeps.

        Those whose file ``covers`` knows count as outdated. Gives the articles that would have been kept, but
        another one was added from another file: id, file before, and file now.
        """
        if self._bodies is None:
            return []  # there is no index before
        self._connection.create_function("unpacked", 1, self._bodies.unpack)
        self._connection.create_function("keeps", 2, keeps, deterministic=True)
        self._connection.create_function("covers", 1, covers, deterministic=True)
        self._connection.execute(_KEEP)
        self._outdated = self._count_records(_OUTDATED)
        return self._connection.execute(_FROM_OTHER_FILES).fetchall()

    def gone(self) -> dict[str, int]:
        """By file, how many articles of the index before were neither added again nor kept."""
        return dict(self._connection.execute(_GONE).fetchall())

    def assign_keys(self) -> int:
        """Number the articles by file; give how many there are.

        In a file, kept articles come first in their order, then added ones in the order they came, the last
        of each id only.
        """
        self._bodies = self._bodies or BodyCodec(self._first_bodies())
        self._connection.execute("COMMIT")
        self._connection.executescript(_NUMBER_ARTICLES)
        self._connection.execute("BEGIN")
        self._store_new_articles(self._bodies)
        old_count, kept = self._count_records("published.article"), self._count_records("kept")
        known = np.array(
            self._connection.execute("SELECT key, old FROM place WHERE old IS NOT NULL").fetchall(), np.int64
        ).reshape(-1, 2)
        copied = known if self._copies_chunks else known[:0]
        self._old_keys: dict[int, int] = dict(zip(*copied.T.tolist(), strict=True))
        self._moved_keys = np.full(len(self._old_rows) - 1, GONE)
        self._moved_keys[copied[:, 1]] = copied[:, 0]
        self._count = self._count_records("article")
        unchanged, changed = len(known) - kept, self._count_records(_CHANGED)
        self.change = Change(
            unchanged,
            self._count - len(known) - changed,
            changed,
            old_count - len(known) - changed,
            kept,
            self._outdated,
        )
        self.digest = self._digest_of_all()
        self.new_bytes = self._bytes_to_analyse()
        for table in ("incoming", "kept", "place"):
            self._connection.execute(f"DROP TABLE {table}")
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

    def _store_new_articles(self, bodies: BodyCodec) -> None:
        """Store the articles that are not copied, in the order of their keys; threads compress them."""
        statement = f"INSERT INTO article VALUES (?, ?, {_ARTICLE_MARKS})"  # noqa: S608 - our own names
        records = self._connection.execute(_NEW_ARTICLES)
        with ThreadPoolExecutor(_THREADS) as threads:
            while batch := records.fetchmany(_TOGETHER):
                packed = threads.map(bodies.pack, [record[_BODY] for record in batch])
                rows = ((*r[:_BODY], body, *r[_BODY + 1 :]) for r, body in zip(batch, packed, strict=True))
                self._connection.executemany(statement, rows)

    def _first_bodies(self) -> bytes:
        query = "SELECT body FROM incoming ORDER BY arrival LIMIT ?"
        bodies = self._connection.execute(query, (_DICTIONARY_BYTES,))
        return _dictionary(body for (body,) in bodies)

    def _digest_of_all(self) -> str:
        total = hashlib.sha256()
        for (each,) in self._connection.execute("SELECT digest FROM article ORDER BY key"):
            total.update(each)
        return total.hexdigest()

    def _attach(self, published: Path) -> None:
        with closing(SqliteStore(published)) as store:
            self._bodies = store.bodies
            self._old_rows = np.append(store.first_rows, store.chunk_count)
        self._connection.execute("ATTACH ? AS published", (read_only_uri(published),))

    def _bytes_to_analyse(self) -> int:
        query = f"SELECT ifnull(sum(length(body)), 0) FROM {_NOT_COPIED}"  # noqa: S608 - our own names
        ((size,),) = self._connection.execute(query, (not self._copies_chunks,))
        return int(size)

    def _count_records(self, source: str) -> int:
        (count,) = self._connection.execute(f"SELECT count(*) FROM {source}").fetchone()  # noqa: S608 - our own names
        return int(count)


def _dictionary(bodies: Iterable[str]) -> bytes:
    """The beginning of these bodies, as long as a dictionary is."""
    text = bytearray()
    for body in bodies:
        text += body.encode()
        if len(text) >= _DICTIONARY_BYTES:
            break
    return bytes(text[:_DICTIONARY_BYTES])


@contextmanager
def open_writer(path: Path, published: Path | None = None) -> Iterator[StoreWriter]:
    """A writer of a new store; raises OSError when SQLite cannot write it."""
    try:
        with closing(StoreWriter(path, published)) as writer:
            yield writer
    except sqlite3.DatabaseError as exc:
        raise OSError(f"{path} cannot be written: {exc}") from exc
