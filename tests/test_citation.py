import pytest

from search.export import ExportFormat, article_document, citation, export_hits
from search.types import Article

from .test_export import ARTICLE, BODY, answered, hit_of, rows


def test_what_identifies_an_article_comes_in_the_order_of_the_columns() -> None:
    (head,) = rows(export_hits(answered(), ExportFormat.CSV))

    assert head[1:15] == list(article_document(ARTICLE))


@pytest.mark.parametrize(
    ("published", "document"),
    [
        ("2023-09-12T14:30", ", 12 septembre 2023"),
        ("2023-02-01", ", 1er février 2023"),
        ("2023-12", ", décembre 2023"),
        ("2023", ", 2023"),
        ("", ""),
    ],
)
def test_a_reference_says_the_date_as_precisely_as_it_is_known(published: str, document: str) -> None:
    article = Article("n1", "Titre", BODY, published, "AFP", url="https://exemple.fr/n1")
    assert citation(article) == f"« Titre », AFP{document}. https://exemple.fr/n1"


def test_a_reference_is_what_the_french_press_is_cited_by() -> None:
    article = Article(
        *("n1", "Titre", BODY, "2024-03-01", "Gazette Exemple"), author="Jeanne Modèle", page="A6"
    )
    assert citation(article) == "Jeanne Modèle, « Titre », Gazette Exemple, 1er mars 2024, p. A6."
    assert citation(ARTICLE) == (
        "Jeanne Modèle et Paul Exemple, « Des obus [bis] », AFP, éd. Valmont, Séoul, "
        "12 septembre 2023, p. A6. https://exemple.fr/n1"
    )
    assert "/archive" not in "".join(export_hits(answered(hit_of()), each) for each in ExportFormat)


@pytest.mark.parametrize(
    ("fields", "cited"),
    [
        ({"author": "Anne; Jean; Luc"}, "Anne, Jean et Luc, « Titre »."),
        ({"author": "Anne; Jean; Luc; Zoé"}, "Anne et al., « Titre »."),
        ({"page": "3-4"}, "« Titre », p. 3-4."),
        ({"page": "P3"}, "« Titre », p. P3."),
        ({"page": "pp. 3-4"}, "« Titre », pp. 3-4."),
        ({"page": "Page 3"}, "« Titre », Page 3."),
        ({"edition": "Édition du soir"}, "« Titre », Édition du soir."),
        ({"edition": "Edimbourg"}, "« Titre », éd. Edimbourg."),
    ],
)
def test_a_reference_names_what_needs_a_name(fields: dict[str, str], cited: str) -> None:
    assert citation(Article("n1", "Titre", BODY, **fields)) == cited  # type: ignore[arg-type]


def test_a_reference_leaves_out_what_is_not_known() -> None:
    assert citation(Article("n2", " Sans\nrien \x1b ", BODY)) == "« Sans rien »."
    assert citation(Article("n2", "Titre", BODY, url="https://x.fr")) == "« Titre ». https://x.fr"
