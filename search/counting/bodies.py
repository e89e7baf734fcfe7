"""The bodies of articles, a few of which are in memory at a time."""

from collections.abc import Iterator

from search.protocols import ArticleStore, Ints

_BATCH = 100  # articles that are read together


def bodies(store: ArticleStore, keys: Ints) -> Iterator[str]:
    """The bodies of these articles, in order."""
    listed = keys.tolist()
    for start in range(0, len(listed), _BATCH):
        yield from (article.body for article in store.articles(listed[start : start + _BATCH]))
