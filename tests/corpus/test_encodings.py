import codecs
import hashlib

import pytest

from search.build_types import Rejected
from search.corpus.encodings import decode, decode_line
from search.corpus.record import BadRecord
from search.types import Article

from .conftest import Write
from .placeless import read

FRENCH = (
    "Le préfet a évoqué « l’état d’urgence » — à Noël, près du cœur de la ville, où l’été s’achève.\n\n"
    "La facture s’élève à 15 € par élève, a-t-il déclaré : « Ça ne durera pas », d’après ses collègues."
)
SIMPLE = "L'été dernier, le maire a annoncé à ses élus la réouverture du théâtre, fermé depuis février."

BINARY = hashlib.shake_256(b"noise").digest(5000)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_a_dispatch_in_any_encoding_is_the_same_article(write: Write, encoding: str) -> None:
    plain, record = read([write("plain.txt", FRENCH), write("a.txt", FRENCH.encode(encoding))])
    assert isinstance(record, Article)
    assert record.body == FRENCH
    assert record == plain


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "mac_roman", "utf-16-le", "utf-16-be"])
def test_an_encoding_without_mark_is_guessed(encoding: str) -> None:
    assert decode(SIMPLE.encode(encoding)) == SIMPLE


@pytest.mark.parametrize("text", ["Le cœur à 5 €", "« L'œuvre » a coûté 12€ à la région", "Un œil, où ça ?"])
def test_latin_9_is_known_by_its_ligature_and_the_euro(text: str) -> None:
    assert decode(text.encode("iso8859-15")) == text


@pytest.mark.parametrize("text", ["½ litre à l'été", "1½ heure d'été", "l’œuvre à ½ prix", "¤ été"])
def test_halves_of_windows_stay_halves(text: str) -> None:
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_utf16_is_known_by_its_mark(mark: bytes) -> None:
    encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    assert decode(mark + "Été".encode(encoding)) == "Été"


@pytest.mark.parametrize("word", ["été", "où", "Noël", "çà et là"])
def test_short_texts_are_taken_for_windows(word: str) -> None:
    assert decode(word.encode("cp1252")) == word


def test_short_texts_with_french_accents_are_known_for_what_they_are() -> None:
    text = "« L’été à Noël ! » Où ça ? À Évreux."
    assert decode(text.encode("cp1252")) == text
    assert decode(text.encode("mac_roman")) == text


def test_a_few_odd_bytes_do_not_lose_a_text() -> None:
    data = SIMPLE.encode("cp1252")
    assert decode(data + b" \x00\x81") == SIMPLE + " \x00\ufffd"


def test_binary_data_is_rejected(write: Write) -> None:
    path = write("a.txt", BINARY)
    assert list(read([path])) == [Rejected(path, 0, "the text encoding is unknown; save the file as UTF-8")]
    with pytest.raises(BadRecord):
        decode(b"\xff\xd8\xff\xe0" + BINARY[:500])


def test_a_text_cut_inside_a_letter_is_still_utf8() -> None:
    assert (
        decode("L’été à Noël, où l’on s’aperçut".encode()[:-6] + b"\xc3")
        == "L’été à Noël, où l’on s’ap\ufffd"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "mac_roman"])
def test_a_line_is_decoded_alone(encoding: str) -> None:
    assert decode_line("« l’œuvre » à 3 €".encode(encoding)) == "« l’œuvre » à 3 €"


def test_a_line_without_evidence_is_windows() -> None:
    assert decode_line("ÉTÉ".encode("cp1252")) == "ÉTÉ"
    assert decode_line(b"a\x81\xe9") == "a\ufffdé"
