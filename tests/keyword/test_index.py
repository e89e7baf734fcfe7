from contextlib import closing
from pathlib import Path

import pytest

from search.errors import IndexCorrupt
from search.keyword.index import WhooshIndex
from search.model import Article

from .corpus import index_of

ARTICLES = [Article(f"a{key}", "", "Premier.\n\nSecond.") for key in range(3)]


def test_an_index_knows_its_passages_and_is_in_step(tmp_path: Path) -> None:
    with index_of(tmp_path, ARTICLES) as press:
        assert press.index.passages == 6
        press.index.verify()


@pytest.mark.parametrize("articles", [2, 4])
def test_another_number_of_articles_is_out_of_step(tmp_path: Path, articles: int) -> None:
    with (
        index_of(tmp_path, ARTICLES) as press,
        closing(WhooshIndex(press.folder, articles)) as index,
        pytest.raises(IndexCorrupt, match="out of step; run: depeche build PATH"),
    ):
        index.verify()
