"""Facets for choosing several values: each count is what the value would add to the results."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.local.reader import Generation
from search.query.ast import Field, FieldName, Near, Phrase, Prefix, Word
from search.query.filters import filter_of_value, text_with_filter, without_facet
from search.query.name_matcher import names_value
from search.query.parser import parse
from search.retrieval.engine import Engine
from search.types import VALUE_SEPARATOR, Facet, Mode
from tests.fakes import engine_of
from tests.press import PRESS

from .requests import TODAY, request_of


@pytest.fixture
def engine(generation: Generation) -> Engine:
    return engine_of(generation)


def sources(engine: Engine, text: str) -> dict[str, int]:
    return dict(engine.disjunctive_facets(request_of(text, Mode.KEYWORD))[Facet.SOURCE])


@pytest.mark.parametrize("kept", ['source:"agence NORD"', "source:nord", 'source:("Agence Nord" OU zzz)'])
def test_a_kept_value_does_not_hide_the_others(engine: Engine, kept: str) -> None:
    everything = sources(engine, "munitions OU archives OU roman")
    assert len(everything) > 1
    assert sources(engine, f"(munitions OU archives OU roman) {kept}") == everything


def test_an_excluded_value_has_the_number_that_it_would_bring_back(engine: Engine) -> None:
    everything = sources(engine, "munitions OU archives OU roman")
    text = '(munitions OU archives OU roman) -source:"gazette du soir"'
    assert sources(engine, text) == everything
    plain = dict(engine.facets(request_of(text, Mode.KEYWORD))[Facet.SOURCE])
    assert plain == {name: count for name, count in everything.items() if name != "Gazette du Soir"}


def test_the_other_facets_are_those_of_the_answer(engine: Engine) -> None:
    request = request_of('munitions source:"Agence Nord" depuis:2023-09', Mode.KEYWORD)
    plain, disjunctive = engine.facets(request), engine.disjunctive_facets(request)
    assert {facet for facet in Facet if plain[facet] != disjunctive[facet]} == {Facet.SOURCE}


@pytest.mark.parametrize("facet", [Facet.SOURCE, Facet.SECTION, Facet.KEYWORD])
@pytest.mark.parametrize(
    "text", ["munitions", "munitions source:Nord", "munitions -mot-clé:trains rubrique:monde"]
)
def test_a_count_is_what_the_value_adds(engine: Engine, facet: Facet, text: str) -> None:
    """Kept alone in its facet, each value that is not excluded finds as many articles as were counted."""
    request = request_of(text, Mode.KEYWORD)
    for name, count in engine.disjunctive_facets(request)[facet]:
        value = filter_of_value(facet, name)
        if value is None or ("-mot-clé:trains" in text and name == "trains"):
            continue
        alone = without_facet(request.query, facet, kept_only=True)
        typed = text_with_filter(alone, value, TODAY)
        assert engine.search(request_of(typed, Mode.KEYWORD)).total == count


VALUES = sorted(
    {name for article in PRESS for name in (article.source, article.section, article.author)} - {""}
)
FRAGMENTS = sorted({word for value in VALUES for word in value.split()})
LEAVES = st.one_of(
    st.sampled_from(VALUES).map(Phrase),
    st.sampled_from([value.upper() for value in VALUES]).map(Phrase),
    st.sampled_from(FRAGMENTS).map(Word),
    st.sampled_from([word[:3] for word in FRAGMENTS if len(word) > 3]).map(Prefix),
    st.builds(
        Near, st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=3).map(" ".join), st.integers(1, 3)
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([FieldName.SOURCE, FieldName.SECTION, FieldName.AUTHOR]), LEAVES)
def test_a_value_is_matched_as_the_index_matches_it(
    generation: Generation, name: FieldName, leaf: Word | Phrase | Prefix | Near
) -> None:
    mask = generation.keyword.allowed(Field(name, leaf))
    for key, article in enumerate(generation.store.articles(range(len(PRESS)))):
        field = {"source": article.source, "section": article.section, "author": article.author}[name.value]
        values = field.split(VALUE_SEPARATOR) if name is FieldName.AUTHOR else [field]
        assert any(names_value(leaf, value) for value in values) == bool(mask[key]), (leaf, values)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("source:afp", "AFP"),
        ('source:"l’Équipe"', "L'EQUIPE"),
        ('source:"oeuvres  et coeurs"', "Œuvres et cœurs"),
        ('mot-clé:"GREVES"', "grèves"),
        ("source:nord-coréen", "Agence Nord-Coréen"),
    ],
)
def test_case_accents_ligatures_and_apostrophes_do_not_matter(written: str, value: str) -> None:
    constraint = parse(written, TODAY).constraint
    assert isinstance(constraint, Field)
    assert names_value(constraint.node, value)
    assert not names_value(constraint.node, "Reuters")
