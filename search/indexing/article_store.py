"""SQLite: the articles and chunks of a generation, read-only; ``article_writer`` writes them."""

import hashlib
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from search.errors import IndexCorrupt, Translatable
from search.protocols import Ints
from search.types import Article, Chunk, Facet

ARTICLE_COLUMNS = ", ".join(field.name for field in fields(Article))
"""The columns of an article, in the order of its fields."""
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


class BodyCodec:
    """Compresses the bodies of articles; ``dictionary`` holds text that the archive repeats."""

    def __init__(self, dictionary: bytes) -> None:
        self.dictionary = dictionary

    def pack(self, body: str) -> bytes:
        """The body, compressed."""
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


def read_only_uri(path: Path) -> str:
    """The address by which SQLite opens a file read-only, and never writes beside it."""
    return f"{path.resolve().as_uri()}?mode=ro&immutable=1"


class SqliteStore:
    """Implements ``protocols.ArticleStore``; may be used from several threads: SQLite serialises them."""

    def __init__(self, path: Path) -> None:
        """Open read-only; raises IndexCorrupt when the file is no such store."""
        self._path = path
        with ExitStack() as on_failure, self._translated():
            self._db = sqlite3.connect(read_only_uri(path), uri=True, check_same_thread=False)
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
            records = self._select("article", f"key, {ARTICLE_COLUMNS}", keys)
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
        query = f"SELECT {ARTICLE_COLUMNS} FROM article ORDER BY key"  # noqa: S608 - our own names
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

    def _opening(self) -> tuple[BodyCodec, Ints]:
        match self._db.execute("SELECT dictionary, first_rows FROM opening").fetchall():
            case [(bytes(dictionary), bytes(first_rows))] if len(first_rows) % np.int64().nbytes == 0:
                return BodyCodec(dictionary), np.frombuffer(first_rows, np.int64)
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
