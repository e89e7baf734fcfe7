import pytest

from search.build_types import PassedOver
from search.corpus import read
from search.types import Article

from ..conftest import Write

NAMESPACE = "http://iptc.org/std/nar/2006-10-01/"


def item(about: str, contents: str, meta: str = '<itemClass qcode="ninat:text"/>', outer: str = "") -> str:
    return (
        f'<newsItem xmlns="{NAMESPACE}" guid="urn:exemple:1" xml:lang="fr"><itemMeta>{meta}</itemMeta>'
        f"<contentMeta>{about}</contentMeta><contentSet>{contents}</contentSet>{outer}</newsItem>"
    )


def only(write: Write, xml: str) -> Article:
    (article,) = read([write("a.xml", xml)])
    assert isinstance(article, Article)
    return article


TITLED = "<headline>Reprise</headline>"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            '<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>'
            "<header><p>économie</p></header><h1>Reprise</h1><section><p>Un.</p><p>Deux.</p></section></body></html>"
            "</inlineXML>",
            "Un.\n\nDeux.",
        ),
        ('<inlineXML><div xmlns=""><p>Reprise</p><p>Un.</p><p>(AEX)</p></div></inlineXML>', "Un."),
        (
            '<inlineData contenttype="text/plain">  Un texte\n   de deux lignes.</inlineData>',
            "Un texte\nde deux lignes.",
        ),
        ("<inlineData><![CDATA[<p>Un.</p>\n\n<p>Deux.</p>]]></inlineData>", "Un.\n\nDeux."),
        ('<inlineData contenttype="image/png">AAAA</inlineData><inlineData>Un.</inlineData>', "Un."),
        (
            '<inlineXML><sports xmlns=""><score>3</score></sports></inlineXML><inlineData>Un.</inlineData>',
            "Un.",
        ),
    ],
)
def test_the_text_of_each_kind_of_content(write: Write, content: str, text: str) -> None:
    assert only(write, item(TITLED, content)).body == text


def test_a_flash_is_its_headline_and_what_lies_elsewhere_is_passed_over(write: Write) -> None:
    assert only(write, item(TITLED, "")).body == "Reprise"
    (passed,) = read([write("a.xml", item(TITLED, '<remoteContent href="b.xml"/>'))])
    assert isinstance(passed, PassedOver)
    assert passed.kind == "item without text"


@pytest.mark.parametrize("kind", ["picture", "video", "graphic"])
def test_other_classes_are_passed_over_by_kind(write: Write, kind: str) -> None:
    meta = f'<itemClass qcode="ninat:{kind}"/>'
    (passed,) = read([write("a.xml", item(TITLED, "<inlineData>Légende.</inlineData>", meta))])
    assert isinstance(passed, PassedOver)
    assert passed.kind == kind


def test_summary_goes_before_other_descriptions(write: Write) -> None:
    about = (
        f'{TITLED}<description role="drol:caption">Légende.</description>'
        '<description role="drol:summary">Un résumé.</description>'
    )
    assert only(write, item(about, "<inlineData>Un.</inlineData>")).standfirst == "Un résumé."


def test_places_people_and_codes_are_no_sections(write: Write) -> None:
    about = (
        f'{TITLED}<subject type="cpnat:person"><name>Jeanne Modèle</name></subject><subject qcode="cat:pl">'
        '<name>pl</name></subject><subject literal="Ports"/><subject qcode="medtop:1"><name>mer</name>'
        "</subject>"
    )
    article = only(write, item(about, "<inlineData>Un.</inlineData>"))
    assert (article.section, article.keywords) == ("Ports", "Ports; mer")


def test_a_bare_item_of_another_kind_is_told(write: Write) -> None:
    (passed,) = read([write("a.xml", f'<conceptItem xmlns="{NAMESPACE}" guid="x"/>')])
    assert isinstance(passed, PassedOver)
    assert passed.kind == "conceptitem"


def test_another_newsitem_is_no_newsml(write: Write) -> None:
    path = write("b/a.xml", "<newsItem><headline>Un</headline></newsItem>")
    (passed,) = read([path.rpartition("/")[0]])
    assert isinstance(passed, PassedOver)
    assert (passed.kind, passed.reason) == (".xml", "no known format")
