"""What one publication changed: the articles of an index before and after."""

import hashlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec

from search.errors import IndexProblem
from search.generation import layout
from search.store import SqliteStore

Digests = Mapping[str, bytes]
"""By the id of each article, a digest of all that it says."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How many articles came, say something else under the same id, and went."""

    added: int
    changed: int
    removed: int


def digests(index: Path) -> Digests:
    """The published articles; none where no index can be read."""
    try:
        store = SqliteStore(layout.Layout(layout.current(index)).articles)
        with closing(store):
            packed = ((article.id, msgspec.msgpack.encode(article)) for article in store.every_article())
            return {article_id: hashlib.blake2b(data, digest_size=8).digest() for article_id, data in packed}
    except (IndexProblem, OSError):
        return {}


def compare(before: Digests, after: Digests) -> Changes:
    """What changed from one publication to another."""
    kept = before.keys() & after.keys()
    changed = sum(before[article_id] != after[article_id] for article_id in kept)
    return Changes(len(after) - len(kept), changed, len(before) - len(kept))
