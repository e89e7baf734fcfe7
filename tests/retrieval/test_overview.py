from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.local.reader import Generation
from search.query.parser import parse
from search.retrieval.engine import Engine
from search.retrieval.overview import ArchiveCounts, Overview
from search.retrieval.request import Request
from search.retrieval.timeline import Timeline
from search.types import Article, Copies, Mode
from tests.fakes import engine_of, engine_over
from tests.press import PRESS

TODAY = date(2024, 5, 1)
TITLES = ("Kim Jong reçu", "Obus livrés", "OBUS LIVRÉS", "À Paris", "12 345", "…", "OU ET SAUF", "Kim Jong")


def expected_counts(articles: Sequence[Article]) -> ArchiveCounts:
    """The counts, computed from the articles alone; sources here have one spelling each."""
    dates = Counter(article.published[:10] for article in articles)
    sources = Counter(article.source for article in articles if article.source)
    return ArchiveCounts(
        Timeline(tuple(sorted(dates.items()))),
        tuple(sorted(sources.items(), key=lambda counted: (-counted[1], counted[0]))),
    )


def found(engine: Engine, text: str) -> list[Article]:
    """The articles that the words of a query find, copies too."""
    request = Request(parse(text, TODAY), Mode.KEYWORD, limit=1000, copies=Copies.LISTED)
    return [hit.article for hit in engine.search(request).hits]


def overview_of(articles: Sequence[Article], newest: int = 5) -> Overview:
    with TemporaryDirectory() as folder, engine_over(Path(folder) / "index", articles) as engine:
        return engine.overview(newest)


def titled(*titles: str, source: str = "", published: str = "") -> list[Article]:
    """Articles with these titles, each with a text of its own."""
    return [
        Article(str(number), title, f"Texte numéro {number}.", published, source)
        for number, title in enumerate(titles)
    ]


def test_the_counts_are_those_of_the_articles(generation: Generation) -> None:
    counts = engine_of(generation).overview(0).counts
    assert counts == expected_counts(PRESS)
    assert (counts.first, counts.last, counts.timeline.undated) == ("2021-05", "2024-04-07", 1)
    assert (counts.busiest_month, counts.main_source) == ("2023-09", "Agence Nord")


def test_the_newest_articles_come_first(generation: Generation) -> None:
    newest = engine_of(generation).overview(4).newest
    assert [hit.article.id for hit in newest] == ["marathon", "hopital", "ukraine", "rapport"]
    assert newest[0].article == PRESS[6 + 1]
    assert {(hit.score, hit.highlights, hit.contributions) for hit in newest} == {(0, (), ())}


def test_a_copy_is_not_listed_beside_the_newer_article() -> None:
    copy = replace(PRESS[0], id="copie", published="2023-09-13")
    listed = [hit.article.id for hit in overview_of([*PRESS, copy], 20).newest]
    assert sorted([*listed, "obus"]) == sorted([*(article.id for article in PRESS), "copie"])


def test_examples_are_a_name_a_phrase_of_the_busiest_month_and_words_of_a_source() -> None:
    titles = ["Les gilets jaunes défilent", "Encore les Gilets jaunes", "Olivier Véran parle"]
    articles = [
        *titled("Avis de tempête", "Avis de tempête", published="2019-01-02", source="Nord"),
        *(replace(one, id=f"{one.id}b") for one in titled(*titles, published="2018-12-01", source="Sud")),
    ]
    assert overview_of(articles).examples == (
        "Olivier Véran",
        '"gilets jaunes" date:2018-12',
        'défilent source:"Sud"',
    )


def test_an_archive_without_dates_and_sources_gives_examples_without_them() -> None:
    overview = overview_of(titled("La Peste au théâtre", "Kim Attendu à Vladivostok"))
    assert overview.counts == ArchiveCounts(Timeline((("", 2),)), ())
    assert (overview.counts.first, overview.counts.last, overview.counts.busiest_month) == ("", "", "")
    assert [hit.article.title for hit in overview.newest] == [
        "La Peste au théâtre",
        "Kim Attendu à Vladivostok",
    ]
    assert overview.examples == ("Kim Attendu", '"Peste"', "théâtre")


@pytest.mark.parametrize("titles", [("…", "12", "ET"), ("SAUF",)])
def test_titles_without_words_give_no_example_that_finds_nothing(titles: tuple[str, ...]) -> None:
    articles = titled(*titles)
    with TemporaryDirectory() as folder, engine_over(Path(folder) / "index", articles) as engine:
        assert all(found(engine, example) for example in engine.overview(1).examples)


@settings(max_examples=25)
@given(
    st.lists(
        st.builds(
            Article,
            id=st.uuids().map(str),
            title=st.sampled_from(TITLES),
            body=st.integers(0, 99).map("Un texte de {} mots.".format),
            published=st.sampled_from(["", "2020", "2020-02", "2020-02-29", "2019-12-31T23:59"]),
            source=st.sampled_from(["", "Nord", "« Le Sud »", "—"]),
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda article: article.id,
    )
)
def test_the_overview_agrees_with_the_articles_and_every_example_finds_some(articles: list[Article]) -> None:
    with TemporaryDirectory() as folder, engine_over(Path(folder) / "index", articles) as engine:
        overview = engine.overview(3)
        assert overview == engine.overview(3)
        expected = expected_counts(articles)
        assert replace(overview.counts, sources=()) == replace(expected, sources=())
        assert sorted(overview.counts.sources) == sorted(expected.sources)
        assert (overview.counts.first, overview.counts.last) == (
            min((article.published[:10] for article in articles if article.published), default=""),
            max(article.published[:10] for article in articles),
        )
        dates = [hit.article.published for hit in overview.newest]
        assert dates == sorted(dates, reverse=True)
        assert all(found(engine, example) for example in overview.examples)
