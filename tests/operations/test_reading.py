"""Parameters from an address and from JSON: the same values, or an error that names the parameter."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from search.operations.parameters import FindParameters, ShowParameters
from search.operations.problems import WrongParameter
from search.operations.reading import from_json, from_text

VALUES = st.fixed_dictionaries(
    {"query": st.text(min_size=1, max_size=20)},
    optional={
        "limit": st.integers(1, 500),
        "min_confidence": st.floats(0, 1),
        "facets": st.booleans(),
        "source": st.lists(st.text(max_size=10), max_size=3),
        "sort": st.sampled_from(["relevance", "date", "oldest"]),
        "semantic_weight": st.floats(0, 1000),
    },
)


@given(VALUES)
def test_an_address_and_json_say_the_same(values: dict[str, object]) -> None:
    pairs = [
        (name, each if isinstance(each, str) else json.dumps(each))
        for name, value in values.items()
        for each in (value if isinstance(value, list) else [value])
    ]

    assert from_text(FindParameters, pairs) == from_json(FindParameters, values)


def test_what_is_left_out_has_its_default_or_that_of_the_server() -> None:
    read = from_text(FindParameters, [("query", "a")])

    assert (read.limit, read.offset, read.sort, read.source, read.copies) == (
        10,
        0,
        "relevance",
        (),
        "folded",
    )
    assert read.mode is read.fusion is read.recency is UNSET


@given(st.text(max_size=8), st.sampled_from(["limit", "offset", "facets", "min_confidence", "sort"]))
def test_a_text_is_a_value_or_an_error_with_its_place(text: str, name: str) -> None:
    error = None
    try:
        from_text(FindParameters, [("query", "a"), (name, text)])
    except WrongParameter as raised:
        error = raised

    assert error is None or (error.place == name and error.suggestion)


@pytest.mark.parametrize("end", ["-1", "1.5", "1e3", "٣", "null", "[]", "9" * 30])
def test_a_number_is_written_as_in_json(end: str) -> None:
    with pytest.raises(WrongParameter, match="parameter end"):
        from_text(ShowParameters, [("id", "a"), ("end", end)])
