"""By date, the latest comes first over all pages, candidate or not."""

from dataclasses import replace
from pathlib import Path

import pytest

from search.query.plain import plain_query
from search.retrieval.request import Request
from search.types import Article, Copies, Mode, Sort
from tests.fakes import engine_over

DATES = ("2023-05-04", "2021-01-02", "", "2023-09-12", "2022-03-04", "2023-09-12T08:00", "2020", "2022-07-08")
PAGE = 3


def _articles() -> list[Article]:
    """Articles that hold the query more and less often, each with a copy of another date."""
    texts = [f"Gare {number}. " + "Le train part. " * (number % 3 + 1) for number in range(len(DATES))]
    return [
        Article(f"{number}-{copy}", "Grève des trains", text, published=published)
        for copy, dates in enumerate((DATES, DATES[::-1]))
        for number, (text, published) in enumerate(zip(texts, dates, strict=True))
    ]


@pytest.mark.parametrize("mode", [Mode.KEYWORD, Mode.HYBRID])
@pytest.mark.parametrize("copies", Copies)
@pytest.mark.parametrize("depth", [1, 2, 5, 100])
def test_all_pages_are_in_one_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, depth: int, copies: Copies, mode: Mode
) -> None:
    monkeypatch.setattr("search.retrieval.retriever.DEPTH", depth)
    request = Request(plain_query("trains"), mode, Sort.DATE, limit=PAGE, copies=copies)
    with engine_over(tmp_path, _articles()) as engine:
        whole = engine.search(replace(request, limit=50))
        pages = [
            engine.search(replace(request, offset=offset)).hits for offset in range(0, whole.total + 1, PAGE)
        ]
        by_score = engine.search(replace(request, sort=Sort.RELEVANCE, limit=50))
    hits = [hit for page in pages for hit in page]
    dates = [hit.article.published for hit in hits]
    assert dates == sorted(dates, reverse=True)
    assert [hit.article.id for hit in hits] == [hit.article.id for hit in whole]
    assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in whole], abs=1e-4)
    assert {hit.article.id for hit in hits} == {hit.article.id for hit in by_score.hits}
    assert any(hit.copies for hit in hits) == (copies is Copies.FOLDED)
    assert len(hits) > PAGE
