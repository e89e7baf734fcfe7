"""By date, the newest or the oldest comes first over all pages, candidate or not."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.query.parser import parse
from search.query.plain import plain_query
from search.retrieval.request import Request
from search.types import Article, Copies, Mode, Sort
from tests.fakes import engine_over

DATES = ("2023-05-04", "2021-01-02", "", "2023-09-12", "2022-03-04", "2023-09-12T08:00", "2020", "2022-07-08")
PAGE = 3
TODAY = date(2023, 9, 13)
IN_ORDER: dict[Sort, Callable[[list[str]], list[str]]] = {
    Sort.DATE: lambda dates: sorted(dates, reverse=True),
    Sort.OLDEST: lambda dates: sorted(dates, key=lambda published: (not published, published)),
}


def _articles() -> list[Article]:
    """Articles that hold the query more and less often, each with a copy of another date."""
    texts = [f"Gare {number}. " + "Le train part. " * (number % 3 + 1) for number in range(len(DATES))]
    return [
        Article(f"{number}-{copy}", "Grève des trains", text, published=published)
        for copy, dates in enumerate((DATES, DATES[::-1]))
        for number, (text, published) in enumerate(zip(texts, dates, strict=True))
    ]


def oldest_of(newest: Sequence[Article]) -> list[Article]:
    """The oldest first, from the newest first: those of one date keep their order, undated ones stay last."""
    by_date = [list(same) for _, same in groupby(newest, key=lambda article: article.published)]
    undated = [by_date.pop()] if by_date and not by_date[-1][0].published else []
    return [article for same in [*reversed(by_date), *undated] for article in same]


@pytest.mark.parametrize("sort", [Sort.DATE, Sort.OLDEST])
@pytest.mark.parametrize("mode", [Mode.KEYWORD, Mode.HYBRID])
@pytest.mark.parametrize("copies", Copies)
@pytest.mark.parametrize("depth", [1, 2, 5, 100])
def test_all_pages_are_in_one_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, depth: int, copies: Copies, mode: Mode, sort: Sort
) -> None:
    monkeypatch.setattr("search.retrieval.retriever.DEPTH", depth)
    request = Request(plain_query("trains"), mode, sort, limit=PAGE, copies=copies)
    with engine_over(tmp_path, _articles()) as engine:
        whole = engine.search(replace(request, limit=50))
        pages = [
            engine.search(replace(request, offset=offset)).hits for offset in range(0, whole.total + 1, PAGE)
        ]
        by_score = engine.search(replace(request, sort=Sort.RELEVANCE, limit=50))
    hits = [hit for page in pages for hit in page]
    dates = [hit.article.published for hit in hits]
    assert dates == IN_ORDER[sort](dates)
    assert "" in dates
    assert [hit.article.id for hit in hits] == [hit.article.id for hit in whole]
    assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in whole], abs=1e-4)
    assert {hit.article.id for hit in hits} == {hit.article.id for hit in by_score.hits}
    assert any(hit.copies for hit in hits) == (copies is Copies.FOLDED)
    assert len(hits) > PAGE


@pytest.mark.parametrize("text", ["trains", "source:AFP"])
@given(
    st.lists(
        st.sampled_from(["", "2020", "2020-01", "2020-01-02", "2021-05-06T07:08"]), min_size=1, max_size=9
    )
)
@settings(max_examples=20)
def test_the_oldest_first_is_the_newest_first_reversed(text: str, dates: list[str]) -> None:
    articles = [
        Article(str(key), f"Gare {key}", f"Le train {key} part.", published, "AFP")
        for key, published in enumerate(dates)
    ]
    request = Request(parse(text, TODAY), Mode.KEYWORD, limit=50, copies=Copies.LISTED)
    with TemporaryDirectory() as folder, engine_over(Path(folder), articles) as engine:
        newest, oldest = (
            [hit.article for hit in engine.search(replace(request, sort=sort))]
            for sort in (Sort.DATE, Sort.OLDEST)
        )
    assert newest == sorted(articles, key=lambda article: article.published, reverse=True)
    assert oldest == oldest_of(newest)


def test_similar_articles_come_in_the_order_asked_for(tmp_path: Path) -> None:
    with engine_over(tmp_path, _articles()) as engine:
        nearest = engine.similar("0-0", 6)
        newest, oldest = (engine.similar("0-0", 6, sort) for sort in (Sort.DATE, Sort.OLDEST))
    by_relevance, by_date = ([hit.article for hit in answer] for answer in (nearest, newest))
    assert by_date == sorted(by_relevance, key=lambda article: article.published, reverse=True)
    assert by_date != by_relevance
    assert [hit.article for hit in oldest] == oldest_of(by_date)
