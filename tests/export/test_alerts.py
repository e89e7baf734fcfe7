"""Alerts: feeds that feed readers accept, and mails that mail programs read."""

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import feedparser
import pytest
from lxml import etree

from search.errors import UsageError
from search.export.alerts import Alert, alert_mail
from search.export.atom import ENTRIES, updated_feed
from search.language import FRENCH
from search.types import Article

from .sample import ARTICLES, answer_of

_SPACE = {"a": "http://www.w3.org/2005/Atom"}
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def _alert(*articles: Article, name: str = "Eau & sécheresse") -> Alert:
    return Alert(name, answer_of(articles))


def test_a_feed_has_what_rfc_4287_asks_for() -> None:
    feed = updated_feed(b"", [_alert(*ARTICLES)], "Dépêche : nouveaux articles")
    read = feedparser.parse(feed)
    assert not read.bozo
    assert read.version == "atom10"
    assert [entry.title for entry in read.entries] == [article.title for article in ARTICLES]
    assert read.entries[0].link == ARTICLES[0].url
    assert [author.name for author in read.entries[0].authors] == ARTICLES[0].author.split("; ")
    assert read.entries[0].published == "2023-09-12T00:00:00Z"
    assert read.entries[0].tags[0].term == "Eau & sécheresse"
    root = etree.fromstring(feed)
    for element in (root, *root.iterfind("a:entry", _SPACE)):
        for name in ("id", "title", "updated"):  # exactly one of each: sections 4.1.1 and 4.1.2
            assert len(element.findall(f"a:{name}", _SPACE)) == 1
        assert element.findtext("a:id", "", _SPACE).startswith("urn:uuid:")
        assert _DATE.fullmatch(element.findtext("a:updated", "", _SPACE))
    assert root.find("a:author/a:name", _SPACE) is not None  # entries without author have this one
    for entry in root.iterfind("a:entry", _SPACE):  # an entry without link has content
        assert entry.findtext("a:content", "", _SPACE)
        assert all(name.text for name in entry.iterfind("a:author/a:name", _SPACE))


def test_a_feed_is_brought_up_to_date_and_keeps_its_ids() -> None:
    first = updated_feed(b"", [_alert(*ARTICLES[:2])], "Alertes")
    again = updated_feed(first, [_alert(ARTICLES[2], replace(ARTICLES[0], title="Corrigé"))], "Alertes")
    before, after = feedparser.parse(first), feedparser.parse(again)
    assert after.feed.id == before.feed.id
    assert [entry.title for entry in after.entries] == [ARTICLES[2].title, "Corrigé", ARTICLES[1].title]
    assert after.entries[1].id == before.entries[0].id
    assert len({entry.id for entry in after.entries}) == 3
    other = feedparser.parse(updated_feed(again, [_alert(ARTICLES[0], name="Autre")], "Alertes"))
    assert other.entries[0].id not in {entry.id for entry in after.entries}


def test_a_feed_keeps_its_newest_entries_only() -> None:
    feed = b""
    for start in range(0, ENTRIES + 60, 20):
        articles = [replace(ARTICLES[1], id=f"id-{start + place}") for place in range(20)]
        feed = updated_feed(feed, [_alert(*(replace(each, title=each.id) for each in articles))], "Alertes")
    entries = feedparser.parse(feed).entries
    assert len(entries) == ENTRIES
    assert entries[0].title == f"id-{ENTRIES + 40}"
    assert entries[-1].title == "id-79"


@pytest.mark.parametrize("former", [b"texte", b"<rss/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_another_file_is_not_taken_for_a_feed(former: bytes) -> None:
    with pytest.raises(UsageError, match="no Atom feed"):
        updated_feed(former, [_alert(*ARTICLES)], "Alertes")


def test_a_mail_has_french_headers_and_two_versions_of_the_text() -> None:
    hostile = replace(ARTICLES[1], title="<b>Un\nmois</b>")
    mail = alert_mail(
        [_alert(ARTICLES[0], hostile), _alert(name="Vide")], FRENCH, "rédac@exemple.test", "d@localhost"
    )
    assert all(line.isascii() and len(line) < 999 for line in mail.splitlines())
    read = message_from_bytes(mail, policy=policy.default)
    assert isinstance(read, EmailMessage)
    assert read["Subject"] == "Dépêche – 2 nouveaux articles\u00a0: Eau & sécheresse"
    assert (str(read["To"]), str(read["From"])) == ("rédac@exemple.test", "d@localhost")
    assert read["Date"].datetime
    assert read["Message-ID"]
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    text, page = (part.get_content() for part in read.iter_parts() if isinstance(part, EmailMessage))
    assert "Vide" not in text
    assert text.startswith(f"Eau & sécheresse\n\n{ARTICLES[0].title}\n12 septembre"[:17])
    assert f"{ARTICLES[0].url}\n" in text
    assert "&lt;b&gt;Un mois&lt;/b&gt;" in page
