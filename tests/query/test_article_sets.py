"""The sets of the user in a query, and what stands for them before an index is asked."""

from dataclasses import replace
from datetime import date

import pytest

from search.errors import QueryError
from search.query.article_sets import bind, dossier_key, sets_named, text_renaming_dossier, unknown_dossier
from search.query.ast import ArticleKeys, InDossier, Read
from search.query.parser import parse
from tests.retrieval.sets import SETS

TODAY = date(2023, 9, 15)


def keys(ids: frozenset[str]) -> ArticleKeys:
    """As keys, the lengths of the ids."""
    return ArticleKeys(frozenset(map(len, ids)))


def test_a_query_names_each_set_once() -> None:
    query = parse("obus lu:non (dossier:a OU -tag:b) -dossier:a source:AFP", TODAY)
    assert sets_named(query) == (Read(), InDossier("a"), InDossier("b"))
    assert sets_named(parse("obus source:AFP", TODAY)) == ()


def test_a_query_without_sets_is_the_same_object() -> None:
    query = parse("obus source:AFP -date:2023", TODAY)
    assert bind(query, None, keys) is query


def test_only_the_sets_of_a_constraint_are_replaced() -> None:
    query = parse("obus (dossier:armes OU source:AFP) lu:non -titre:Kim", TODAY)
    bound = bind(query, SETS, keys)
    written = str(bound.constraint)
    assert (bound.words, bound.text, bound.raw) == (query.words, query.text, query.raw)
    assert sets_named(bound) == ()
    assert written.count("ArticleKeys") == 2
    assert "keys=frozenset({4, 7})" in written
    assert bind(bound, None, keys) is bound


@pytest.mark.parametrize("name", ["Été  2023", "ete 2023", "\u200bÉTÉ 2023 "])
def test_a_name_is_compared_without_case_accents_and_blanks(name: str) -> None:
    assert dossier_key(name) == "ete 2023"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("armex dossier:armex", 14),
        ('armex  tag:"armex"', 12),
        ("armex étiquette:(obus OU armex)", 25),
        ('dossier:" armex\t7 "', 10),
    ],
)
def test_an_unknown_dossier_is_marked_where_it_is_named(text: str, place: int) -> None:
    known = replace(SETS, dossiers={"obus": frozenset()})
    with pytest.raises(QueryError) as raised:
        bind(parse(text, TODAY), known, keys)
    assert raised.value.position == place


def test_near_names_are_as_the_user_wrote_them() -> None:
    _, advice = unknown_dossier("secheresses", ["Sécheresse", "Armes"])
    assert str(advice) == "did you mean Sécheresse?"


@pytest.mark.parametrize(
    ("text", "renamed"),
    [
        ("obus dossier:armes", 'obus dossier:"Été 2023"'),
        ("obus (dossier:A OU -tag:Armes)", 'obus dossier:A OU SAUF dossier:"Été 2023"'),
        ('"dossier:Armes"   dossier:B', '"dossier:Armes"   dossier:B'),
        ("Armes dossier:*", "Armes dossier:*"),
    ],
)
def test_a_dossier_gets_its_new_name_in_the_query(text: str, renamed: str) -> None:
    assert text_renaming_dossier(parse(text, TODAY), "Armes", "Été 2023") == renamed
