import os
import socket

import pytest

from search.build_types import PassedOver, Rejected
from search.corpus import read
from search.corpus.agencies.feeds import FEED
from search.corpus.source import Source
from search.types import Article

from ..conftest import Write


def rss(item: str, channel: str = "") -> str:
    return f'<rss version="2.0"><channel><title>Gazette</title>{channel}<item>{item}</item></channel></rss>'


def only(write: Write, xml: str | bytes) -> Article:
    (article,) = read([write("a.xml", xml)])
    assert isinstance(article, Article)
    return article


TEXT = "<title>Titre</title><description>Un texte.</description>"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("\nhttps://exemple.fr/a#xtor=RSS-1\n", "https://exemple.fr/a"),
        ("https://exemple.fr/a?utm_source=rss&amp;utm_medium=x", "https://exemple.fr/a"),
        ("https://exemple.fr/a?id=3&amp;at_campaign=7&amp;page=2", "https://exemple.fr/a?id=3&page=2"),
        ("https://exemple.fr/a?attente=1#suite", "https://exemple.fr/a?attente=1#suite"),
    ],
)
def test_addresses_without_what_counts_visits(write: Write, link: str, url: str) -> None:
    article = only(write, rss(f"{TEXT}<link>{link}</link>"))
    assert (article.url, article.id) == (url, url)


@pytest.mark.parametrize(
    "date",
    ["Fri, 01 Mar 2024 18:05:00 CET", "ven., 01 mars 2024 18:05:00 +0100", "2024-03-01T18:05:00+01:00"],
)
def test_dates_keep_the_local_time(write: Write, date: str) -> None:
    assert only(write, rss(f"{TEXT}<pubDate>{date}</pubDate>")).published == "2024-03-01T18:05"


def test_a_description_is_the_standfirst_of_a_content_only(write: Write) -> None:
    content = '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">{}</content:encoded>'
    both = only(write, rss(TEXT + content.format("<![CDATA[<p>Le corps.</p>]]>")))
    assert (both.standfirst, both.body) == ("Un texte.", "Un texte.\n\nLe corps.")
    same = only(write, rss(TEXT + content.format("Un texte.")))
    assert (same.standfirst, same.body) == ("", "Un texte.")
    alone = only(write, rss(TEXT))
    assert (alone.standfirst, alone.body) == ("", "Un texte.")


@pytest.mark.parametrize("item", ["{caption}{text}", "{text}{caption}"])
def test_the_caption_of_a_picture_is_no_text_where_there_is_another(write: Write, item: str) -> None:
    media = '<media:{0} xmlns:media="http://search.yahoo.com/mrss/">Une légende.</media:{0}>'
    caption = media.format("description")
    article = only(write, rss(item.format(caption=caption, text=TEXT)))
    assert (article.standfirst, article.body) == ("", "Un texte.")
    assert only(write, rss(f"<title>Film</title>{caption}")).body == "Une légende."


def test_authors_of_the_item_else_of_the_feed(write: Write) -> None:
    names = "Par Jeanne Modèle et Paul Exemple"
    creator = f'<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">{names}</dc:creator>'
    assert only(write, rss(TEXT + creator)).author == "Jeanne Modèle; Paul Exemple"
    assert only(write, rss(f"{TEXT}<author>r@exemple.fr (Jeanne Modèle)</author>")).author == "Jeanne Modèle"
    assert only(write, rss(f"{TEXT}<author>r@exemple.fr</author>")).author == ""


def test_rss_1_and_its_dublin_core(write: Write) -> None:
    xml = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Gazette</title><dc:language>fr</dc:language>'
        '</channel><item rdf:about="https://exemple.fr/1"><title>Titre</title><link>https://exemple.fr/1</link>'
        "<dc:date>2024-03-01T18:05:00+01:00</dc:date><dc:subject>Économie</dc:subject>"
        "<description>Un texte.</description></item></rdf:RDF>"
    )
    article = only(write, xml)
    assert (article.id, article.published, article.section) == (
        "https://exemple.fr/1",
        "2024-03-01T18:05",
        "Économie",
    )
    assert (article.source, article.lang, article.body) == ("Gazette", "fr", "Un texte.")


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_the_encoding_that_a_feed_has(write: Write, declared: str, encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{declared}"?>{rss("<title>L’été coûte 3 €</title>")}'
    assert only(write, xml.encode(encoding)).title == "L’été coûte 3 €"


def test_an_export_of_wordpress(write: Write) -> None:
    export = (
        '<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        "<channel><title>Blog</title><item><title>quai.jpg</title><wp:post_type>attachment</wp:post_type></item>"
        "<item><title>Titre</title><content:encoded><![CDATA[Un <b>mot</b>.\n\nDeux.]]></content:encoded>"
        "<wp:post_type>post</wp:post_type></item></channel></rss>"
    )
    passed, article = read([write("a.xml", export)])
    assert isinstance(passed, PassedOver)
    assert passed.kind == "attachment"
    assert isinstance(article, Article)
    assert article.body == "Un mot.\n\nDeux."


def test_what_stands_before_an_error_is_read_and_the_error_is_told(write: Write) -> None:
    path = write("a.xml", f"<rss><channel><item>{TEXT}</item><item><title>Deux</ti")
    first, *_, told = read([path])
    assert isinstance(first, Article)
    assert first.body == "Un texte."
    assert isinstance(told, Rejected)
    assert told.reason.startswith("the feed is broken XML (")


def test_no_address_and_no_path_is_opened(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a connection was opened"))
    secret = write("secret.txt", "tournesol")
    xml = (
        f'<!DOCTYPE rss [<!ENTITY s SYSTEM "file://{os.fspath(secret)}">]>{rss(TEXT.replace("Un", "&s; Un"))}'
    )
    assert only(write, xml).body == "&s; Un texte."


@pytest.mark.parametrize(
    ("xml", "is_feed"),
    [
        ("<rss><channel/></rss>", True),
        ('<feed xmlns="http://www.w3.org/2005/Atom"/>', True),
        ('<?xml version="1.0"?><!-- <x> --><a:feed xmlns:a="http://www.w3.org/2005/Atom"/>', True),
        ("<feed><entry/></feed>", False),
        ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', False),
        ("https://exemple.fr/rss.xml", False),
    ],
)
def test_feeds_are_recognised_by_root_and_namespace(xml: str, is_feed: bool) -> None:
    assert FEED.recognises(Source("a.xml", iter([xml.encode()]))) is is_feed
