from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from search.errors import QueryError
from search.query.ast import Query
from search.query.boolean import conjuncts
from search.query.filters import (
    Filter,
    filter_of_days,
    filter_of_value,
    filters_of,
    text_with_filter,
    text_with_period,
    text_without_filter,
    with_filter,
    without_filter,
    without_periods,
)
from search.query.parser import parse
from search.query.printer import to_text
from search.text.periods import period_days
from search.types import Facet

from .strategies import ANY_TEXT

TODAY = date(2023, 9, 15)
NAMED = [Facet.SOURCE, Facet.SECTION, Facet.AUTHOR, Facet.PLACE, Facet.KEYWORD]
VALUES = st.one_of(
    st.tuples(st.sampled_from(NAMED), st.text(max_size=12)),
    st.tuples(
        st.sampled_from(NAMED),
        st.sampled_from(["AFP", "ET", "Le « Monde »", 'L"Équipe', "Orange avec AFP-Services", "A^2", "-x*"]),
    ),
    st.tuples(st.just(Facet.MONTH), st.sampled_from(["2023-09", "2024-02", "1999-12"])),
    st.tuples(st.just(Facet.YEAR), st.sampled_from(["2023", "1987"])),
)
PIECES = st.sampled_from(
    [
        *("munitions", "Qui est mort?", '"obus d\'artillerie"', "A OU B", "+Kim", "titre:Kim", "r?ssie"),
        *("source:AFP", '-rubrique:"monde"', "date:2023-09", "depuis:7j", "source:(AFP Reuters)"),
        *("auteur:Modèle", '-mot-clé:"port de pêche"', "page:A6", "dossier:*", "-tag:Armes", "lu:non"),
    ]
)
QUERIES = st.lists(PIECES, max_size=5).map(" ".join)


def meaning(query: Query) -> object:
    return query.words, query.constraint


def value(facet: Facet, text: str) -> Filter:
    found = filter_of_value(facet, text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("munitions", []),
        ("munitions source:AFP", ["source:AFP"]),
        ('titre:Kim +obus -rubrique:"Fait divers"', ['-rubrique:"Fait divers"']),
        ("date:2023-09 obus -date:2023", ["date:2023-09", "-date:2023"]),
        ("depuis:7j", ["date:2023-09-08.."]),
        ("date:2023-09-11", ["date:2023-09-11"]),
        ("date:2023-09-02..2023-09-30", ["date:2023-09-02..2023-09-30"]),
        ("source:(AFP Reuters) x", ["source:AFP", "source:Reuters"]),
        ("source:AFP OU source:Reuters x", ["source:AFP", "source:Reuters"]),
        ('-source:(AFP OU "a b") x', ["-source:AFP", '-source:"a b"']),
        ("date:2023-09 OU date:2023-10", ["date:2023-09", "date:2023-10"]),
        ("source:AFP OU date:2023", ["source:AFP OU date:2023"]),
        ("source:AFP OU obus", []),
        ('-dossier:A lu:non tag:"b c" x lu:oui', ["-dossier:A", "lu:non", 'dossier:"b c"', "lu:oui"]),
        ('author:Kim -motcle:"a b" page:6', ["auteur:Kim", '-mot-clé:"a b"', "page:6"]),
    ],
)
def test_the_filters_of_a_query(text: str, written: list[str]) -> None:
    assert [one.text for one in filters_of(parse(text, TODAY))] == written


@pytest.mark.parametrize(
    ("facet", "name", "written"),
    [
        (Facet.SOURCE, "AFP", 'source:"AFP"'),
        (Facet.SECTION, ' Le "grand"  soir ', 'rubrique:"Le grand soir"'),
        (Facet.AUTHOR, "Jeanne Modèle", 'auteur:"Jeanne Modèle"'),
        (Facet.PLACE, "Armeil", 'lieu:"Armeil"'),
        (Facet.KEYWORD, "grève", 'mot-clé:"grève"'),
        (Facet.MONTH, "2023-09", "date:2023-09"),
        (Facet.YEAR, "2023", "date:2023"),
    ],
)
def test_values_are_written(facet: Facet, name: str, written: str) -> None:
    assert value(facet, name).text == written
    assert value(facet, name).negated.text == f"-{written}"


@pytest.mark.parametrize(("facet", "name"), [(Facet.SOURCE, ""), (Facet.SECTION, "—"), (Facet.MONTH, "")])
def test_what_a_query_cannot_name_has_no_filter(facet: Facet, name: str) -> None:
    assert filter_of_value(facet, name) is None


def test_the_same_value_written_otherwise_is_the_same_filter() -> None:
    (typed,) = filters_of(parse('-source:"l’Áfp"', TODAY))
    assert typed.canonical == value(Facet.SOURCE, "AFP").negated.canonical
    assert typed.canonical != value(Facet.SOURCE, "AFP").canonical


def test_a_word_of_a_value_is_another_filter_than_the_whole() -> None:
    (typed,) = filters_of(parse("source:AFP", TODAY))
    assert typed.canonical == filters_of(parse("source:Áfp", TODAY))[0].canonical
    assert typed.canonical != value(Facet.SOURCE, "AFP").canonical


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("auteur:Kim", Facet.AUTHOR),
        ("-lieu:Armeil", Facet.PLACE),
        ("keyword:grève", Facet.KEYWORD),
        ("page:6", None),
        ("depuis:7j", Facet.MONTH),
    ],
)
def test_a_filter_belongs_to_a_facet(text: str, facet: Facet | None) -> None:
    (one,) = filters_of(parse(text, TODAY))
    assert one.facet is facet


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("munitions ET Moscou", 'munitions ET Moscou source:"AFP"'),
        ('obus -source:"afp" depuis:7j', 'obus depuis:7j source:"AFP"'),
        ('source:"afp" obus', 'source:"afp" obus'),
        ("source:AFP obus", 'source:(AFP OU "AFP") obus'),
        ('source:"Reuters" obus', 'source:("Reuters" OU "AFP") obus'),
        ("obus source:(Reuters OU BFM)  x", 'obus source:(Reuters OU BFM OU "AFP")  x'),
        ("source:(Reuters BFM) Qui est mort?", 'source:(Reuters OU BFM OU "AFP") Qui est mort?'),
        ("x ET y source:BFM OU source:Reuters z", 'x ET y source:BFM OU source:(Reuters OU "AFP") z'),
        ('x (source:"a (b)" OU SOURCE:c)', 'x (source:"a (b)" OU source:(c OU "AFP"))'),
        ("-source:BFM x", '-source:BFM x source:"AFP"'),
        ("-source:(BFM OU «l’Áfp») x", '-source:BFM x source:"AFP"'),
        ("source:a source:b", 'source:a source:(b OU "AFP")'),
        ("lieu:Armeil", 'lieu:Armeil source:"AFP"'),
        ("", 'source:"AFP"'),
        ("Qui est mort?", 'Qui est mort? source:"AFP"'),
    ],
)
def test_including_keeps_what_was_typed(text: str, after: str) -> None:
    assert text_with_filter(parse(text, TODAY), value(Facet.SOURCE, "AFP"), TODAY) == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ('munitions ET Moscou source:"AFP" depuis:7j', "munitions ET Moscou depuis:7j"),
        ("obus", "obus"),
        ('source:"AFP"', ""),
        ("source:AFP", "source:AFP"),
        ('SAUF rubrique:x source:"AFP"  obus', "SAUF rubrique:x obus"),
        ('obus ET source:"AFP"', "+obus"),
        ('x ET y  source:("AFP" OU Reuters)', "x ET y  source:Reuters"),
        ('x source:(Reuters OU «l’áfp» OU "b c") y', 'x source:(Reuters OU "b c") y'),
        ('x source:Reuters OU source:"Afp" y', "x source:Reuters y"),
        ('x source:"Afp" OU source:Reuters y', "x source:Reuters y"),
        ('x (source:"Afp" OU source:Reuters) y', "x (source:Reuters) y"),
        ('x -source:("AFP" OU Reuters) y', 'x -source:("AFP" OU Reuters) y'),
        ('-mot-clé:"a b" source:"AFP" obus', '-mot-clé:"a b" obus'),
    ],
)
def test_excluding_keeps_what_was_typed(text: str, after: str) -> None:
    assert text_without_filter(parse(text, TODAY), value(Facet.SOURCE, "AFP"), TODAY) == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("obus Moscou", "obus Moscou date:2019-03"),
        ("obus date:2019-03", "obus date:2019-03"),
        ("obus date:2018 Moscou", "obus Moscou date:2019-03"),
        ("depuis:7j obus avant:2021", "obus date:2019-03"),
        ('(date:2018 OU date:2020) obus source:"AFP"', 'obus source:"AFP" date:2019-03'),
        ("obus -date:2019-03-05", "obus -date:2019-03-05 date:2019-03"),
        ("obus -date:2019-03", "obus date:2019-03"),
        ("", "date:2019-03"),
    ],
)
def test_a_period_takes_the_place_of_other_dates(text: str, after: str) -> None:
    march = filter_of_days(period_days("2019-03", "2019-03"))
    assert text_with_period(parse(text, TODAY), march, TODAY) == after


@given(QUERIES)
def test_a_period_is_the_only_one_of_its_query(text: str) -> None:
    period = filter_of_days(period_days("1998", "2001"))
    query = parse(text, TODAY)
    chosen = parse(text_with_period(query, period, TODAY), TODAY)
    assert [each.canonical for each in filters_of(chosen) if each.is_period] == [period.node]
    rest, before = without_periods(chosen), without_periods(query)
    assert (rest.words, rest.constraint) == (before.words, without_filter(before, period.negated).constraint)


def test_a_name_of_two_words_keeps_what_was_typed() -> None:
    typed = parse('munitions ET Moscou -mot-clé:"port de pêche"', TODAY)
    excluded = value(Facet.KEYWORD, "port de pêche").negated
    assert text_without_filter(typed, excluded, TODAY) == "munitions ET Moscou"


@given(QUERIES, VALUES)
def test_a_filter_comes_and_goes(text: str, named: tuple[Facet, str]) -> None:
    query, wanted = parse(text, TODAY), filter_of_value(*named)
    for one in () if wanted is None else (wanted, wanted.negated):
        more = with_filter(query, one)
        assert one.canonical in [found.canonical for found in filters_of(more)]
        assert one.negated.canonical not in [found.canonical for found in filters_of(more)]
        assert meaning(parse(to_text(more), TODAY)) == meaning(more)
        assert meaning(parse(text_with_filter(query, one, TODAY), TODAY)) == meaning(more)
        less = without_filter(more, one)
        assert one.canonical not in [found.canonical for found in filters_of(less)]
        assert meaning(parse(text_without_filter(more, one, TODAY), TODAY)) == meaning(less)


NAMES = ["AFP", "BFM", "L'Équipe", "a (b)", "Le « Monde »", "ET", "A^2", "r?"]


@given(QUERIES, st.sampled_from(NAMED), st.sets(st.sampled_from(NAMES)), st.data())
def test_values_come_and_go_in_any_order(
    text: str, facet: Facet, names: set[str], data: st.DataObject
) -> None:
    """The order of several values does not matter; without them the text is that of before."""
    before = " ".join(text.split())
    query = parse(before, TODAY)
    values = [value(facet, name) for name in names]
    assume(not {one.canonical for one in values} & {one.canonical for one in filters_of(query)})
    typed = before
    for one in data.draw(st.permutations(values)):
        typed = text_with_filter(parse(typed, TODAY), one, TODAY)
    several = parse(typed, TODAY)
    kept = {one.canonical for one in filters_of(several)} - {one.canonical for one in filters_of(query)}
    assert kept == {one.canonical for one in values}
    assert len(conjuncts(several.constraint)) <= len(conjuncts(query.constraint)) + 1
    for one in data.draw(st.permutations(values)):
        typed = text_without_filter(parse(typed, TODAY), one, TODAY)
    assert meaning(parse(typed, TODAY)) == meaning(query)
    if not any(one.facet is facet for one in filters_of(query)):
        assert typed == before


@given(ANY_TEXT)
def test_any_filter_typed_can_go(text: str) -> None:
    try:
        query = parse(text, TODAY)
    except QueryError:
        return
    for one in filters_of(query):
        shorter = parse(text_without_filter(query, one, TODAY), TODAY)
        assert meaning(shorter) == meaning(without_filter(query, one))
        assert with_filter(query, one) == query


@given(
    st.lists(
        st.sampled_from(["l'eau", "Paris,", "craquent-ils", "(loi)", "?", "mort?", "«", "…"]), max_size=5
    ),
    st.lists(st.sampled_from(["source:AFP", '-lieu:"Le Mans"', "date:2023", "depuis:2020-01"]), max_size=3),
)
def test_filters_after_a_question_change_neither_its_words_nor_what_is_encoded(
    words: list[str], filters: list[str]
) -> None:
    try:
        question = parse(" ".join(words), TODAY)
    except QueryError:
        return
    assume(question.words)
    with_filters = parse(" ".join([*words, *filters]), TODAY)
    assert (with_filters.words, with_filters.text) == (question.words, question.text)
