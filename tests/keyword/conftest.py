from collections.abc import Iterator

import pytest

from .corpus import Press, index_of, random_articles


@pytest.fixture(scope="session")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """Sixty random articles and their index."""
    with index_of(tmp_path_factory.mktemp("random"), random_articles(seed=7, count=60)) as press:
        yield press
