"""Checks that a store is whole, and that each row has the text that was encoded for it."""

from search.errors import IndexCorrupt
from search.indexing.article_store import SqliteStore
from search.text import chunking


def is_sound(store: SqliteStore) -> bool:
    """Whether ``SqliteStore.verify`` and ``changed_row`` find no fault."""
    try:
        store.verify()
        return changed_row(store) is None
    except IndexCorrupt:
        return False


def changed_row(store: SqliteStore) -> int | None:
    """The first row whose text is not the one that was encoded; raises IndexCorrupt."""
    rows = zip(store.passages(), store.text_hashes(), strict=True)
    for row, ((article, chunk), text_hash) in enumerate(rows):
        encoded = chunking.encoded_text(article, chunk.start, chunk.end)
        if chunking.text_hash(encoded) != text_hash:
            return row
    return None
