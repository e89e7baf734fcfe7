from collections.abc import Iterator
from contextlib import closing

import pytest

from .corpus import Press, index_of, random_articles
from .whoosh_search import PlainIndex, write


@pytest.fixture(scope="session")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """Sixty random articles and their index."""
    with index_of(tmp_path_factory.mktemp("random"), random_articles(seed=7, count=60)) as press:
        yield press


@pytest.fixture(scope="session")
def plain(press: Press, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlainIndex]:
    """The index that Whoosh's own writer makes of the same texts."""
    folder = tmp_path_factory.mktemp("plain") / "whoosh"
    write(folder, press.articles, press.passages)
    with closing(PlainIndex(folder)) as index:
        yield index
