import pytest

from search.corpus.many_documents import check_one_document
from search.corpus.record import BadRecord

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
