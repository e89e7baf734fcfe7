from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from search.build_types import PassedOver, Rejected
from search.corpus import read, streams
from search.corpus.mail import mailbox
from search.types import Article

from ..conftest import Write

SAMPLES = Path(__file__).parents[1] / "samples"
ENVELOPE = "From lettre@exemple.fr Sat May 18 07:00:00 2024\n"


def message(text: str, subject: str = "Le port", head: str = "") -> str:
    return f"From: La Gazette <lettre@exemple.fr>\nTo: l@exemple.fr\nSubject: {subject}\n{head}\n{text}\n\n"


def texts(path: str) -> list[str]:
    return [one.body if isinstance(one, Article) else type(one).__name__ for one in read([path])]


@pytest.mark.parametrize("name", ["a.eml", "message", "a.txt", "A.EML"])
def test_a_message_is_recognised_by_its_headers(write: Write, name: str) -> None:
    assert texts(write(name, message("Le quai rouvre."))) == ["Le quai rouvre."]
    assert texts(write(name, ("\ufeff\r\n" + message("Le pont.")).replace("\n", "\r\n"))) == ["Le pont."]


@pytest.mark.parametrize("head", ["Subject: Le port\n", "From lettre@exemple.fr\nSubject: Le port\n"])
def test_the_name_of_a_file_allows_few_headers(write: Write, head: str) -> None:
    assert texts(write("a.eml", f"{head}\nLe quai rouvre.")) == ["Le quai rouvre."]
    assert texts(write("b.eml", "Rien d'un message.")) == ["Rejected"]


@pytest.mark.parametrize("name", ["a.mbox", "Inbox", "a.txt"])
def test_a_mailbox_is_recognised_by_its_first_lines(write: Write, name: str) -> None:
    assert texts(write(name, ENVELOPE + message("Un.") + ENVELOPE + message("Deux."))) == ["Un.", "Deux."]


@pytest.mark.parametrize(
    "text",
    [
        "Le maire : « Non »\nDe : la ville\n\nTexte.",
        "From Valmont à 7:30, en 2024, un train.\n\nTexte.",
        "Subject: rien\nDate: demain\n\nTexte.",
        "From: Valmont\nTo Armeil\n\nTexte.",
    ],
)
def test_a_text_that_looks_like_a_message_is_none(write: Write, text: str) -> None:
    assert texts(write("a.txt", text)) == [text]


def test_a_line_of_the_text_does_not_begin_a_message(write: Write) -> None:
    body = "Avant.\n\nFrom Valmont à Armeil.\n>From quoté\n>>From deux fois\nFrom x Sat May 18 07:00:00 2024"
    expected = body.replace(">From q", "From q").replace(">>From", ">From")
    path = write("a.mbox", ENVELOPE + message(body) + ENVELOPE + message("Deux."))
    assert texts(path) == [expected, "Deux."]


def test_the_line_of_a_message_is_where_it_begins(write: Write) -> None:
    path = write("a.mbox", ENVELOPE + message("Un.") + ENVELOPE + message(""))
    assert list(read([path]))[1:] == [PassedOver(path, 8, "message without text", "Le port: it has no text")]


def test_a_message_that_is_too_large_is_told_and_the_next_is_read(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "FILE_LIMIT", 1000)
    path = write("a.mbox", ENVELOPE + message("mot\n" * 400) + ENVELOPE + message("Deux."))
    first, second = read([path])
    assert first == Rejected(path, 1, "the message is larger than 0.000954 MB, the limit")
    assert isinstance(second, Article)
    assert second.body == "Deux."


def test_messages_are_read_one_by_one(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = 0
    whole = streams.blocks

    def noted(stream: streams.Readable) -> Iterator[bytes]:
        nonlocal taken
        for block in whole(stream):
            taken += len(block)
            yield block

    monkeypatch.setattr(streams, "blocks", noted)
    path = write("a.mbox", "".join(ENVELOPE + message("mot " * 100) for _ in range(10_000)))
    next(read([path]))
    assert 0 < taken < 1 << 20


def test_a_message_inside_another_is_an_article_of_its_own() -> None:
    path = str(SAMPLES / "lettres.mbox")
    *_, forwarded, attachment, inner = read([path])
    assert isinstance(forwarded, Article)
    assert isinstance(inner, Article)
    assert (forwarded.source, inner.source) == ("Paul Essai", "Jeanne Modèle")
    assert isinstance(attachment, PassedOver)
    assert (attachment.kind, attachment.reason) == ("attachment", "carte.pdf: Tr : La Sorgue déborde")


@pytest.mark.parametrize(
    ("plain", "html", "expected"),
    [
        ("Court.", "<p>Le texte entier de la lettre.</p>", "Le texte entier de la lettre."),
        ("Le texte entier de la lettre.", "<p>Court.</p>", "Le texte entier de la lettre."),
        ("Le texte.\nhttps://exemple.fr/" + "a" * 99, "<p>Le texte même.</p>", "Le texte même."),
        ("Le texte.", "<p style='display:none'>Le texte caché de la lettre.</p>", "Le texte."),
    ],
)
def test_the_fuller_text_is_read(write: Write, plain: str, html: str, expected: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["Date"] = "La Gazette <lettre@exemple.fr>", "Sat, 18 May 2024 07:00:00 +0200 (CEST)"
    mail.set_content(plain)
    mail.add_alternative(html, subtype="html")
    (one,) = read([write("a.eml", mail.as_bytes())])
    assert isinstance(one, Article)
    assert (one.body, one.published, one.source) == (expected, "2024-05-18T07:00", "La Gazette")


def test_parts_in_parts_have_a_limit(write: Write) -> None:
    head = "".join(f"Content-Type: multipart/mixed; boundary={n}\n\n--{n}\n" for n in range(30))
    path = write("a.eml", f"From: a@exemple.fr\nDate: hier\n{head}\nTexte.")
    reason = "the message is too broken to read: more than 20 parts inside each other"
    assert list(read([path])) == [Rejected(path, 0, reason)]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("Content-Type: multipart/mixed\n", ["Article"]),
        ("Content-Type: message/rfc822\n", ["Article"]),
        ("Content-Type: text/plain; charset*0*=\n", ["Article"]),
        ("Content-Type: text/html; charset=inconnu\n", ["Article"]),
        ("Content-Transfer-Encoding: x-uuencode\nDate: \udcff\n", ["LostField", "Article"]),
        ("Message-ID: <a\0b>\n", ["Article"]),
    ],
)
def test_a_message_with_broken_headers_is_read(write: Write, head: str, expected: list[str]) -> None:
    data = message("Le quai rouvre.", head=head).encode("utf-8", "surrogateescape")
    records = list(read([write("a.eml", data)]))
    assert [type(one).__name__ for one in records] == expected
    assert getattr(records[-1], "body", "") == "Le quai rouvre."
