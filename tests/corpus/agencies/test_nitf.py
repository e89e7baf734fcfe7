import pytest

from search.build_types import Rejected
from search.corpus import read
from search.types import Article

from ..conftest import Write


def nitf(head: str = "", above: str = "", content: str = "<p>Un texte.</p>") -> str:
    body = f"<body><body.head>{above}</body.head><body.content>{content}</body.content></body>"
    return f"<nitf><head>{head}</head>{body}</nitf>"


def only(write: Write, xml: str) -> Article:
    (article,) = read([write("a.xml", xml)])
    assert isinstance(article, Article)
    return article


@pytest.mark.parametrize(
    ("above", "standfirst"),
    [
        (
            "<abstract><p>Un.</p><p>Deux.</p></abstract><hedline><hl1>T</hl1><hl2>Trois</hl2></hedline>",
            "Un.\n\nDeux.",
        ),
        ("<abstract> </abstract><hedline><hl1>T</hl1><hl2>Trois</hl2></hedline>", "Trois"),
        ("<hedline><hl1>T</hl1><hl2>T</hl2></hedline>", ""),
    ],
)
def test_the_abstract_goes_before_the_second_headline(write: Write, above: str, standfirst: str) -> None:
    assert only(write, nitf("", above)).standfirst == standfirst


def test_the_first_paragraph_may_be_marked_as_the_lead(write: Write) -> None:
    article = only(write, nitf(content='<p lede="true">Un début.</p><p>Une suite.</p>'))
    assert (article.standfirst, article.body) == ("Un début.", "Un début.\n\nUne suite.")


@pytest.mark.parametrize(
    ("head", "above", "published"),
    [
        (
            '<docdata><date.issue norm="20240301T170500+0000">2 mars</date.issue></docdata>',
            "",
            "2024-03-01T17:05",
        ),
        ('<pubdata date.publication="19870102T000000"/>', "", "1987-01-02"),
        ("", '<dateline><story.date norm="20240301">3 mars</story.date></dateline>', "2024-03-01"),
        ("<docdata><date.issue>2 mars 2024</date.issue></docdata>", "", ""),
    ],
)
def test_only_the_norm_of_a_date_is_read(write: Write, head: str, above: str, published: str) -> None:
    assert only(write, nitf(head, above)).published[: len(published) or None] == published


@pytest.mark.parametrize(
    ("head", "above", "source"),
    [
        ('<pubdata name="Gazette"/>', "<distributor><org>Agence</org></distributor>", "Agence"),
        ('<docdata><doc.copyright holder="AEX"/></docdata><pubdata name="Gazette"/>', "", "Gazette"),
        ('<docdata><doc-id regsrc="AEX"/></docdata>', "", "AEX"),
    ],
)
def test_the_source_is_the_distributor_else_the_paper(
    write: Write, head: str, above: str, source: str
) -> None:
    assert only(write, nitf(head, above)).source == source


@pytest.mark.parametrize(
    ("head", "above", "place"),
    [
        (
            "",
            "<dateline><location><city>Armeil</city>, <country>FR</country></location></dateline>",
            "Armeil",
        ),
        (
            "",
            "<dateline>Armeil, <story.date norm='20240301'>1er mars</story.date> (AEX)</dateline>",
            "Armeil",
        ),
        (
            '<docdata><evloc city="Valmont"/></docdata>',
            "<dateline><story.date>1er mars</story.date></dateline>",
            "Valmont",
        ),
    ],
)
def test_the_place_is_that_of_the_dateline(write: Write, head: str, above: str, place: str) -> None:
    assert only(write, nitf(head, above)).place == place


def test_a_whole_text_goes_before_its_own_beginning(write: Write) -> None:
    blocks = '<block class="lead_paragraph"><p>Un.</p></block><block class="full_text">{}</block>'
    content = blocks.format("<p>Un.</p><p>Deux.</p>")
    assert only(write, nitf(content=content)).body == "Un.\n\nDeux."


def test_pictures_notes_and_signatures_are_no_text(write: Write) -> None:
    content = (
        "<p>Un.</p><media><media-caption>Légende.</media-caption></media><note><p>Note.</p></note>"
        "<hl2>Inter</hl2><p>Deux <em>mots</em>.</p><p>jm/pe</p>"
    )
    assert only(write, nitf(content=content)).body == "Un.\n\nInter\n\nDeux mots."


def test_an_item_without_body_content_is_read(write: Write) -> None:
    xml = "<nitf><body><body.head><hedline><hl1>T</hl1></hedline></body.head><p>Un.</p></body></nitf>"
    assert only(write, xml).body == "Un."


def test_broken_xml_is_read_and_told(write: Write) -> None:
    article, broken = read([write("a.xml", nitf().replace("</body.content>", "</body.contant>"))])
    assert isinstance(article, Article)
    assert article.body == "Un texte."
    assert isinstance(broken, Rejected)
    assert "mismatch" in broken.reason


def test_bylines_give_names_without_titles(write: Write) -> None:
    above = (
        "<byline>Par <person>Jeanne Modèle et Paul Exemple</person><byttl>envoyés spéciaux</byttl></byline>"
        "<byline>Léa Test <byttl>correspondante</byttl></byline><byline>gr/bp</byline>"
    )
    assert only(write, nitf("", above)).author == "Jeanne Modèle; Paul Exemple; Léa Test"
