import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.corpus.web.page_text import page_text

TEXT = "Un cœur de ville à 3 €, l'été."


@pytest.mark.parametrize("charset", ["iso-8859-15", "ISO_8859-15", '"iso-8859-15"', " iso8859-15 "])
def test_the_server_names_the_encoding(charset: str) -> None:
    assert page_text(TEXT.encode("iso-8859-15"), charset) == TEXT


@pytest.mark.parametrize(
    "meta",
    [
        '<meta charset="{}">',
        "<meta charset={}>",
        '<META http-equiv="Content-Type" content="text/html; charset={}">',
    ],
)
@pytest.mark.parametrize(
    ("named", "used"),
    [
        ("iso-8859-15", "iso-8859-15"),
        ("latin1", "cp1252"),
        ("windows-1252", "cp1252"),
        ("WINDOWS_1252", "cp1252"),
    ],
)
def test_the_page_names_the_encoding(meta: str, named: str, used: str) -> None:
    page = f"<html><head>{meta.format(named)}</head>{TEXT}"
    assert page_text(page.encode(used)) == page
    assert page_text(page.encode()) == page


@pytest.mark.parametrize(
    "charset", ["", "hex", "rot13", "inconnu", "utf-8", "\udc80", "iso-8859-99", "cp1259", "latin0"]
)
def test_an_encoding_that_is_no_help_is_found_as_elsewhere(charset: str) -> None:
    assert page_text("L'été à Noël.".encode("cp1252"), charset) == "L'été à Noël."


def test_the_server_goes_before_the_page_and_a_mark_before_both() -> None:
    page = f'<meta charset="macintosh">{TEXT}'
    assert page_text(page.encode("iso-8859-15"), "iso-8859-15") == page
    assert page_text(page.encode("utf-16"), "iso-8859-15") == page
    assert page_text(page.encode("utf-8-sig"), "iso-8859-15") == page


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufeff")))
def test_utf_8_is_read_whatever_is_said(text: str) -> None:
    assert page_text(text.encode(), "iso-8859-1") == text


def test_line_ends_are_one_character() -> None:
    assert page_text(b"a\r\nb\rc\nd") == "a\nb\nc\nd"
