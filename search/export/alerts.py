"""The new articles of saved searches, for feed readers and mailboxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from html import escape

from search.export.citation import metadata_line
from search.export.references import address
from search.language import Language
from search.text.sanitize import flat
from search.types import Hit, Hits


@dataclass(frozen=True, slots=True)
class Alert:
    """The new articles of one saved search, the latest first."""

    name: str
    answer: Hits


def new_articles(alerts: Sequence[Alert]) -> int:
    """How many new articles there are."""
    return sum(len(alert.answer.hits) for alert in alerts)


def alert_mail(alerts: Sequence[Alert], language: Language, recipient: str, sender: str) -> bytes:
    """A message (RFC 5322) with the new articles of each search, as plain text and as HTML.

    Raises ValueError where an address holds a line end.
    """
    mail = EmailMessage()
    names = ", ".join(flat(alert.name) for alert in alerts if alert.answer.hits)
    count = language.plural("{} new article", "{} new articles", new_articles(alerts))
    mail["Subject"] = f"Dépêche – {count}{language.translate(': ')}{names}"
    mail["From"] = sender
    if recipient:
        mail["To"] = recipient
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain="depeche.localhost")
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody answers it automatically
    mail.set_content("\n".join(map(_plain, filter(_has_news, alerts))))
    page = "".join(map(_html, filter(_has_news, alerts)))
    mail.add_alternative(
        f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{page}</body></html>', "html"
    )
    return mail.as_bytes()


def _has_news(alert: Alert) -> bool:
    return bool(alert.answer.hits)


def _plain(alert: Alert) -> str:
    entries = "\n".join(map(_plain_entry, alert.answer.hits))
    return f"{flat(alert.name)}\n\n{entries}"


def _plain_entry(hit: Hit) -> str:
    article = hit.article
    lines = (flat(article.title), metadata_line(article), flat(hit.snippet.text), address(article))
    return "".join(f"{line}\n" for line in lines if line)


def _html(alert: Alert) -> str:
    return f"<h2>{escape(flat(alert.name))}</h2>{''.join(map(_html_entry, alert.answer.hits))}"


def _html_entry(hit: Hit) -> str:
    article = hit.article
    title, link = escape(flat(article.title)), escape(address(article))
    linked = f'<a href="{link}">{title}</a>' if link else title
    facts, text = escape(metadata_line(article)), escape(flat(hit.snippet.text))
    return f"<h3>{linked}</h3><p><small>{facts}</small></p><p>{text}</p>"
