"""Articles out of a store that is damaged, or of an older format, read one by one."""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

from search.errors import IndexCorrupt, Translatable
from search.indexing.article_store import digest
from search.types import Article

_FIELDS = ", ".join(field.name for field in fields(Article))
_UNREADABLE = (sqlite3.DatabaseError, zlib.error, UnicodeDecodeError, TypeError)
_CHECKED = "digest"


class Salvage:
    """What a store of any format still holds; ``sound`` are the keys of the articles that can be read.

    Where the store has a digest of each article, only those count that it confirms: ``checked`` tells.
    ``lost`` names the others, by their ids as far as these can be read.
    """

    def __init__(self, db: sqlite3.Connection, expected: int) -> None:
        """``expected`` is how many articles there were at least; raises sqlite3.DatabaseError."""
        self._db = db
        columns = {name for _, name, *_ in db.execute("PRAGMA table_info(article)")}
        self.checked = _CHECKED in columns
        self._query = f"SELECT {_CHECKED if self.checked else 'NULL'}, {_FIELDS} FROM article WHERE key = ?"  # noqa: S608 - our own names
        self._dictionary = self._read_dictionary()
        (last,) = db.execute("SELECT max(key) FROM article").fetchone()
        keys = range(max(expected, 0 if last is None else int(last) + 1))
        self.sound = [key for key in keys if self._article(key) is not None]
        self.lost = self._named(sorted(set(keys) - set(self.sound)))

    def articles(self) -> Iterator[Article]:
        """Every sound article, by key."""
        for key in self.sound:
            if (article := self._article(key)) is not None:
                yield article

    def _article(self, key: int) -> Article | None:
        try:
            record = self._db.execute(self._query, (key,)).fetchone()
            if record is None:
                return None
            known, article_id, title, body, *rest = record
            article = Article(article_id, title, self._unpacked(body), *rest)
            return article if not self.checked or digest(article) == known else None
        except _UNREADABLE:
            return None

    def _unpacked(self, body: str | bytes) -> str:
        """The text of an article; formats 1 and 2 keep it as it is."""
        if isinstance(body, str):
            return body
        return zlib.decompressobj(zdict=self._dictionary).decompress(body).decode()

    def _read_dictionary(self) -> bytes:
        with suppress(sqlite3.DatabaseError):  # not there up to format 2; damaged, no article is confirmed
            match self._db.execute("SELECT dictionary FROM opening").fetchall():
                case [(bytes(dictionary),)]:
                    return dictionary
        return b""

    def _named(self, keys: list[int]) -> tuple[str, ...]:
        ids: dict[int, Any] = {}
        with suppress(sqlite3.DatabaseError):  # the ids are in an index of their own, which may be sound
            ids.update(self._db.execute("SELECT key, id FROM article INDEXED BY sqlite_autoindex_article_1"))
        return tuple(str(ids.get(key, f"(article {key + 1})")) for key in keys)


@contextmanager
def salvaged(path: Path, expected: int) -> Iterator[Salvage]:
    """What can be read of a store that held so many articles; raises IndexCorrupt when nothing can."""
    with _opened(path) as db:
        yield Salvage(db, expected)


def text_hashes(path: Path) -> list[bytes]:
    """The hash of every row's encoded text, by row, in a store of any format; raises IndexCorrupt."""
    with _opened(path) as db:
        return [text_hash for (text_hash,) in db.execute("SELECT hash FROM chunk ORDER BY row")]


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as db:
            yield db
    except sqlite3.DatabaseError as exc:
        raise IndexCorrupt(Translatable("The article store {} cannot be read ({})", path, exc)) from exc
