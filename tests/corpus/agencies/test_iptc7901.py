import pytest

from search.build_types import Rejected
from search.corpus import read
from search.corpus.agencies.iptc7901 import IPTC7901
from search.corpus.source import Source
from search.types import Article

from ..conftest import Write

HEADER = "aex0123 4 eco 211  aex 061"


def message(headline: str, text: str = "\n   Un texte.\n", trailer: str = "011705 GMT mars 24") -> str:
    return f"\x01{HEADER}\r\n\r\nport/\r\n\x02{headline}\r\n{text}\r\n\x03{trailer}\r\n\x04"


def only(write: Write, content: str) -> Article:
    (article,) = read([write("a.txt", content)])
    assert isinstance(article, Article)
    return article


@pytest.mark.parametrize(
    ("trailer", "published"),
    [
        ("011705 GMT mars 24", "2024-03-01T17:05"),
        ("011705 mar 2024", "2024-03-01T17:05"),
        ("011705 mar 24\x03", "2024-03-01T17:05"),
        ("090923 DEC 98", "1998-12-09T09:23"),
        ("310000 août 69", "2069-08-31T00:00"),
        ("310000 aou 70", "1970-08-31T00:00"),
        ("151200 HNE juil. 05", "2005-07-15T12:00"),
        ("151200 juin 05", "2005-06-15T12:00"),
        ("071341 GMT Okt 15", "2015-10-07T13:41"),
        ("071341 GMT Mrz 15", "2015-03-07T13:41"),
        ("071341 GMT Xyz 15", ""),
    ],
)
def test_the_last_line_is_the_date(write: Write, trailer: str, published: str) -> None:
    article = only(write, message("Titre =", trailer=trailer))
    assert (article.published, article.body) == (published, "Un texte.")


@pytest.mark.parametrize(
    ("headline", "title", "kicker", "author"),
    [
        ("Reprise au port =", "Reprise au port", "", ""),
        ("URGENT\nReprise au port =", "Reprise au port", "URGENT", ""),
        ("REPRISE AU PORT =", "REPRISE AU PORT", "", ""),
        ("Reprise au port\nPar Jeanne Modèle, envoyée spéciale =", "Reprise au port", "", "Jeanne Modèle"),
        ("Reprise du travail\nau port =", "Reprise du travail au port", "", ""),
        ("URGENT\nle port rouvre =", "le port rouvre", "URGENT", ""),
        ("Reprise au port =\nPar Jeanne Modèle\n", "Reprise au port", "", "Jeanne Modèle"),
        ("Reprise au port d'Armeil, après onze jours d'arrêt\net une nuit =", "Reprise au port d'Armeil, "
         "après onze jours d'arrêt et une nuit", "", ""),
        ("Reprise au port", "Reprise au port", "", ""),
    ],
)  # fmt: skip
def test_the_lines_above_the_text(write: Write, headline: str, title: str, kicker: str, author: str) -> None:
    article = only(write, message(headline))
    assert (article.title, article.kicker, article.author) == (title, kicker, author)
    assert (article.body, article.keywords, article.section) == ("Un texte.", "port", "eco")


def test_lines_are_joined_to_paragraphs(write: Write) -> None:
    text = "\n   Un début\nqui va à la\nligne.\n   Une suite.\n\nUne fin.\n\n* * * *\nNote.\n\njm pe\n"
    assert (
        only(write, message("Titre =", text)).body == "Un début qui va à la ligne.\n\nUne suite.\n\nUne fin."
    )


def test_the_dateline_gives_place_and_source(write: Write) -> None:
    article = only(write, message("Titre =", "\n   ARMEIL, 1er mars 2024 (AEX) - Les dockers\nvotent.\n"))
    assert (article.place, article.source, article.body) == ("ARMEIL", "AEX", "Les dockers votent.")


def test_without_a_dateline_the_header_gives_the_source(write: Write) -> None:
    assert only(write, message("Titre =")).source == "aex"
    assert only(write, message("Titre =").replace("aex 061", "FRA /AGX-DE45")).source == "AGX"


@pytest.mark.parametrize("marks", ["\x01\x02\x03\x04", ""])
def test_messages_in_one_file_are_parted(write: Write, marks: str) -> None:
    both = message("Un =", "\nPremier.\n") + "\n" + message("Deux =", "\nSecond.\n", "020800 mars 24")
    for control in set("\x01\x02\x03\x04") - set(marks):
        both = both.replace(control, "")
    articles = [one for one in read([write("a.txt", both)]) if isinstance(one, Article)]
    assert [(one.title, one.body, one.published[8:10]) for one in articles] == [
        ("Un", "Premier.", "01"),
        ("Deux", "Second.", "02"),
    ]
    assert [one.id for one in articles] == ["aex0123-2024-03-01T17:05", "aex0123-2024-03-02T08:00"]


def test_marks_of_the_telex_are_no_text(write: Write) -> None:
    content = f"ZCZC\r\n{message('Titre =')}\r\nNNNN\r\n"
    assert only(write, content).body == "Un texte."


def test_text_without_a_header_is_told(write: Write) -> None:
    path = write("a.txt", f"{message('Un =')}\n{message('Deux =')}\nUn reste sans tête.\n")
    first, second, lost = read([path])
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.title, second.title, second.body) == ("Un", "Deux", "Un texte.")
    assert lost == Rejected(path, 17, "a message without a header of IPTC 7901")


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "mac_roman"])
def test_accents_in_any_encoding(write: Write, encoding: str) -> None:
    content = message("Été à l'école =", "\n   Où l'été a été «déjà» réglé à côté.\n").encode(encoding)
    (article,) = read([write("a.txt", content)])
    assert isinstance(article, Article)
    assert (article.title, article.body) == ("Été à l'école", "Où l'été a été «déjà» réglé à côté.")


@pytest.mark.parametrize(
    "text",
    [
        "Le 12 a eu 300 lecteurs\n\n011705 mars 24\n",
        f"{HEADER}\nUn texte sans fin ni contrôle.\n",
        "\x01\x02\x03",
        "",
    ],
)
def test_other_texts_are_no_messages(text: str) -> None:
    assert not IPTC7901.recognises(Source("a.txt", iter([text.encode()])))
