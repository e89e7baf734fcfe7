import pytest
from lxml import etree

from search.corpus.agencies.elements import child, children, one_line, value, values

TREE = etree.fromstring(
    """<a:item xmlns:a="urn:a" xmlns:b="urn:b" xml:lang="fr"><a:head><b:title> Un
    titre </b:title><b:title/><b:doc-id id-string=" 7 "/></a:head>
    <a:p n="City" v="Armeil"/><a:p n="Country" v="FRA"/><a:body><a:q><b:r>x</b:r></a:q></a:body></a:item>"""
)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("head/title", ["Un titre"]),
        ("head/doc-id@id-string", ["7"]),
        ("@xml:lang", ["fr"]),
        ("p[@n='City']@v", ["Armeil"]),
        ("p[@v='FRA']", []),
        ("p@v", ["Armeil", "FRA"]),
        ("head/*@id-string", ["7"]),
        ("body//r", ["x"]),
        (".//r", ["x"]),
        ("body/missing@v", []),
    ],
)
def test_values_at_a_place_of_local_names(place: str, expected: list[str]) -> None:
    assert values(TREE, place) == expected


def test_the_first_place_with_a_value_is_taken() -> None:
    assert value(TREE, "body/missing", "p[@n='Country']@v", "head/title") == "FRA"
    assert value(TREE, "missing") == ""


def test_elements_at_a_path() -> None:
    assert [one_line(one) for one in children(TREE, "head/title")] == ["Un titre", ""]
    assert child(TREE, "body/q/r").text == "x"
    assert child(TREE, "body/r") is None
