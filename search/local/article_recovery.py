"""Reads articles one by one from a store that is damaged or has an older format."""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from search.errors import IndexCorrupt, Translatable
from search.indexing.article_store import ARTICLE_FIELDS, digest, read_only_uri
from search.retention import place_of_old
from search.types import Article

_UNREADABLE = (sqlite3.DatabaseError, zlib.error, UnicodeDecodeError, TypeError)
_DIGEST_COLUMN = "digest"


class RecoveredArticles:
    """The articles that can still be read from a store of any format.

    ``keys`` are the keys of these articles. ``lost`` names the other articles: by id where the id can be
    read, else by number. ``has_digests`` says whether the store keeps a digest of each article; if it does,
    an article counts only if its digest matches.
    """

    def __init__(self, connection: sqlite3.Connection, expected: int) -> None:
        """``expected`` is the least number of articles in the store; raises sqlite3.DatabaseError."""
        self._connection = connection
        columns = {name for _, name, *_ in connection.execute("PRAGMA table_info(article)")}
        self.has_digests = _DIGEST_COLUMN in columns
        digest_column = _DIGEST_COLUMN if self.has_digests else "NULL"
        self._fields = tuple(name for name in ARTICLE_FIELDS if name in columns)  # old formats have fewer
        names = ", ".join((digest_column, *self._fields))
        self._query = f"SELECT {names} FROM article WHERE key = ?"  # noqa: S608 - our own names
        self._dictionary = self._read_dictionary()
        (last,) = connection.execute("SELECT max(key) FROM article").fetchone()
        every_key = range(max(expected, 0 if last is None else int(last) + 1))
        self.keys = [key for key in every_key if self._article(key) is not None]
        self.lost = self._ids_of(sorted(set(every_key) - set(self.keys)))

    def articles(self, corpus: tuple[str, ...]) -> Iterator[Article]:
        """Every article that can be read, by key.

        Old formats do not store its file. Then it is the path in ``corpus``, if the index has only one.
        """
        place = "" if "file" in self._fields else place_of_old(corpus)
        for key in self.keys:
            if (article := self._article(key)) is not None:
                yield replace(article, file=article.file or place)

    def _article(self, key: int) -> Article | None:
        try:
            record = self._connection.execute(self._query, (key,)).fetchone()
            if record is None:
                return None
            stored_digest, *values = record
            named = dict(zip(self._fields, values, strict=True))
            article = Article(**(named | {"body": self._body_text(named["body"])}))
            intact = not self.has_digests or digest(article, self._fields) == stored_digest
            return article if intact else None
        except _UNREADABLE:
            return None

    def _body_text(self, body: str | bytes) -> str:
        """The text of a stored body; formats 1 and 2 do not compress it."""
        if isinstance(body, str):
            return body
        return zlib.decompressobj(zdict=self._dictionary).decompress(body).decode()

    def _read_dictionary(self) -> bytes:
        # Formats 1 and 2 have no dictionary. If it is damaged, no digest will match.
        with suppress(sqlite3.DatabaseError):
            match self._connection.execute("SELECT dictionary FROM opening").fetchall():
                case [(bytes(dictionary),)]:
                    return dictionary
        return b""

    def _ids_of(self, keys: list[int]) -> tuple[str, ...]:
        ids: dict[int, Any] = {}
        with suppress(sqlite3.DatabaseError):  # SQLite keeps the ids in an index too, which may be intact
            query = "SELECT key, id FROM article INDEXED BY sqlite_autoindex_article_1"
            ids.update(self._connection.execute(query))
        return tuple(str(ids.get(key, f"(article {key + 1})")) for key in keys)


@contextmanager
def recovered_articles(path: Path, expected: int) -> Iterator[RecoveredArticles]:
    """The readable articles of a store of at least ``expected`` articles.

    Raises IndexCorrupt when the store cannot be opened.
    """
    with _open_read_only(path) as connection:
        yield RecoveredArticles(connection, expected)


def text_hashes(path: Path) -> list[bytes]:
    """The hash of every row's encoded text, by row, in a store of any format; raises IndexCorrupt."""
    with _open_read_only(path) as connection:
        return [text_hash for (text_hash,) in connection.execute("SELECT hash FROM chunk ORDER BY row")]


@contextmanager
def _open_read_only(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(read_only_uri(path), uri=True)) as connection:
            yield connection
    except sqlite3.DatabaseError as exc:
        raise IndexCorrupt(Translatable("The article store {} cannot be read ({})", path, exc)) from exc
