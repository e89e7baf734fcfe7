from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from search.query.parser import parse
from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.types import Article, Copies, Facet, Mode, Sort
from tests.fakes import engine_over
from tests.press import PRESS

TODAY = date(2023, 9, 13)

RAPPORT = next(article for article in PRESS if article.id == "sommet")
COPIES = (
    replace(RAPPORT, id="depeche-1", source="Gazette du Soir", published="2023-09-12"),
    replace(RAPPORT, id="depeche-2", source="Sport Matin", published="2023-09-11"),
)
"""Neither their ids nor the order in which they are read tells which is the older."""


NOTICE = (
    "Le salarié dont l'enfant vient de naître prévient son employeur au moins un mois avant la date prévue. "
    "Les quatre premiers jours suivent la naissance, le reste se prend dans les six mois. La caisse verse "
    "des indemnités à celui qui travaille {}, sur présentation de l'attestation que l'employeur lui envoie."
)


def notice(name: str, place: str, title: str = "Congé de naissance", more: str = "") -> Article:
    return Article(name, title, NOTICE.format(place) + more, "2023-09-12", "Service")


BELGIUM, SWITZERLAND = notice("belgique", "en Belgique"), notice("suisse", "en Suisse")


def asked(
    text: str,
    copies: Copies = Copies.FOLDED,
    sort: Sort = Sort.RELEVANCE,
    mode: Mode = Mode.KEYWORD,
) -> Request:
    return Request(parse(text, TODAY), mode, sort, limit=20, copies=copies)


def shown(engine: Engine, request: Request) -> list[tuple[str, list[str]]]:
    """The results of a request in order, each with its copies."""
    hits = engine.search(request).hits
    return [(hit.article.id, [copy.id for copy in hit.copies]) for hit in hits]


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


@pytest.mark.parametrize("mode", [Mode.HYBRID, Mode.SEMANTIC])
def test_copies_that_are_no_results_are_shown_once_below(tmp_path: Path, mode: Mode) -> None:
    with engine_over(tmp_path, (*PRESS, *COPIES)) as engine:
        folded, listed = (
            [one.article.id for one in engine.search(asked("zzyzx", copies, mode=mode)).below]
            for copies in Copies
        )

    family = {"sommet", "depeche-1", "depeche-2"}
    assert family < {*listed}
    assert len(family.intersection(folded)) == 1
    assert {*folded} - family == {*listed} - family


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


@pytest.mark.parametrize("mode", Mode)
def test_copies_that_differ_in_a_word_of_the_query_are_two_results(tmp_path: Path, mode: Mode) -> None:
    with engine_over(tmp_path, (*PRESS, BELGIUM, SWITZERLAND)) as engine:
        apart = shown(engine, asked("congé naissance Suisse", mode=mode))
        alike = shown(engine, asked("congé naissance", mode=mode))
        listed = engine.search(asked("congé naissance Suisse", Copies.LISTED, mode=mode)).hits
        misspelt = shown(engine, asked("congé naissance Belgiqeu", mode=mode))

    assert apart[:2] == [("suisse", []), ("belgique", [])]
    assert alike[0] in [("belgique", ["suisse"]), ("suisse", ["belgique"])]
    assert [hit.copy_of for hit in listed[:2]] == ["", ""]
    assert misspelt[:1] == alike[:1]  # as no other article holds the word, it is not corrected


def test_a_misspelt_word_that_is_corrected_tells_copies_apart(tmp_path: Path) -> None:
    other = Article("bruxelles", "Autre chose", "La Belgique vote dimanche.", "2023-09-01")
    with engine_over(tmp_path, (*PRESS, BELGIUM, SWITZERLAND, other)) as engine:
        ids = [name for name, _ in shown(engine, asked("congé naissance Belgiqeu"))]
    assert sorted(ids) == ["belgique", "suisse"]


def test_a_shorter_version_that_lacks_a_word_is_a_copy(tmp_path: Path) -> None:
    more = (
        " Une annexe donne les plafonds, le barème des indemnités et la liste des guichets de chaque canton."
    )
    longer = notice("longue", "en Suisse", more=more)
    with engine_over(tmp_path, (*PRESS, SWITZERLAND, longer)) as engine:
        for text in ("congé barème guichets", "congé naissance"):
            assert shown(engine, asked(text))[0] == ("longue", ["suisse"])


@pytest.mark.parametrize("mode", Mode)
def test_the_headline_that_matches_the_query_is_shown(tmp_path: Path, mode: Mode) -> None:
    father = replace(
        BELGIUM, id="pere", title="Jeunes pères salariés : un mois de congé à poser", source="Gazette du Soir"
    )
    with engine_over(tmp_path, (*PRESS, BELGIUM, father)) as engine:
        assert ("pere", ["belgique"]) in shown(engine, asked("jeunes pères salariés congé", mode=mode))
        assert ("belgique", ["pere"]) in shown(engine, asked("congé de naissance", mode=mode))
        assert engine.facets(asked("jeunes pères"))[Facet.SOURCE] == (("Gazette du Soir", 1),)


TWINS = (
    BELGIUM,
    SWITZERLAND,
    replace(
        SWITZERLAND, id="suisse-2", title="Congé en Suisse", published="2023-10-01", source="Gazette du Soir"
    ),
    replace(BELGIUM, id="belgique-2", title="Naître en Belgique", published="2023-10-02"),
)


@pytest.mark.parametrize("mode", [Mode.KEYWORD, Mode.HYBRID])
@pytest.mark.parametrize("text", ["congé Suisse", "congé naissance", "enfant Belgique -source:Gazette"])
@pytest.mark.parametrize("sort", Sort)
def test_results_and_their_copies_do_not_depend_on_the_page(
    tmp_path: Path, text: str, sort: Sort, mode: Mode
) -> None:
    with engine_over(tmp_path, (*PRESS, *COPIES, *TWINS)) as engine:
        request = asked(text, sort=sort, mode=mode)
        whole = shown(engine, request)
        pages = [shown(engine, replace(request, limit=1, offset=place)) for place in range(len(whole))]
        other_order = shown(engine, replace(request, sort=Sort.DATE))
        listed = engine.search(replace(request, copies=Copies.LISTED)).hits
        total = engine.search(request).total
        counts = engine.facets(request)[Facet.YEAR]

    assert [hit for page in pages for hit in page] == whole
    assert sorted(other_order) == sorted(whole)
    assert total == len(whole) == sum(amount for _, amount in counts)
    copy_of = {copy: name for name, copies in whole for copy in copies}
    assert {hit.article.id: hit.copy_of for hit in listed} == {name: "" for name, _ in whole} | copy_of


def test_articles_similar_to_another_are_one_result_for_a_family(tmp_path: Path) -> None:
    with engine_over(tmp_path, (*PRESS, BELGIUM, SWITZERLAND)) as engine:
        hits = engine.similar("obus", 20).hits
    assert len([hit for hit in hits if hit.article.id in ("belgique", "suisse")]) == 1
