import pytest

from search.corpus.documents.epub import LEAST_TEXT, read_epub, recognise_epub
from search.corpus.record import BadRecord, Fault, Omission, RawRecord
from search.corpus.source import Source

from .made import epub, odt

TEXT = "Le conseil a voté la reconstruction du pont suspendu. " * 6
METADATA = (
    "<dc:identifier>urn:isbn:1</dc:identifier><dc:title>Gazette Exemple, mars</dc:title>"
    "<dc:creator>Jeanne Modèle</dc:creator><dc:creator>Paul Essai</dc:creator><dc:language>fr</dc:language>"
    "<dc:date>0101-01-01T00:00:00+00:00</dc:date><dc:date>2024-03-01</dc:date><dc:subject>pont</dc:subject>"
    "<dc:publisher>Éditions Modèle</dc:publisher>"
)
NCX = (
    '<ncx><navMap><navPoint><navLabel><text>Le pont</text></navLabel><content src="a.xhtml"/></navPoint>'
    '<navPoint><navLabel><text>Suite</text></navLabel><content src="a.xhtml#y"/></navPoint></navMap></ncx>'
)
SHORT = "Gazette Exemple"


def source(data: bytes) -> Source:
    return Source("a.bin", iter([data]))


def records(data: bytes) -> list[RawRecord | Fault | Omission]:
    return list(read_epub(source(data)))


def fields(data: bytes) -> list[dict[str, object]]:
    return [dict(record.fields) for record in records(data) if isinstance(record, RawRecord)]


def test_each_chapter_is_an_article_of_the_book() -> None:
    chapters = {
        "a": f"<h1>Le pont d'Armeil</h1><p>{TEXT}</p>",
        "b": f"<p>{TEXT}</p><h2>Fin</h2><p>Encore.</p>",
    }
    book = {
        "source": "Gazette Exemple, mars",
        "author": ["Jeanne Modèle", "Paul Essai"],
        "date": "2024-03-01",
    }
    book |= {"lang": "fr", "keywords": ["pont"], "publisher": "Éditions Modèle"}
    assert fields(epub(chapters, METADATA)) == [
        {"id": "urn:isbn:1#1", "title": "Le pont d'Armeil", "text": TEXT.strip(), **book},
        {"id": "urn:isbn:1#2", "title": "Fin", "text": f"{TEXT.strip()}\n\nFin\n\nEncore.", **book},
    ]


def test_the_table_of_contents_gives_the_titles() -> None:
    (read,) = fields(epub({"a": f"<h1>I</h1><p>{TEXT}</p>"}, METADATA, {"OEBPS/toc.ncx": NCX}))
    assert (read["title"], read["text"]) == ("Le pont", f"I\n\n{TEXT.strip()}")


def test_the_title_of_a_place_in_a_chapter_gives_way_to_its_heading() -> None:
    places = NCX.replace("a.xhtml", "a.xhtml#x")
    (read,) = fields(epub({"a": f"<h1>Armeil</h1><p>{TEXT}</p>"}, METADATA, {"OEBPS/toc.ncx": places}))
    assert read["title"] == "Armeil"
    (read,) = fields(epub({"a": f"<p>{TEXT}</p>"}, METADATA, {"OEBPS/toc.ncx": places}))
    assert read["title"] == "Le pont"


def test_landmarks_give_no_titles() -> None:
    contents = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>'
        '<nav epub:type="landmarks"><a href="a.xhtml">Lire</a></nav>'
        '<nav epub:type="toc"><a href="a.xhtml">Le pont</a></nav></body></html>'
    )
    (read,) = fields(epub({"a": f"<p>{TEXT}</p>"}, METADATA, {"OEBPS/toc.ncx": contents}))
    assert read["title"] == "Le pont"


def test_a_broken_table_of_contents_costs_no_chapter() -> None:
    (read,) = fields(epub({"a": f"<h1>Le pont</h1><p>{TEXT}</p>"}, METADATA, {"OEBPS/toc.ncx": ""}))
    assert read["title"] == "Le pont"


def test_front_matter_and_contents_are_no_articles() -> None:
    links = "".join(f'<p><a href="a.xhtml">{TEXT}</a> p. {number}</p>' for number in range(3))
    chapters = {"cover": SHORT, "toc": links, "a": f"<p>{TEXT}</p>"}
    cover, contents, chapter = records(epub(chapters, METADATA))
    assert cover == Omission("front matter", "part 1 has 15 characters: 'Gazette Exemple'")
    assert contents == Omission("table of contents", "part 2 is a list of links")
    assert isinstance(chapter, RawRecord)
    assert chapter.fields["id"] == "urn:isbn:1#3"


@pytest.mark.parametrize(("size", "kept"), [(LEAST_TEXT - 1, False), (LEAST_TEXT, True)])
def test_how_much_text_makes_an_article(size: int, kept: bool) -> None:
    assert bool(fields(epub({"a": "x" * size}))) is kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<h1>Brève</h1><p>Le marché couvert d'Armeil fermera deux mois pour travaux.</p>", True),
        ("<p>© 2024 Gazette Exemple, rue du Port à Armeil. Tous droits réservés.</p>", False),
        ("<p>Gazette Exemple. Numéro 12. Armeil.</p>", False),
    ],
)
def test_a_short_part_with_a_sentence_is_an_article(text: str, kept: bool) -> None:
    assert bool(fields(epub({"a": text}))) is kept


def test_a_book_without_identifier_gives_no_id() -> None:
    assert fields(epub({"a": TEXT}))[0]["id"] == ""


def test_a_chapter_that_is_not_well_formed_is_read_as_html() -> None:
    (read,) = fields(epub({"a": f"<p>{TEXT}<p>Fin &amp; suite<br>"}))
    assert str(read["text"]).endswith("Fin & suite")


def test_a_missing_chapter_is_a_fault_and_the_others_are_read() -> None:
    data = epub({"a": TEXT, "b": TEXT}).replace(b"OEBPS/a.xhtml", b"OEBPS/c.xhtml")
    missing, chapter = records(data)
    assert isinstance(missing, Fault)
    assert missing.reason.startswith("part 1: 'OEBPS/a.xhtml' in it cannot be read")
    assert isinstance(chapter, RawRecord)


def test_a_locked_book_is_rejected_and_locked_fonts_are_no_matter() -> None:
    def locked(path: str) -> bytes:
        rights = f'<encryption><CipherReference URI="{path}"/></encryption>'
        return epub({"a": TEXT}, more={"META-INF/encryption.xml": rights})

    with pytest.raises(BadRecord, match="locked by its seller"):
        records(locked("OEBPS/a.xhtml"))
    assert len(fields(locked("OEBPS/font.otf"))) == 1


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b'full-path="OEBPS/book.opf"', b'other-path="OEBPS/book.op"', "does not say where"),
        (b"OEBPS/book.opf", b"OEBPS/book.xyz", "cannot be read"),
    ],
)
def test_a_book_without_package_is_rejected(old: bytes, new: bytes, reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        records(_stored(old, new))


def _stored(old: bytes, new: bytes) -> bytes:
    """A book with other members: what is in them stands unpacked nowhere else."""
    container = b'<container><rootfile full-path="OEBPS/book.opf"/></container>'.replace(old, new)
    return epub({"a": TEXT}, more={"META-INF/container.xml": container})


def test_it_is_recognised_by_its_container() -> None:
    assert recognise_epub(source(epub({"a": TEXT})))
    assert not recognise_epub(source(odt("")))
