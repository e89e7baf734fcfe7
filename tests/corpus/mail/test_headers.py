import email

import pytest

from search.corpus.mail.headers import date, header, recipients, sender


def message(head: bytes | str) -> email.message.Message:
    return email.message_from_bytes(head if isinstance(head, bytes) else head.encode())


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("La lettre du matin =?utf-8?b?4oCT?= Reprise", "La lettre du matin – Reprise"),
        ("=?iso-8859-15?q?L=27=E9t=E9_=E0_3_=A4?=", "L'été à 3 €"),
        ("=?utf-8?q?L=27=C3=A9t?=\n =?utf-8?q?=C3=A9?=", "L'été"),
        ("L'été, tel quel", "L'été, tel quel"),
        ("L'été =?utf-8?q?=C3=A0?= Noël", "L'été à Noël"),
        ("plié sur\n deux lignes", "plié sur deux lignes"),
        ("=?inconnu?q?=C3=A9t=C3=A9?=", "été"),
        ("=?utf-8?b?abcde?= fin", "=?utf-8?b?abcde?= fin"),
        ("", ""),
    ],
)
def test_a_header_is_text(subject: str, text: str) -> None:
    assert header(message(f"Subject: {subject}\n\n"), "subject") == text


def test_a_header_in_the_encoding_of_windows_is_text() -> None:
    assert header(message("Subject: L'été à 3 €\n\n".encode("cp1252")), "subject") == "L'été à 3 €"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("La Gazette <lettre@exemple.fr>", "La Gazette"),
        ('"Gazette, la lettre" <lettre@exemple.fr>', "Gazette, la lettre"),
        ("=?utf-8?q?Jeanne_Mod=C3=A8le?= <j@exemple.fr>", "Jeanne Modèle"),
        ("lettre@exemple.fr", "exemple.fr"),
        ("", ""),
    ],
)
def test_the_sender_has_a_name(given: str, name: str) -> None:
    assert sender(message(f"From: {given}\n\n")) == name


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Sat, 02 Mar 2024 07:00:00 +0100", "2024-03-02T07:00"),
        ("Sat, 2 Mar 2024 07:00:00 +0100 (CET)", "2024-03-02T07:00"),
        ("2 Mar 24 7:05:06 MST", "2024-03-02T07:05"),
        ("samedi 2 mars 2024", "samedi 2 mars 2024"),
        ("", ""),
    ],
)
def test_the_date_is_that_of_the_sender(written: str, read: str) -> None:
    assert date(message(f"Date: {written}\n\n")) == read


def test_recipients_are_all_to_whom_it_was_sent() -> None:
    head = "From: j@exemple.fr\nTo: A <A@exemple.fr>, b@exemple.fr\nCc: c@exemple.fr\n"
    assert recipients(message(f"{head}Delivered-To: d@exemple.fr\n\n")) == {
        "a@exemple.fr",
        "b@exemple.fr",
        "c@exemple.fr",
        "d@exemple.fr",
    }
