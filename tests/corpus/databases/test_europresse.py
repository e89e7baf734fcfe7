"""Europresse of today: what stands where in a document, and what is passed over."""

import pytest

from search.corpus.databases.europresse import EUROPRESSE, read_europresse
from search.corpus.format import Records
from search.corpus.record import BadRecord, Omission, RawRecord
from search.corpus.source import Source

DOCUMENT = """<article><header><span class="DocPublicationName">Gazette Exemple</span>
<span class="DocHeader">lundi 4 mars 2024, p. 2</span>
<div class="titreArticle"><p class="sm-margin-bottomNews">AVANT</p>
<p class="titreArticleVisu">Le <mark>port</mark> rouvre</p></div>
<p class="sm-margin-bottomNews">Jeanne Modèle</p><p class="sm-margin-bottomNews">Paul Témoin</p></header>
{body}<footer><div class="publiC-lblNodoc">news·20240304·GZE·1</div></footer></article>"""
TEXT = '<section><div class="docOcurrContainer"><p>Un.</p><p>Deux.</p></div></section>'


def documents(html: str) -> Records:
    return read_europresse(Source("export.HTML", iter([html.encode()])))


def article(html: str) -> RawRecord:
    (record,) = documents(html)
    assert isinstance(record, RawRecord)
    return record


def test_the_line_before_the_title_is_the_kicker_and_those_after_it_are_the_authors() -> None:
    fields = article(DOCUMENT.format(body=TEXT)).fields
    assert fields["kicker"] == "AVANT"
    assert fields["title"] == "Le port rouvre"
    assert fields["author"] == ["Jeanne Modèle", "Paul Témoin"]
    assert fields["text"] == "Un.\n\nDeux."
    assert fields["page"] == "2"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('<section><div class="DocText"><p>Sans conteneur.</p></div></section>', "Sans conteneur."),
        ("<section> <p>Sans classe.</p> </div> </div> </section>", "Sans classe."),
        (
            '<div class="DocText"><div class="docOcurrContainer"> </div><p>À côté.</p></div>',
            "À côté.",
        ),
    ],
)
def test_the_text_is_found_where_the_container_is_missing_or_empty(body: str, text: str) -> None:
    assert article(DOCUMENT.format(body=body)).fields["text"] == text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('<section><p class="link-not-hosted">Voir le site.</p></section>', "link without text"),
        (
            '<section><div class="docOcurrContainer"><p class="link-not-hosted">Voir.</p></div></section>',
            "link without text",
        ),
        ('<section><div class="twitter"><p>Un mot.</p></div></section>', "post of a social network"),
        ("<section></section>", "document without text"),
    ],
)
def test_a_document_without_text_is_told_by_its_kind(body: str, kind: str) -> None:
    (omission,) = documents(DOCUMENT.format(body=body))
    assert omission == Omission(kind, f"document 1: {kind} (Gazette Exemple)")


def test_a_text_beside_a_notice_that_the_whole_lies_elsewhere_is_kept() -> None:
    body = TEXT.replace("<p>Deux.</p>", '<p class="link-not-hosted">Voir le site.</p>')
    assert article(DOCUMENT.format(body=body)).fields["text"] == "Un."


@pytest.mark.parametrize("written", ["Par Jeanne Modèle ; Paul Témoin", "Jeanne Modèle;Paul Témoin"])
def test_several_authors_in_one_line_are_several(written: str) -> None:
    one = DOCUMENT.replace("Jeanne Modèle", written).replace(
        '<p class="sm-margin-bottomNews">Paul Témoin</p>', ""
    )
    assert article(one.format(body=TEXT)).fields["author"] == ["Jeanne Modèle", "Paul Témoin"]


@pytest.mark.parametrize("name", ["Rapports - Observatoire", "Reports - Observatory"])
@pytest.mark.parametrize("body", ["", TEXT])
def test_an_extract_of_a_report_is_told_as_one(name: str, body: str) -> None:
    html = DOCUMENT.replace("Gazette Exemple", name).format(body=body)
    (omission,) = documents(html)
    assert isinstance(omission, Omission)
    assert omission.kind == "extract of a report"


def test_a_broken_document_harms_no_other() -> None:
    broken = DOCUMENT.format(body=TEXT).partition("</header>")[0] + "<table><tr><td><select><option>"
    html = f"<html><body>{DOCUMENT.format(body=TEXT)}{broken}{DOCUMENT.format(body=TEXT)}</body></html>"
    first, second, third = documents(html)
    assert isinstance(second, Omission)
    assert isinstance(first, RawRecord)
    assert isinstance(third, RawRecord)
    assert first.fields == third.fields
    assert (first.label, third.label) == ("document 1: ", "document 3: ")


def test_the_address_is_that_of_the_link_to_the_article() -> None:
    body = (
        '<section><div class="DocText"><p>Un <a href="https://exemple.fr/autre">lien</a>.</p>'
        '<p><a href="https://exemple.fr/a">Cet article est paru dans Gazette</a></p></div></section>'
    )
    fields = article(DOCUMENT.format(body=body)).fields
    assert fields["url"] == "https://exemple.fr/a"
    assert fields["text"] == "Un lien."


def test_an_edition_stands_on_a_line_of_its_own() -> None:
    html = DOCUMENT.replace("Gazette Exemple<", "Gazette <mark>Exemple</mark><br/>Armeil ; Valmont<")
    fields = article(html.format(body=TEXT)).fields
    assert (fields["source"], fields["edition"]) == ("Gazette Exemple", "Armeil ; Valmont")


def test_an_older_heading_has_no_classes() -> None:
    html = DOCUMENT.replace(
        '<div class="titreArticle">', '<div><p>MÉDIAS</p></div><div class="titreArticle">'
    )
    html = html.replace('<p class="sm-margin-bottomNews">AVANT</p>', "").replace(
        '<p class="sm-margin-bottomNews">Jeanne Modèle</p><p class="sm-margin-bottomNews">Paul Témoin</p>',
        "<p>Autre</p><b><p>En bref</p></b><div>Jeanne Modèle</div><div></div>",
    )
    fields = article(html.format(body=TEXT)).fields
    assert (fields["kicker"], fields["chapo"], fields["author"]) == ("MÉDIAS", "En bref", "Jeanne Modèle")
    with_kicker = html.replace('<p class="titre', '<p class="sm-margin-bottom">TRIBUNE</p><p class="titre')
    fields = article(with_kicker.format(body=TEXT)).fields
    assert (fields["kicker"], fields["rubrique"]) == ("TRIBUNE", "MÉDIAS")


def test_the_date_may_follow_a_subtitle() -> None:
    html = DOCUMENT.replace(
        '<span class="DocHeader">', '<span class="DocTitreSousSection">Dossier</span><span>'
    )
    assert article(html.format(body=TEXT)).fields["date"] == "lundi 4 mars 2024"


def test_a_post_that_an_article_shows_is_part_of_it() -> None:
    body = TEXT.replace("<p>Deux.</p>", '<div class="twitter"><p>Deux.</p></div>')
    assert article(DOCUMENT.format(body=body)).fields["text"] == "Un.\n\nDeux."


def test_lists_of_reprints_are_no_text() -> None:
    body = TEXT.replace("<p>Deux.</p>", '<div class="apd-wrapper"><p>Aussi paru dans</p></div> Trois.')
    assert article(DOCUMENT.format(body=body)).fields["text"] == "Un.\n\nTrois."


def test_a_file_without_documents_is_refused() -> None:
    with pytest.raises(BadRecord, match="no document"):
        list(documents('<html><span class="DocPublicationName">Gazette</span></html>'))


def test_it_is_recognised_by_its_elements() -> None:
    assert EUROPRESSE.recognises(Source("x.txt", iter([DOCUMENT.encode()])))
    assert EUROPRESSE.recognises(Source("x", iter([b"<ARTICLE><SPAN class=DocPublicationName>"])))
    assert not EUROPRESSE.recognises(Source("x.html", iter([b"<html><article>Un mot.</article></html>"])))
