"""Dépêche: full-text and semantic search for French press articles, offline.

    import search

    search.build("articles/", index="archive")
    with search.open("archive") as index:
        for hit in index.search("munitions Russie"):
            print(hit.article.title, hit.snippet.text)

``build``, ``add``, ``sync``, ``remove`` and ``open`` are functions, ``Index`` is what ``open`` gives,
``Hits`` what a search gives; every error is a ``SearchError``. Nothing else of the package is needed, or
promised to stay.
"""

from typing import TYPE_CHECKING

from search.build_types import BuildReport, LostField, Manifest, PassedOver, Rejected, Replaced
from search.errors import (
    ConfigError,
    CorpusError,
    EncoderUnavailable,
    IndexBusy,
    IndexCorrupt,
    IndexIncompatible,
    IndexMissing,
    QueryError,
    SearchError,
    UsageError,
)
from search.types import Article, Explanation, Hit, Hits

if TYPE_CHECKING:
    from search.index import Index, open  # noqa: A004 - as gzip.open
    from search.updates import add, build, remove, sync

__version__ = "0.2.0"

__all__ = [
    "Article",
    "BuildReport",
    "ConfigError",
    "CorpusError",
    "EncoderUnavailable",
    "Explanation",
    "Hit",
    "Hits",
    "Index",
    "IndexBusy",
    "IndexCorrupt",
    "IndexIncompatible",
    "IndexMissing",
    "LostField",
    "Manifest",
    "PassedOver",
    "QueryError",
    "Rejected",
    "Replaced",
    "SearchError",
    "UsageError",
    "add",
    "build",
    "open",
    "remove",
    "sync",
]


def __getattr__(name: str) -> object:
    """Load what searches and builds at its first use: the command line starts without it."""
    if name in ("Index", "open"):
        from search import index

        return getattr(index, name)
    if name in ("add", "build", "remove", "sync"):
        from search import updates

        return getattr(updates, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
