from search.keyword.fields import NAMES
from search.keyword.names import EDGE, VALUE_GAP, name_tokens, names
from search.types import Article

ARTICLE = Article(
    *("id", "Titre", "Texte.", "2024", "Gazette Exemple", "Monde"),
    place="Armeil",
    author="Jeanne Modèle; Paul Exemple",
    page="A6",
    keywords="ports; grève",
)


def test_an_article_has_several_authors_and_keywords() -> None:
    assert dict(names(ARTICLE)) == {
        "source": ("Gazette Exemple",),
        "section": ("Monde",),
        "author": ("Jeanne Modèle", "Paul Exemple"),
        "page": ("A6",),
        "place": ("Armeil",),
        "keyword": ("ports", "grève"),
    }
    assert tuple(names(ARTICLE)) == NAMES


def test_each_value_stands_between_edges_far_from_the_next() -> None:
    tokens = name_tokens(("Anne-Marie Modèle", "—", "Paul"))
    assert [(token.term, token.position) for token in tokens] == [
        (EDGE, 0),
        ("anne-marie", 1),
        ("anne", 1),
        ("marie", 2),
        ("modele", 3),
        (EDGE, 4),
        (EDGE, 4 + VALUE_GAP),
        ("paul", 5 + VALUE_GAP),
        (EDGE, 6 + VALUE_GAP),
    ]


def test_no_value_has_no_terms() -> None:
    assert name_tokens(("", "—")) == []
