from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from search.query.parser import parse
from search.retrieval.request import Request
from search.types import Copies, Facet, Mode, Sort
from tests.fakes import engine_over
from tests.press import PRESS

TODAY = date(2023, 9, 13)

RAPPORT = next(article for article in PRESS if article.id == "sommet")
COPIES = (
    replace(RAPPORT, id="depeche-1", source="Gazette du Soir", published="2023-09-12"),
    replace(RAPPORT, id="depeche-2", source="Sport Matin", published="2023-09-11"),
)
"""Neither their ids nor the order in which they are read tells which is the older."""


def asked(text: str, copies: Copies = Copies.FOLDED, sort: Sort = Sort.RELEVANCE) -> Request:
    return Request(parse(text, TODAY), Mode.KEYWORD, sort, limit=20, copies=copies)


def test_one_article_stands_for_those_that_say_the_same(tmp_path: Path) -> None:
    with engine_over(tmp_path, (*PRESS, *COPIES)) as engine:
        folded, listed = (engine.search(asked("Vladivostok", copies)) for copies in Copies)

    (only,) = folded.hits
    assert only.article.id == "sommet"
    assert [copy.id for copy in only.copies] == ["depeche-2", "depeche-1"]
    assert (folded.total, listed.total) == (1, 3)
    assert {result.article.id for result in listed.hits} == {"sommet", "depeche-1", "depeche-2"}
    assert all(result.copies == () for result in listed.hits)
    assert {(result.article.id, result.copy_of) for result in listed.hits} == {
        ("sommet", ""), ("depeche-1", "sommet"), ("depeche-2", "sommet")
    }  # fmt: skip
    assert only.copy_of == ""


def test_copies_are_told_the_oldest_first_and_the_undated_last(tmp_path: Path) -> None:
    dates = {"a": "", "b": "2023-10-02", "c": "2023-09", "d": "2022", "e": "2023-09-30T08:00"}
    shorter = RAPPORT.body.removesuffix(" au menu.")  # so that none stands for the others
    copies = (replace(RAPPORT, id=name, body=shorter, published=day) for name, day in dates.items())
    with engine_over(tmp_path, (*copies, RAPPORT)) as engine:
        (only,) = engine.search(asked("Vladivostok")).hits

    assert only.article.id == "sommet"
    assert [copy.id for copy in only.copies] == ["d", "c", "e", "b", "a"]


def test_a_copy_stands_for_the_others_where_the_first_is_left_out(tmp_path: Path) -> None:
    with engine_over(tmp_path, (*PRESS, *COPIES)) as engine:
        folded, listed = (
            engine.search(asked('Vladivostok SAUF source:"Agence Nord"', copies)).hits for copies in Copies
        )

    assert [(result.article.id, [copy.id for copy in result.copies]) for result in folded] == [
        ("depeche-1", ["depeche-2"])
    ]
    assert {result.article.id: result.copy_of for result in listed} == {
        "depeche-1": "",
        "depeche-2": "depeche-1",
    }


def test_a_copy_on_another_page_names_what_it_is_a_copy_of(tmp_path: Path) -> None:
    with engine_over(tmp_path, (*PRESS, *COPIES)) as engine:
        request = asked("Vladivostok", Copies.LISTED)
        pages = [engine.search(replace(request, limit=1, offset=place)) for place in range(3)]

    copy_of = {result.article.id: result.copy_of for page in pages for result in page.hits}
    assert copy_of == {"sommet": "", "depeche-1": "sommet", "depeche-2": "sommet"}


@pytest.mark.parametrize("text", ["munitions", "source:Nord OU source:Gazette", "Vladivostok"])
@pytest.mark.parametrize("sort", Sort)
def test_counts_and_pages_are_of_the_results_shown(tmp_path: Path, text: str, sort: Sort) -> None:
    with engine_over(tmp_path, (*PRESS, *COPIES)) as engine:
        request = asked(text, sort=sort)
        whole = engine.search(request)
        pages = [engine.search(replace(request, limit=1, offset=place)) for place in range(whole.total + 1)]
        counts = engine.facets(request)

    ids = [result.article.id for result in whole.hits]
    assert [result.article.id for page in pages for result in page.hits] == ids
    assert len(ids) == whole.total == sum(amount for _, amount in counts[Facet.SOURCE])
    assert len({*ids} & {"sommet", "depeche-1", "depeche-2"}) <= 1


def test_a_copy_is_the_result_that_it_would_be_by_itself(tmp_path: Path) -> None:
    longer = replace(RAPPORT, id="depeche-3", body=RAPPORT.body + " Vladivostok se tait depuis hier soir.")
    with engine_over(tmp_path, (*PRESS, *COPIES, longer)) as engine:
        (only,) = engine.search(asked("Vladivostok tait")).hits
        copies = engine.copies(asked("Vladivostok tait"), only)
        listed = {one.article.id: one for one in engine.search(asked("Vladivostok tait", Copies.LISTED)).hits}

    assert only.article.id == "depeche-3"
    assert [copy.article.id for copy in copies] == [copy.id for copy in only.copies]
    for copy in copies:
        assert copy.copy_of == "depeche-3"
        same = listed[copy.article.id]
        assert (copy.article, copy.passage, copy.snippet) == (same.article, same.passage, same.snippet)
        assert (copy.highlights, copy.confidence) == (same.highlights, same.confidence)
        assert copy.score == pytest.approx(sum(part.points for part in copy.contributions))
        assert copy.score > 0
