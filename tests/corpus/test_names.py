import pytest

from search.corpus.names import natural


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Modèle, Jeanne", "Jeanne Modèle"),
        ("Modèle, Jeanne (1850-1920). Directrice de publication", "Jeanne Modèle"),
        ("Jeanne Modèle", "Jeanne Modèle"),
        ("Agence Exemple, Armeil, Valmont", "Agence Exemple, Armeil, Valmont"),
        ("Modèle,", "Modèle,"),
        ("", ""),
    ],
)
def test_names_as_they_are_spoken(written: str, spoken: str) -> None:
    assert natural(written) == spoken
