"""Reads the articles and chunks of a generation from SQLite; ``article_writer`` writes them."""

import hashlib
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec
import numpy as np

from search.errors import IndexCorrupt, Translatable
from search.protocols import Ints
from search.types import Article, Chunk, Facet

ARTICLE_FIELDS = tuple(field.name for field in fields(Article))
ARTICLE_COLUMNS = ", ".join(ARTICLE_FIELDS)
"""The columns of an article, in the order of the fields of ``Article``."""
_FAULTS = """
SELECT (SELECT count(*) FROM (SELECT key, row_number() OVER (ORDER BY key) - 1 AS number FROM article)
        WHERE key <> number)
     + (SELECT count(*) FROM (SELECT row, article, ordinal, row_number() OVER by_row - 1 AS number,
                                     lag(article, 1, -1) OVER by_row AS last_article,
                                     lag(ordinal) OVER by_row AS last_ordinal
                              FROM chunk WINDOW by_row AS (ORDER BY row))
        WHERE row <> number
           OR NOT (article = last_article AND ordinal = last_ordinal + 1
                   OR article = last_article + 1 AND ordinal = 0))
     + ((SELECT count(*) FROM article) <> (SELECT count(DISTINCT article) FROM chunk))
"""  # counts keys and rows that do not count up from 0, in the order of articles and ordinals
_FACETS = {
    Facet.SOURCE: "source",
    Facet.SECTION: "section",
    Facet.AUTHOR: "author",
    Facet.PLACE: "place",
    Facet.KEYWORD: "keywords",
    Facet.YEAR: "substr(published, 1, 4)",
    Facet.MONTH: "iif(length(published) >= 7, substr(published, 1, 7), '')",
}
_BATCH = 500  # bound parameters of one statement
_BEGINNING = 6
"""Bytes before the data of a zlib stream: its header, and the checksum of the dictionary (RFC 1950).

They are the same for all bodies. A decompressor that has read them has the dictionary: to copy it takes less
time than to make another one, which computes the checksum again.
"""


class BodyCodec:
    """Compresses the bodies of articles; ``dictionary`` is text that bodies often repeat."""

    def __init__(self, dictionary: bytes) -> None:
        self.dictionary = dictionary
        self._beginning = self.pack("")[:_BEGINNING] if dictionary else b""
        self._begun = zlib.decompressobj(zdict=dictionary)
        self._begun.decompress(self._beginning)

    def pack(self, body: str) -> bytes:
        """The body, compressed."""
        compressor = zlib.compressobj(zdict=self.dictionary)
        return compressor.compress(body.encode()) + compressor.flush()

    def article(self, record: Sequence[Any]) -> Article:
        """The article of a record whose body is compressed; raises zlib.error when it is damaged."""
        article_id, title, compressed, *rest = record
        try:
            return Article(article_id, title, self.unpack(compressed), *rest)
        except EOFError as exc:
            raise zlib.error(f"the text of {article_id} is cut short") from exc

    def unpack(self, compressed: bytes) -> str:
        """The body again; raises zlib.error when it is damaged, EOFError when it is cut short."""
        if compressed.startswith(self._beginning):
            decompressor, rest = self._begun.copy(), compressed[len(self._beginning) :]
        else:
            decompressor, rest = zlib.decompressobj(zdict=self.dictionary), compressed
        body = decompressor.decompress(rest)
        if not decompressor.eof:
            raise EOFError
        return body.decode()


def digest(article: Article, names: Sequence[str] = ARTICLE_FIELDS) -> bytes:
    """16 bytes that identify the fields of an article that have these names, in this order."""
    values = {name: getattr(article, name) for name in names}
    return hashlib.blake2b(msgspec.msgpack.encode(values), digest_size=16).digest()


def read_only_uri(path: Path) -> str:
    """The address by which SQLite opens a file read-only, and writes no other file next to it."""
    return f"{path.resolve().as_uri()}?mode=ro&immutable=1"


class SqliteStore:
    """Implements ``protocols.ArticleStore``.

    Several threads may use it: one query runs at a time. Without the lock, two threads that run the same SQL
    could share a prepared statement, and one would get the rows of the other (seen with Python 3.12.1).
    """

    def __init__(self, path: Path) -> None:
        """Open read-only; raises IndexCorrupt when the file is not such a store."""
        self._path = path
        self._one_at_a_time = Lock()
        with ExitStack() as on_failure, self._sqlite_errors_as_corrupt():
            self._connection = sqlite3.connect(read_only_uri(path), uri=True, check_same_thread=False)
            on_failure.callback(self._connection.close)
            self.bodies, self._first_rows = self._read_opening()
            on_failure.pop_all()

    @property
    def first_rows(self) -> Ints:
        """See ``protocols.ArticleStore.first_rows``."""
        return self._first_rows

    @property
    def chunk_count(self) -> int:
        """See ``protocols.ArticleStore.chunk_count``."""
        ((count,),) = self._query("SELECT ifnull(max(row) + 1, 0) FROM chunk")
        return int(count)

    def counts(self) -> tuple[int, int]:
        """The numbers of articles and of chunks."""
        counts = self._query("SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM chunk)")
        ((articles, chunks),) = counts
        return articles, chunks

    def articles(self, keys: Sequence[int]) -> list[Article]:
        """See ``protocols.ArticleStore.articles``."""
        with self._sqlite_errors_as_corrupt():
            records = self._select("article", f"key, {ARTICLE_COLUMNS}", keys)
            by_key = {key: self.bodies.article(record) for key, *record in records}
        return [by_key[key] for key in keys]

    def ids(self, keys: Sequence[int]) -> list[str]:
        """See ``protocols.ArticleStore.ids``."""
        by_key = dict(self._select("article", "key, id", keys))
        return [by_key[key] for key in keys]

    def titles(self, keys: Sequence[int]) -> list[str]:
        """See ``protocols.ArticleStore.titles``."""
        by_key = dict(self._select("article", "key, title", keys))
        return [by_key[key] for key in keys]

    def chunks(self, rows: Sequence[int]) -> list[Chunk]:
        """See ``protocols.ArticleStore.chunks``."""
        records = self._select("chunk", "row, article, ordinal, start, end", rows)
        by_row = {row: Chunk(*rest) for row, *rest in records}
        return [by_row[row] for row in rows]

    def every_article(self) -> Iterator[Article]:
        """Every article, by key."""
        query = f"SELECT {ARTICLE_COLUMNS} FROM article ORDER BY key"  # noqa: S608 - our own names
        with self._sqlite_errors_as_corrupt():
            records = self._connection.execute(query)
            yield from map(self.bodies.article, records)

    def key(self, article_id: str) -> int | None:
        """See ``protocols.ArticleStore.key``."""
        records = self._query("SELECT key FROM article WHERE id = ?", (article_id,))
        return int(records[0][0]) if records else None

    def keys(self, article_ids: frozenset[str]) -> list[int]:
        """See ``protocols.ArticleStore.keys``."""
        return sorted(key for key, _ in self._select("article", "key, id", list(article_ids), "id"))

    def files(self) -> list[tuple[str, str]]:
        """See ``protocols.ArticleStore.files``."""
        return self._query("SELECT id, file FROM article ORDER BY key")

    def published(self) -> list[str]:
        """See ``protocols.ArticleStore.published``."""
        return [date for (date,) in self._query("SELECT published FROM article ORDER BY key")]

    def newest_first(self) -> Ints:
        """See ``protocols.ArticleStore.newest_first``."""
        return self._keys_by("published DESC, key")

    def oldest_first(self) -> Ints:
        """See ``protocols.ArticleStore.oldest_first``."""
        return self._keys_by("published = '', published, key")

    def _keys_by(self, order: str) -> Ints:
        keys = self._query(f"SELECT key FROM article ORDER BY {order}")  # noqa: S608
        return np.array([key for (key,) in keys], np.int64)

    def values(self, facet: Facet) -> list[str]:
        """See ``protocols.ArticleStore.values``."""
        values = self._query(f"SELECT {_FACETS[facet]} FROM article ORDER BY key")  # noqa: S608
        return [value for (value,) in values]

    def text_hashes(self) -> list[bytes]:
        """The hash of every row's encoded text, by row."""
        return [text_hash for (text_hash,) in self._query("SELECT hash FROM chunk ORDER BY row")]

    def lengths(self) -> Ints:
        """The number of characters of each row's chunk, by row."""
        records = self._query('SELECT "end" - start FROM chunk ORDER BY row')
        return np.fromiter((length for (length,) in records), np.int64, len(records))

    def articles_with_chunks(self, keys: Sequence[int]) -> Iterator[tuple[Article, list[Chunk]]]:
        """The articles with these keys, in their order, each with its chunks."""
        ends = np.append(self._first_rows[1:], self.chunk_count)
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            rows = np.concatenate([np.arange(self._first_rows[key], ends[key]) for key in batch])
            chunks = iter(self.chunks(rows.tolist()))
            for key, article in zip(batch, self.articles(batch), strict=True):
                yield article, list(islice(chunks, int(ends[key] - self._first_rows[key])))

    def passages(self) -> Iterator[tuple[Article, Chunk]]:
        """Every chunk with its article, by row."""
        for article, chunks in self.articles_with_chunks(range(len(self._first_rows))):
            for chunk in chunks:
                yield article, chunk

    def verify(self) -> None:
        """Check the file, its digests, and that keys, rows and ordinals have no gap; raises IndexCorrupt."""
        with self._sqlite_errors_as_corrupt():
            (integrity,) = self._connection.execute("PRAGMA integrity_check").fetchone()
            (faults,) = self._connection.execute(_FAULTS).fetchone()
            first_rows = self._query("SELECT row FROM chunk WHERE ordinal = 0 ORDER BY row")
            digests = self._query("SELECT digest FROM article ORDER BY key")
            changed = any(
                (digest(article),) != stored
                for article, stored in zip(self.every_article(), digests, strict=True)
            )
            moved = [(row,) for row in self._first_rows.tolist()] != first_rows
        if integrity != "ok" or faults or changed or moved:
            raise IndexCorrupt(
                Translatable("The article store {} contradicts itself; run: depeche build PATH", self._path)
            )

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def _read_opening(self) -> tuple[BodyCodec, Ints]:
        match self._connection.execute("SELECT dictionary, first_rows FROM opening").fetchall():
            case [(bytes(dictionary), bytes(first_rows))] if len(first_rows) % np.int64().nbytes == 0:
                return BodyCodec(dictionary), np.frombuffer(first_rows, np.int64)
        raise sqlite3.DataError("the table opening is damaged")

    @contextmanager
    def _sqlite_errors_as_corrupt(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.DatabaseError, zlib.error) as exc:
            raise IndexCorrupt(
                Translatable(
                    "The article store {} cannot be read ({}); run: depeche build PATH", self._path, exc
                )
            ) from exc

    def _select(self, table: str, columns: str, keys: Sequence[object], by: str = "") -> list[Any]:
        """The records whose first column, or the column ``by``, has one of these values."""
        column = by or columns.partition(",")[0]
        records: list[Any] = []
        for start in range(0, len(keys), _BATCH):
            batch = list(keys[start : start + _BATCH])
            marks = ", ".join("?" for _ in batch)
            query = f"SELECT {columns} FROM {table} WHERE {column} IN ({marks})"  # noqa: S608 - our own names
            records += self._query(query, batch)
        return records

    def _query(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        with self._sqlite_errors_as_corrupt(), self._one_at_a_time:
            return self._connection.execute(query, parameters).fetchall()
