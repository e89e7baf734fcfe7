import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.corpus.values import UnreadableValue, by_name, comparable, joined_text, lookup, one_text

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)


@pytest.mark.parametrize(
    ("name", "compared"),
    [
        ("Mots-clés", "mots_cles"),
        (" DATE de  publication ", "date_de_publication"),
        ("site_name", "site_name"),
        ("Auteur(s)", "auteurs"),
        ("Mot(s)-clé(s)", "mots_cles"),
    ],
)
def test_names_are_compared_without_case_accents_and_gaps(name: str, compared: str) -> None:
    assert comparable(name) == compared


def test_a_path_leads_into_objects() -> None:
    record = by_name({"Title": {"Rendered": "Un titre"}, "a.b": "plat", "list": ["x"]})
    assert lookup(record, "title.rendered") == "Un titre"
    assert lookup(record, "a.b") == "plat"
    assert [lookup(record, name) for name in ("title.raw", "list.x", "absent", "absent.a")] == [None] * 4


@pytest.mark.parametrize(
    ("value", "one", "joined"),
    [
        ("Un", "Un", "Un"),
        (2024, "2024", "2024"),
        (["Un", "Deux"], "Un", "Un; Deux"),
        ([], "", ""),
        ("[]", "", ""),
        (["NA", "Deux", None], "", "Deux"),
        ({"$date": "2024-01-03T10:00:00Z"}, "2024-01-03T10:00:00Z", "2024-01-03T10:00:00Z"),
        ({"id": 3, "name": "Gazette Exemple"}, "Gazette Exemple", "Gazette Exemple"),
        (
            [{"name": "Jeanne Modèle"}, {"rendered": "Paul Essai"}],
            "Jeanne Modèle",
            "Jeanne Modèle; Paul Essai",
        ),
    ],
)
def test_lists_and_objects_are_text(value: object, one: str, joined: str) -> None:
    assert (one_text(value), joined_text(value, "; ")) == (one, joined)


@pytest.mark.parametrize(
    ("value", "reason"),
    [({"a": 1}, "an object, not text"), (True, "true or false, not text"), ([["a"]], "a list, not text")],
)
def test_what_is_no_text_says_what_it_is(value: object, reason: str) -> None:
    with pytest.raises(UnreadableValue, match=f"^{reason}$"):
        joined_text(value, "; ")


@given(VALUES)
def test_any_value_of_json_is_text_or_unreadable(value: object) -> None:
    for read in (one_text, lambda given: joined_text(given, "; ")):
        try:
            assert isinstance(read(value), str)
        except UnreadableValue as error:
            assert str(error).endswith("not text")  # noqa: PT017 - most values are readable
