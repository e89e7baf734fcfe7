"""What counts as an occurrence, told by the words of the text that are marked."""

from datetime import date

import pytest

from search.counting.occurrences import occurrences
from search.query.parser import parse

TODAY = date(2023, 9, 13)


def found(query: str, text: str) -> list[str]:
    spans = occurrences(parse(query, TODAY).words, text)
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("grève", "La grève dure. Les grèves durent, gréviste.", ["grève", "grèves"]),
        ('"grève des trains"', "La grève des trains, une grève et des trains.", ["grève des trains"]),
        ('"obus d’artillerie"', "L'obus d'artillerie et un obus", ["obus d'artillerie"]),
        ('trains "grève des trains"', "grève des trains ; un train", ["grève des trains", "train"]),
        ('la "grève des trains"', "la grève des trains et la paix", ["grève des trains"]),
        ("muni*", "munitions, municipal, mur", ["munitions", "municipal"]),
        ("m?r", "mur, mer, mener", ["mur", "mer"]),
        ("grève -train", "grève du train", ["grève"]),
        ('"la la"', "la la la", ["la la"]),
        ("grève", "", []),
    ],
)
def test_occurrences(query: str, text: str, expected: list[str]) -> None:
    assert found(query, text) == expected


def test_words_near_each_other_are_one_occurrence() -> None:
    text = "Un train en grève. Loin de là, bien plus loin encore, un autre train."
    assert found('"grève train"~3', text) == ["train en grève"]
