import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.corpus.values import unprinted

PLAIN = st.text(
    alphabet=st.characters(exclude_characters="\\\"'\n", exclude_categories=["Cc", "Cs", "Zl", "Zp"]),
    min_size=1,
)


@given(st.lists(PLAIN.filter(str.isprintable), min_size=1))
def test_a_list_that_python_printed_is_a_list_again(items: list[str]) -> None:
    assert unprinted(str(items)) == items
    assert unprinted(str(items).replace(", ", " ")) == [item.replace(", ", " ") for item in items]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("['Jeanne', \"d'Armeil\"]", ["Jeanne", "d'Armeil"]),
        (" ['un'] ", ["un"]),
        ("[Removed]", "[Removed]"),
        ("[]", "[]"),
        ("['coupé", "['coupé"),
        ("['un'] et ['deux']", "['un'] et ['deux']"),
        ("[" + "'a' " * 50_000, "[" + "'a' " * 50_000),
        (3, 3),
        (None, None),
        (["un"], ["un"]),
    ],
)
def test_other_values_stay(value: object, expected: object) -> None:
    assert unprinted(value) == expected
