"""The plain text of Gallica: what is of the entry, and what is of the document."""

from pathlib import Path

import pytest

from search.build_types import Rejected
from search.corpus import read
from search.corpus.libraries.gallica import is_gallica, read_gallica
from search.corpus.record import BadRecord, RawRecord
from search.corpus.source import Source
from search.types import Article
from tests.corpus.conftest import Write

ENTRY = """Rappel de votre demande:

Notice complète:

Titre : Le Courrier de Valmont : journal

Date de mise en ligne : 11/10/2012

Date d'édition : 1887-03-12
"""
END = "Le texte affiché peut comporter des erreurs.\n\nEn savoir plus sur l'OCR\n"


def _text(text: str) -> str:
    (record,) = read_gallica(Source("1.txt", iter([f"{ENTRY}{END}{text}".encode()])))
    assert isinstance(record, RawRecord)
    return str(record.fields["text"])


def test_lines_become_paragraphs() -> None:
    lines = (
        "LE PONT |D'ARMEIL |Le conseil a voté |la recons- |truction. Le 12|mars, dit-|il.||« Enfin. »|Fin."
    )

    assert _text(lines.replace("|", "\n")).split("\n\n") == [
        "LE PONT D'ARMEIL",
        "Le conseil a voté la reconstruction. Le 12 mars, dit-il.",
        "« Enfin. »",
        "Fin.",
    ]


def test_a_page_may_break_its_lines_in_any_way() -> None:
    entry = ENTRY.replace("\n", "<br>")
    page = f"<html><body><p>{entry}</p><p>En savoir plus sur l'OCR</p><p>{{}}</p></body></html>"
    for text in ("Le pré-\r\n  fet\nvient.", "Le pré-<br>fet vient.", "Le pré- </p><p>fet vient."):
        (record,) = read_gallica(Source("1.html", iter([page.format(text).encode()])))
        assert isinstance(record, RawRecord)
        assert (record.fields["text"], record.fields["date"]) == ("Le préfet vient.", "1887-03-12"), text


def test_a_word_cut_at_the_end_of_a_page_is_one_word() -> None:
    assert _text("Le pré-\n\nfet vient.") == "Le préfet vient."


def test_the_date_is_that_of_the_paper(write: Write) -> None:
    (article,) = read([write("a.txt", f"{ENTRY}{END}Le bac.")])

    assert isinstance(article, Article)
    assert (article.published, article.source, article.body) == (
        "1887-03-12",
        "Le Courrier de Valmont",
        "Le bac.",
    )


@pytest.mark.parametrize(
    "end", ["En savoir plus sur l’OCR\n", "Le texte affiché peut comporter des erreurs.\n"]
)
def test_the_entry_ends_in_several_ways(end: str) -> None:
    (record,) = read_gallica(Source("1.txt", iter([f"{ENTRY}{end}Le bac.".encode()])))

    assert isinstance(record, RawRecord)
    assert (record.fields["text"], record.fields["title"]) == ("Le bac.", "Le Courrier de Valmont : journal")


def test_an_entry_without_text_is_refused() -> None:
    with pytest.raises(BadRecord, match="no recognised text"):
        list(read_gallica(Source("1.txt", iter([ENTRY.encode()]))))


def test_a_list_without_texts_is_refused(write: Write) -> None:
    path = write(
        "liste.csv", "identifier,title,date\nhttps://gallica.bnf.fr/ark:/12148/bpt6k0000001w,Le Bac,1887\n"
    )

    (rejected,) = read([path])

    assert isinstance(rejected, Rejected)
    assert (Path(rejected.path).name, "texteBrut" in rejected.reason) == ("liste.csv", True)


def test_an_article_about_gallica_is_another_format() -> None:
    text = "Gallica répond : « Rappel de votre demande », puis se tait."

    assert not is_gallica(Source("1.txt", iter([text.encode()])))
