from collections.abc import Iterator
from pathlib import Path

import pytest

from . import whoosh_search
from .corpus import Press, index_of, random_articles


@pytest.fixture(scope="session")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """Sixty random articles and their index."""
    with index_of(tmp_path_factory.mktemp("random"), random_articles(seed=7, count=60)) as press:
        yield press


@pytest.fixture(scope="session")
def plain(press: Press, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index that Whoosh's own writer makes of the same texts."""
    folder = tmp_path_factory.mktemp("plain") / "whoosh"
    whoosh_search.write(folder, press.articles, press.passages)
    return folder
