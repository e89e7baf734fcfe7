from datetime import date

import pytest

from search.query.parser import parse
from search.query.value_pairs import QueryPair, value_pairs
from search.types import Facet

TODAY = date(2026, 11, 30)


def test_each_pair_of_values_is_two_queries() -> None:
    pairs = value_pairs(
        parse("obus depuis:2020", TODAY), Facet.SOURCE, ["AFP", "BFMTV", "…", "Le Monde"], TODAY
    )
    assert [pair.values for pair in pairs] == [
        *(("AFP", "BFMTV"), ("AFP", "Le Monde"), ("BFMTV", "Le Monde")),
    ]
    assert pairs[1].texts == ('obus depuis:2020 source:"AFP"', 'obus depuis:2020 source:"Le Monde"')


@pytest.mark.parametrize("text", ["obus source:Reuters", "obus -source:AFP", 'source:"BFMTV" obus'])
def test_sources_take_the_place_of_those_of_the_query(text: str) -> None:
    (pair,) = value_pairs(parse(text, TODAY), Facet.SOURCE, ["AFP", "BFMTV"], TODAY)
    assert pair == QueryPair(("AFP", "BFMTV"), ('obus source:"AFP"', 'obus source:"BFMTV"'))


def test_one_value_is_no_pair() -> None:
    assert value_pairs(parse("obus", TODAY), Facet.SOURCE, ["AFP"], TODAY) == ()
