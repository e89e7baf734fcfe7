import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.corpus.record import BadRecord
from search.corpus.xml_tree import parse_xml, recovered_xml, xml_text

from .conftest import Write

LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    + "]><x>&a11;</x>"
)


def text(xml: str | bytes) -> str:
    data = xml.encode() if isinstance(xml, str) else xml
    return str(parse_xml(iter([data])).text)


@pytest.mark.parametrize("declared", ["UTF-8", "ISO-8859-1", "iso-8859-15", "windows-1252", "unknown-9"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_that_a_file_has_goes_before_the_one_it_declares(declared: str, encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{declared}"?>\n<x>L’été coûte 3 €, «\u00a0déjà\u00a0»</x>'
    assert text(xml.encode(encoding)) == "L’été coûte 3 €, «\u00a0déjà\u00a0»"


@pytest.mark.parametrize("encoding", ["iso-8859-15", "mac_roman"])
def test_a_declared_encoding_is_used(encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?><x>Un bœuf à 3 €</x>'
    assert text(xml.encode(encoding)) == "Un bœuf à 3 €"


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ('<!DOCTYPE x [<!ENTITY aex "Agence Exempl&eacute;">]><x>&aex; (AEX)</x>', "Agence Exemplé (AEX)"),
        ('<!DOCTYPE x PUBLIC "-//X" "x.dtd" [<!ENTITY % n SYSTEM "n.dtd"> %n;\n]>\n<x>a</x>', "a"),
        ('<!DOCTYPE x SYSTEM "x.dtd"><x>L&eacute;a &amp; L&#233;o &lt; 3&nbsp;%</x>', "Léa & Léo < 3\u00a0%"),
        ("<?xml version='1.0'?><!-- <!DOCTYPE y> --><!DOCTYPE x><x>a</x>", "a"),
        ("<x>R&D, P&T; et &inconnu;</x>", "R&D, P&T; et &inconnu;"),
        ("<x>moins de <3 ans, si a < b</x>", "moins de <3 ans, si a < b"),
        ("<x>1998&#150;2003 &#x92;</x>", "1998–2003 ’"),
        ("<x>&LT;p&GT;</x>", "<p>"),
        ("<x>fin\x03 de\x1f texte&#3;</x>", "fin de texte"),
        ("<x><![CDATA[a & b &eacute; <!DOCTYPE y>]]></x>", "a & b &eacute; <!DOCTYPE y>"),
        ("\ufeff\n<x>a</x>", "a"),
    ],
)
def test_what_real_files_hold_stays_readable(xml: str, expected: str) -> None:
    assert text(xml) == expected


def test_nothing_is_fetched(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a connection was opened"))
    secret = write("secret.txt", "tournesol")
    xml = f'<!DOCTYPE x SYSTEM "http://x.test/a.dtd" [<!ENTITY s SYSTEM "file://{secret}">]><x>a &s;</x>'
    assert text(xml) == "a &s;"


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (LAUGHS, "amplification"),
        ("<!DOCTYPE x [<!ENTITY a '&b;'><!ENTITY b '&a;'>]><x>&a;</x>", "reference loop"),
        ("<x>" * 10_000, "depth"),
        ("<!-- a --> " * 50_000 + "<y", "not XML"),
        ("<![CDATA[" * 50_000 + "&", "not XML"),
        ("<x>" + "&a" * 50_000, "not XML"),
        ("", "not XML"),
        ("texte", "not XML"),
    ],
)
def test_what_is_no_xml_is_told_at_once(xml: str, reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        text(xml)


def test_what_is_sound_of_a_broken_file_is_given_with_its_first_error() -> None:
    root, error = recovered_xml(iter([b"<x><y>a</y><y>b</z></x>"]))
    assert [one.text for one in root] == ["a", "b"]
    assert error.startswith("not XML: Opening and ending tag mismatch: y line 1 and z")
    root, error = recovered_xml(iter([b"<x><y>a</y></x>"]))
    assert ([one.text for one in root], error) == (["a"], "")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60))
def test_any_text_in_cdata_comes_back(content: str) -> None:
    content = content.replace("]]>", "").replace("\ufffe", "").replace("\uffff", "")
    assert xml_text(f"<x><![CDATA[{content}]]></x>".encode()) == f"<x><![CDATA[{content}]]></x>"
