"""Corpora of IRaMuTeQ and Alceste."""

from collections.abc import Mapping

from search.corpus import read
from search.corpus.record import RawRecord
from search.corpus.research.iramuteq import is_iramuteq, read_iramuteq
from search.corpus.source import Source
from search.types import Article
from tests.corpus.conftest import Write

CORPUS = """
**** *source_Gazette_Exemple *date_2024-03-01 *titre_Le_bac *parti_vert *parti_rouge *relu *id_ga_1
Le bac d'Armeil.
-*theme_eau
Il flotte.

**** *source_CourrierExemple *date_2023_11_12
Le musée rouvre.
"""


def _source(text: str) -> Source:
    return Source("corpus.txt", iter([text.encode()]))


def _records(text: str) -> list[Mapping[str, object]]:
    return [record.fields for record in read_iramuteq(_source(text)) if isinstance(record, RawRecord)]


def test_each_variable_is_a_value_under_its_name() -> None:
    assert _records(CORPUS) == [
        {
            "source": "Gazette Exemple",
            "date": "2024-03-01",
            "titre": "Le bac",
            "parti": ["vert", "rouge"],
            "relu": "relu",
            "id": "ga_1",
            "theme": "eau",
            "text": "Le bac d'Armeil.\nIl flotte.\n",
        },
        {"source": "CourrierExemple", "date": "2023-11-12", "text": "Le musée rouvre."},
    ]


def test_numbered_headings_of_alceste_are_read() -> None:
    text = "0001 *journal_Exemple *date_2024\nUn.\n12 *grues* arrivent.\n0002 *journal_Essai\nDeux.\n"

    assert [fields["text"] for fields in _records(text)] == ["Un.\n12 *grues* arrivent.", "Deux."]


def test_articles_have_the_fields_of_their_variables(write: Write) -> None:
    first, second = (
        article for article in read([write("corpus.txt", CORPUS)]) if isinstance(article, Article)
    )

    assert (first.id, first.title, first.source, first.published) == (
        "ga_1",
        "Le bac",
        "Gazette Exemple",
        "2024-03-01",
    )
    assert (second.title, second.source, second.published) == (
        "Le musée rouvre.",
        "CourrierExemple",
        "2023-11-12",
    )


def test_a_text_about_stars_is_no_corpus() -> None:
    for text in (
        "**** Un hôtel *de luxe",
        "* un\n* deux",
        "**gras** *italique*",
        "2024 est là\n**** *a_b",
        "",
    ):
        assert not is_iramuteq(_source(text)), text
    assert is_iramuteq(_source("\n \n**** *a_b"))
