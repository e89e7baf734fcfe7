"""SQLite: the articles and chunks of a generation, written once, read-only when searched."""

import hashlib
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from search.errors import IndexCorrupt, Translatable
from search.protocols import GONE, Ints, Moved
from search.types import Article, Change, Chunk, Facet

_ARTICLE = ", ".join(field.name for field in fields(Article))
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
_FAULTS = """
SELECT (SELECT count(*) FROM (SELECT key, row_number() OVER (ORDER BY key) - 1 AS place FROM article)
        WHERE key <> place)
     + (SELECT count(*) FROM (SELECT row, article, ordinal, row_number() OVER along - 1 AS place,
                                     lag(article, 1, -1) OVER along AS before, lag(ordinal) OVER along AS last
                              FROM chunk WINDOW along AS (ORDER BY row))
        WHERE row <> place
           OR NOT (article = before AND ordinal = last + 1 OR article = before + 1 AND ordinal = 0))
     + ((SELECT count(*) FROM article) <> (SELECT count(DISTINCT article) FROM chunk))
"""  # keys count from 0; rows from 0, along articles and their ordinals
_FACETS = {
    Facet.SOURCE: "source",
    Facet.SECTION: "section",
    Facet.YEAR: "substr(published, 1, 4)",
    Facet.MONTH: "iif(length(published) >= 7, substr(published, 1, 7), '')",
}
_BATCH = 500  # bound parameters a statement may hold


class _Bodies:
    """Bodies of articles as they are stored: each compressed, by what an archive repeats all the time."""

    def __init__(self, dictionary: bytes) -> None:
        self.dictionary = dictionary

    def pack(self, body: str) -> bytes:
        packer = zlib.compressobj(zdict=self.dictionary)
        return packer.compress(body.encode()) + packer.flush()

    def article(self, record: Sequence[Any]) -> Article:
        """The article of a record whose body is packed; raises zlib.error when it is damaged."""
        article_id, title, packed, *rest = record
        unpacker = zlib.decompressobj(zdict=self.dictionary)
        body = unpacker.decompress(packed)
        if not unpacker.eof:
            raise zlib.error(f"the text of {article_id} is cut short")
        return Article(article_id, title, body.decode(), *rest)


def digest(article: Article) -> bytes:
    """16 bytes that identify everything that an article says."""
    return hashlib.blake2b(msgspec.msgpack.encode(article), digest_size=16).digest()


class StoreWriter:
    """Takes articles in the order read, then their chunks; keys and rows count from 0.

    What is as it was in the ``published`` store is taken over from there. ``change`` tells, once keys are
    assigned, what the articles are compared to those.
    """

    def __init__(self, path: Path, published: Path | None = None) -> None:
        """Make a new store; raises IndexCorrupt when the published one cannot be read."""
        self._db = sqlite3.connect(path.absolute().as_uri(), uri=True, isolation_level=None)
        self._db.executescript(_UNSAFE + _TABLES)
        self._bodies: _Bodies | None = None
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
            f"INSERT INTO incoming (digest, {_ARTICLE}) VALUES (?, {_ARTICLE_MARKS})",  # noqa: S608 - our own names
            (digest(article), *astuple(article)),
        )
        return replaced

    def assign_keys(self) -> int:
        """Number the articles in the order they arrived, the last of an id counting; give how many."""
        self._bodies = self._bodies or _Bodies(self._beginning())
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
        query = f"SELECT {_ARTICLE} FROM article WHERE key = ?"  # noqa: S608 - our own names
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
        self._db.execute("ATTACH ? AS published", (_read_only(published),))

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


def _read_only(path: Path) -> str:
    return f"{path.resolve().as_uri()}?mode=ro&immutable=1"


class SqliteStore:
    """Implements ``protocols.ArticleStore``; may be used from several threads: SQLite serialises them."""

    def __init__(self, path: Path) -> None:
        """Open read-only; raises IndexCorrupt when the file is no such store."""
        self._path = path
        with ExitStack() as on_failure, self._translated():
            self._db = sqlite3.connect(_read_only(path), uri=True, check_same_thread=False)
            on_failure.callback(self._db.close)
            self.bodies, self._first_rows = self._opening()
            on_failure.pop_all()

    @property
    def first_rows(self) -> Ints:
        """See ``protocols.ArticleStore.first_rows``."""
        return self._first_rows

    @property
    def chunk_count(self) -> int:
        """See ``protocols.ArticleStore.chunk_count``."""
        ((count,),) = self._read("SELECT ifnull(max(row) + 1, 0) FROM chunk")
        return int(count)

    def counts(self) -> tuple[int, int]:
        """How many articles and chunks the store holds."""
        counts = self._read("SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM chunk)")
        ((articles, chunks),) = counts
        return articles, chunks

    def articles(self, keys: Sequence[int]) -> list[Article]:
        """See ``protocols.ArticleStore.articles``."""
        with self._translated():
            records = self._select("article", f"key, {_ARTICLE}", keys)
            found = {key: self.bodies.article(record) for key, *record in records}
        return [found[key] for key in keys]

    def ids(self, keys: Sequence[int]) -> list[str]:
        """See ``protocols.ArticleStore.ids``."""
        found = dict(self._select("article", "key, id", keys))
        return [found[key] for key in keys]

    def chunks(self, rows: Sequence[int]) -> list[Chunk]:
        """See ``protocols.ArticleStore.chunks``."""
        found = {
            row: Chunk(*rest)
            for row, *rest in self._select("chunk", "row, article, ordinal, start, end", rows)
        }
        return [found[row] for row in rows]

    def every_article(self) -> Iterator[Article]:
        """Every article by key."""
        query = f"SELECT {_ARTICLE} FROM article ORDER BY key"  # noqa: S608 - our own names
        with self._translated():
            records = self._db.execute(query)
            yield from map(self.bodies.article, records)

    def key(self, article_id: str) -> int | None:
        """See ``protocols.ArticleStore.key``."""
        records = self._read("SELECT key FROM article WHERE id = ?", (article_id,))
        return int(records[0][0]) if records else None

    def published(self) -> list[str]:
        """See ``protocols.ArticleStore.published``."""
        return [date for (date,) in self._read("SELECT published FROM article ORDER BY key")]

    def newest_first(self) -> Ints:
        """See ``protocols.ArticleStore.newest_first``."""
        keys = self._read("SELECT key FROM article ORDER BY published DESC, key")
        return np.array([key for (key,) in keys], np.int64)

    def values(self, facet: Facet) -> list[str]:
        """See ``protocols.ArticleStore.values``."""
        values = self._read(f"SELECT {_FACETS[facet]} FROM article ORDER BY key")  # noqa: S608
        return [value for (value,) in values]

    def text_hashes(self) -> list[bytes]:
        """The hash of every row's encoded text, by row."""
        return [text_hash for (text_hash,) in self._read("SELECT hash FROM chunk ORDER BY row")]

    def lengths(self) -> Ints:
        """By row, how many characters its chunk has."""
        read = self._read('SELECT "end" - start FROM chunk ORDER BY row')
        return np.fromiter((length for (length,) in read), np.int64, len(read))

    def chunked(self, keys: Sequence[int]) -> Iterator[tuple[Article, list[Chunk]]]:
        """These articles, each with its chunks."""
        ends = np.append(self._first_rows[1:], self.chunk_count)
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            for key, article in zip(batch, self.articles(batch), strict=True):
                yield article, self.chunks(range(int(self._first_rows[key]), int(ends[key])))

    def passages(self) -> Iterator[tuple[Article, Chunk]]:
        """Every chunk with its article, by row."""
        for article, chunks in self.chunked(range(len(self._first_rows))):
            for chunk in chunks:
                yield article, chunk

    def verify(self) -> None:
        """Check the file itself, and that keys, rows and ordinals have no gap; raises IndexCorrupt."""
        with self._translated():
            (sound,) = self._db.execute("PRAGMA integrity_check").fetchone()
            (faults,) = self._db.execute(_FAULTS).fetchone()
            firsts = self._read("SELECT row FROM chunk WHERE ordinal = 0 ORDER BY row")
            digests = self._read("SELECT digest FROM article ORDER BY key")
            changed = any(
                (digest(article),) != known
                for article, known in zip(self.every_article(), digests, strict=True)
            )
        if sound != "ok" or faults or changed or [(row,) for row in self._first_rows.tolist()] != firsts:
            raise IndexCorrupt(
                Translatable("The article store {} contradicts itself; run: depeche build PATH", self._path)
            )

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def _opening(self) -> tuple[_Bodies, Ints]:
        match self._db.execute("SELECT dictionary, first_rows FROM opening").fetchall():
            case [(bytes(dictionary), bytes(first_rows))] if len(first_rows) % np.int64().nbytes == 0:
                return _Bodies(dictionary), np.frombuffer(first_rows, np.int64)
        raise sqlite3.DataError("what is read first is damaged")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.DatabaseError, zlib.error) as exc:
            raise IndexCorrupt(
                Translatable(
                    "The article store {} cannot be read ({}); run: depeche build PATH", self._path, exc
                )
            ) from exc

    def _select(self, table: str, columns: str, keys: Sequence[int]) -> list[Any]:
        column = columns.partition(",")[0]
        found: list[Any] = []
        for start in range(0, len(keys), _BATCH):
            batch = list(keys[start : start + _BATCH])
            marks = ", ".join("?" for _ in batch)
            query = f"SELECT {columns} FROM {table} WHERE {column} IN ({marks})"  # noqa: S608 - our own names
            found += self._read(query, batch)
        return found

    def _read(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        with self._translated():
            return self._db.execute(query, values).fetchall()
