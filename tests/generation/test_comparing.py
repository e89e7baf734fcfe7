from dataclasses import replace
from pathlib import Path

import pytest

from search.generation.comparing import Changes, compare, digests
from tests.fakes import build_index
from tests.press import PRESS


@pytest.mark.parametrize("name", ["body", "title", "published", "source", "section", "url", "lang", "place"])
def test_whatever_an_article_says_counts(tmp_path: Path, name: str) -> None:
    build_index(tmp_path, PRESS)
    before = digests(tmp_path)
    build_index(tmp_path, [*PRESS[:5], replace(PRESS[5], **{name: "2021"}), *PRESS[6:]])
    assert compare(before, digests(tmp_path)) == Changes(added=0, changed=1, removed=0)


def test_articles_come_and_go(tmp_path: Path) -> None:
    assert digests(tmp_path) == digests(tmp_path / "nowhere") == {}
    build_index(tmp_path, PRESS[:5])
    first = digests(tmp_path)
    build_index(tmp_path, [*PRESS[2:9]])
    second = digests(tmp_path)
    assert compare({}, first) == Changes(added=5, changed=0, removed=0)
    assert compare(first, second) == Changes(added=4, changed=0, removed=2)
    assert compare(second, second) == Changes(added=0, changed=0, removed=0)


def test_another_order_changes_nothing(tmp_path: Path) -> None:
    build_index(tmp_path, PRESS)
    before = digests(tmp_path)
    build_index(tmp_path, PRESS[::-1])
    assert digests(tmp_path) == before


def test_an_index_that_is_damaged_holds_nothing(tmp_path: Path) -> None:
    build_index(tmp_path, PRESS)
    (store,) = tmp_path.glob("generations/*/articles.sqlite")
    store.write_bytes(b"damaged")
    assert digests(tmp_path) == {}
