"""Conditions on what an article says of itself, in both engines."""

from collections.abc import Iterator

import pytest

from search.query.ast import Field, FieldName, Fuzzy, Near, Node, Not, Phrase, Prefix, Word
from search.types import Article

from .engines import ENGINES, Archive, indexed

SIGNED = (
    Article("both", "", "a", author="Jeanne Modèle; Paul Exemple", keywords="ports; grève des ports"),
    Article("other", "", "b", author="Paul Modèle; Jeanne Exemple", keywords="grève", page="6"),
    Article("one", "", "c", author="Jeanne Modèle, à Armeil", place="Valmont-sur-Doux", page="A6"),
    Article("none", "", "d", page="16"),
)


@pytest.fixture(scope="module", params=ENGINES)
def signed(request: pytest.FixtureRequest) -> Iterator[Archive]:
    with indexed(request, SIGNED) as archive:
        yield archive


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        (Field(FieldName.AUTHOR, Word("modele")), ["both", "other", "one"]),
        (Field(FieldName.AUTHOR, Phrase("jeanne modele")), ["both"]),
        (Field(FieldName.AUTHOR, Phrase("Paul Exemple")), ["both"]),
        (Field(FieldName.AUTHOR, Phrase("Paul")), []),
        (Field(FieldName.AUTHOR, Phrase("Modèle Paul")), []),
        (Field(FieldName.AUTHOR, Phrase("Jeanne Modèle Paul Exemple")), []),
        (Not(Field(FieldName.AUTHOR, Word("Jeanne"))), ["none"]),
        (Field(FieldName.AUTHOR, Near("Modèle Jeanne", 9999)), ["both", "one"]),
        (Field(FieldName.AUTHOR, Fuzzy("a", 2)), ["one"]),
        (Field(FieldName.KEYWORD, Word("ports")), ["both"]),
        (Field(FieldName.KEYWORD, Phrase("GREVE")), ["other"]),
        (Field(FieldName.KEYWORD, Phrase("grève des ports")), ["both"]),
        (Field(FieldName.KEYWORD, Prefix("gr")), ["both", "other"]),
        (Field(FieldName.PLACE, Word("Valmont")), ["one"]),
        (Field(FieldName.PLACE, Phrase("valmont sur doux")), ["one"]),
        (Field(FieldName.PAGE, Word("6")), ["other"]),
        (Field(FieldName.PAGE, Phrase("a6")), ["one"]),
        (Word("Modèle"), []),
    ],
)
def test_a_condition_holds_for_one_of_several_names(
    signed: Archive, constraint: Node, expected: list[str]
) -> None:
    mask = signed.index.allowed(constraint)
    assert [article.id for article, allowed in zip(SIGNED, mask, strict=True) if allowed] == expected
