"""Articles that a page must show without harm, and what a browser makes of a page."""

from lxml import html

from search.types import Article

HOSTILE = (
    Article(
        "a/b?c=d&e#f%2F ü\"<'",
        "<script>alert('titre')</script> & Cie",
        "Le détournement <b>gras</b> du ruisseau &amp; de l'étang.\n\n"
        "Deuxième paragraphe\u202e du détournement \x07 <img src=x onerror=alert(1)>.",
        "2020-02-01T14:05",
        "L'Œil & <Cie>",
        "a/b",
        url="javascript:alert(1)",
        author='"; alert(1)',
        lang='fr" onload="x',
    ),
    Article("..", "Le point", "Un ruisseau court vers l'étang voisin.", "2020-02-03", "Gazette du Soir"),
    Article(
        "copie",
        "Kim attendu à Vladivostok",
        "Le dirigeant doit rencontrer son homologue russe. Les livraisons de munitions seront au menu.",
        "2023-09-12",
        "Gazette du Soir",
        "monde",
        url="https://gazette.example/kim?a=1&b=2",
    ),
)


def read(page: str) -> html.HtmlElement:
    """The page as a tree."""
    return html.document_fromstring(page)


def texts(tree: html.HtmlElement, path: str) -> list[str]:
    """The text of each element at this path, with single blanks."""
    return [" ".join(element.text_content().split()) for element in tree.xpath(path)]


def addresses(tree: html.HtmlElement, path: str) -> list[str]:
    """Where the links at this path lead."""
    return [str(element.get("href")) for element in tree.xpath(path)]
