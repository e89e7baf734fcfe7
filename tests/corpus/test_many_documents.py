import pytest

from search.build_types import Rejected
from search.corpus.many_documents import check_one_document
from search.corpus.record import BadRecord
from search.types import Article

from .conftest import Write
from .placeless import read

BODY = "Les dockers du port d'Armeil ont voté jeudi la reprise du travail.\n\n"


def documents(count: int, head: str) -> str:
    return "".join(head.format(number=number, total=count) + "\n" + BODY for number in range(1, count + 1))


@pytest.mark.parametrize(
    ("count", "head"),
    [
        (2, "Document {number} of {total}"),
        (2, "{number} of {total} DOCUMENTS"),
        (5, "Article {number} sur {total}"),
        (3, "    Document {number} de {total}."),
        (4, "Titre : La Sorgue déborde\nDate : {number} mars 2024"),
        (3, "TITLE: Flood\nSOURCE: The Sample Courier"),
        (2, "© 2024 Gazette Exemple news·20240301·GE·000{number} – certificat émis le 3 mars 2024"),
        (2, "news • 20240301 • GE • 000{number}"),
        (2, "Document GAZEX00020240301ek310000{number}"),
    ],
)
def test_a_list_of_documents_is_refused_with_their_number(count: int, head: str) -> None:
    with pytest.raises(BadRecord, match=f"holds about {count} documents in a form that is not known"):
        check_one_document(documents(count, head))


def test_an_end_of_each_document_tells_them_apart() -> None:
    with pytest.raises(BadRecord, match="about 2 documents"):
        check_one_document(f"{BODY}End of Document\n\n{BODY}End of Document\n")


@pytest.mark.parametrize(
    "text",
    [
        BODY * 9,
        documents(9, "Page {number} of {total}"),
        documents(9, "{number}/{total}"),
        "Titre : La Sorgue déborde\nDate : 6 mars 2024\nSource : Gazette Exemple\n" + BODY,
        "news·20240301·GE·0001\n" * 3 + BODY,
        "Document ABC\nDocument DEF\n" + BODY,
        "Document 1 of 1\n" + BODY + "End of Document\n",
        "Date : lundi\n" * 9 + BODY,
        "Il a cité l'article 2 sur 50 articles du traité.\n" * 3,
    ],
)
def test_one_article_is_one_article(text: str) -> None:
    check_one_document(text)


LIVE = '{"@type": "LiveBlogPosting", "headline": "Direct"}'


def listed(count: int, length: int, head: str = "") -> str:
    paragraph = "Les dockers ont voté jeudi. " * (length // 28)
    articles = "".join(
        f"<article><h2>Titre {number}</h2><p>{paragraph}</p></article>" for number in range(count)
    )
    return f"<html><head><title>Export</title>{head}</head><body>{articles}</body></html>"


def test_a_page_of_whole_articles_is_refused(write: Write) -> None:
    (refused,) = read([write("export.html", listed(6, 900))])
    assert isinstance(refused, Rejected)
    assert refused.reason.startswith("it holds 6 articles in a form that is not known, and would become one")


@pytest.mark.parametrize(
    ("count", "length", "head"),
    [
        (2, 900, ""),
        (6, 300, ""),
        (6, 900, '<meta property="og:type" content="article">'),
        (
            6,
            900,
            '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Direct"}</script>',
        ),
    ],
)
def test_a_page_with_teasers_or_that_says_it_is_one_article_is_read(
    write: Write, count: int, length: int, head: str
) -> None:
    (article,) = read([write("page.html", listed(count, length, head))])
    assert isinstance(article, Article)
    assert "Les dockers ont voté jeudi." in article.body


def test_a_page_whose_text_repeats_the_head_of_documents_is_refused(write: Write) -> None:
    parts = "".join(
        f"<p>Source : Gazette</p><p>Date : {day} mars</p><p>{BODY * 4}</p>" for day in range(1, 6)
    )
    (refused,) = read([write("export.html", f"<html><body><main>{parts}</main></body></html>")])
    assert isinstance(refused, Rejected)
    assert refused.reason.startswith("it holds about 5 documents")
