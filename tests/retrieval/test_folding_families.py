"""The families of scripts/folding are what scripts/evaluate_folding takes them for."""

import json
from pathlib import Path
from typing import Any

import pytest

from search.query.plain import plain_query
from search.retrieval.request import Request
from search.types import Article, Mode
from tests.fakes import engine_over

FILE = Path(__file__).parents[2] / "scripts" / "folding" / "families.jsonl"
FAMILIES = [json.loads(line) for line in FILE.read_text().splitlines()]


def _articles(family: dict[str, Any]) -> list[Article]:
    return [
        Article(
            f"{family['id']}-{number}", *(family[part].replace("{}", words) for part in ("title", "body"))
        )
        for number, words in enumerate(family["words"])
    ]


@pytest.mark.parametrize("mode", [Mode.KEYWORD, Mode.HYBRID])
def test_each_text_of_a_family_is_shown_for_the_word_that_only_it_holds(tmp_path: Path, mode: Mode) -> None:
    articles = [article for family in FAMILIES for article in _articles(family)]
    assert len(FAMILIES) == 22
    with engine_over(tmp_path, articles) as engine:
        for family in FAMILIES:
            for number, text in enumerate(family["apart"]):
                hits = engine.search(Request(plain_query(text), mode)).hits
                assert hits[0].article.id == f"{family['id']}-{number}", text
                assert not hits[0].copies
            same_title = "{}" not in family["title"]
            (first, *_) = engine.search(Request(plain_query(family["alike"]), mode)).hits
            assert first.article.id.startswith(family["id"])
            assert len(first.copies) == (1 if same_title else 0), family["alike"]
