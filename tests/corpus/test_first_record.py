import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.corpus.first_record import first_names, is_json, is_json_lines

NAMES = st.text(alphabet="abcdefgh", min_size=1, max_size=6)
VALUES = st.recursive(
    st.none() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=5
)


@given(st.dictionaries(NAMES, VALUES | st.dictionaries(NAMES, VALUES, max_size=3), max_size=6), VALUES)
def test_the_names_of_a_record_are_its_keys_whatever_its_values(
    record: dict[str, object], other: object
) -> None:
    paths = set(record)
    for name, value in record.items():
        paths |= {f"{name}.{inner}" for inner in value} if isinstance(value, dict) else set()
    rest = {"zz": other}
    assert first_names(json.dumps(record)) == paths
    assert first_names(json.dumps([record, rest], indent=2)) == paths
    assert first_names(json.dumps({"status": "ok", "articles": [record, rest]})) == paths
    assert first_names(json.dumps(record) + "\n" + json.dumps(rest)) == paths


@pytest.mark.parametrize(
    ("opening", "names"),
    [
        ("", set()),
        ("Des mots sans gap", set()),
        ("\ufeffDate de parution;Titre;Mots-clés\n1;2;3", {"date_de_parution", "titre", "mots_cles"}),
        ('"un, deux"\ttrois\tquatre\n', {"un,_deux", "trois", "quatre"}),
        ('{"a": "coupé avant la fin \\" {', {"a"}),
        ('{"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}', {"a", "a.b", "a.b.c", "a.b.c.d"}),
        ('{"data": {"posts": {"a": 1}}}', {"data", "data.posts", "data.posts.a"}),
        ("[" * 60_000, set()),
        ('{"a":' * 10_000, {"a", "a.a", "a.a.a", "a.a.a.a"}),
    ],
)
def test_names_of_an_opening(opening: str, names: set[str]) -> None:
    assert first_names(opening) == names


def test_what_begins_as_json() -> None:
    begins = ['{"a": 1}', ' [ { "a": 1}]', "{}", "\ufeff{\n}"]
    assert [is_json(text) for text in begins] == [True] * 4
    assert not any(map(is_json, ["", "{a}", "[1, 2]", "[Note] {", "{{ titre }}", "<p>"]))


def test_lines_are_an_object_each() -> None:
    assert is_json_lines('{"a": 1}\n\n{"b": 2}')
    assert not any(map(is_json_lines, ['{"a": 1}', '{\n"a": {}}\n{', '[{"a": 1},\n{"b": 2}]', ""]))
