"""Press reviews, read again by the libraries that read documents of others."""

import io
from dataclasses import replace

import docx
from docx.document import Document
from lxml import html

from search.export import Content, Export, format_named
from search.language import ENGLISH

from .sample import ARTICLES, answer_of, written

TITLES = [article.title for article in ARTICLES]


def _document(content: Content = Content.WHOLE_TEXTS) -> Document:
    notes = {ARTICLES[1].id: "à vérifier <ici>"}
    return docx.Document(io.BytesIO(written("docx", content, notes=notes)))


def test_word_reads_headings_texts_and_sources() -> None:
    paragraphs = _document().paragraphs
    by_style: dict[str, list[str]] = {}
    for each in paragraphs:
        by_style.setdefault(str(each.style and each.style.name), []).append(each.text)
    assert by_style["Title"] == ["Revue de presse\u00a0: eau"]
    assert by_style["Heading 1"] == [*TITLES, "Sources"]
    assert by_style["List Bullet"] == [
        "Gazette – 2 articles",
        "source inconnue – 1 article",
        "L’Écho du Val – 1 article",
    ]
    texts = [text for text in by_style["Normal"] if text]
    assert texts == [part.replace("\n", " ") for each in ARTICLES for part in each.body.split("\n\n")]
    assert by_style["Facts"][:2] == [
        "L’Écho du Val · éd. Valmont · Valmont · 12 septembre 2023, 14 h 30 · Société · p. 3-4",
        "Jeanne Modèle, Agence Exemple, Jean de La Colline, AFP",
    ]
    assert by_style["Note"] == ["Note\u00a0: à vérifier <ici>"]


def test_the_contents_of_word_are_a_field_whose_links_lead_to_the_headings() -> None:
    body = _document().element.body
    space = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
    name = f"{{{space['w']}}}"
    (instruction,) = body.iterfind(".//w:instrText", space)
    assert "TOC" in instruction.text
    links = [link.get(f"{name}anchor") for link in body.iterfind(".//w:hyperlink", space)]
    marks = list(body.iterfind(".//w:bookmarkStart", space))
    assert links == [mark.get(f"{name}name") for mark in marks] == [f"article{n}" for n in (1, 2, 3, 4)]
    headings = ["".join(each.text for each in mark.getparent().iterfind(".//w:t", space)) for mark in marks]
    assert headings == TITLES
    ends = [each.get(f"{name}fldCharType") for each in body.iterfind(".//w:fldChar", space)]
    assert ends == ["begin", "separate", "end"]
    (address,) = body.iterfind(".//w:fldSimple", space)
    assert address.get(f"{name}instr") == f'HYPERLINK "{ARTICLES[0].url}"'


def test_every_article_of_word_begins_a_page() -> None:
    style = _document().styles["Heading 1"]
    assert style.paragraph_format.page_break_before


def test_the_web_page_has_contents_articles_and_sources() -> None:
    page = html.fromstring(written("html").decode())
    assert page.get("lang") == "fr"
    assert page.findtext(".//h1") == "Revue de presse\u00a0: eau"
    links = page.xpath("//nav//a")
    articles = page.xpath("//article")
    assert [link.get("href") for link in links] == [f"#{article.get('id')}" for article in articles]
    assert [link.text for link in links] == [article.findtext("h2") for article in articles] == TITLES
    for element, article in zip(articles, ARTICLES, strict=True):
        texts = [each.text_content() for each in element.xpath("p[not(@class)]")]
        assert texts == [part.replace("\n", " ") for part in article.body.split("\n\n")]
    assert page.findtext(".//footer//li") == "Gazette – 2 articles"


def test_the_web_page_fetches_nothing_and_obeys_nothing() -> None:
    hostile = replace(
        ARTICLES[1], title="<script>alert(1)</script>", body="<img src=x>", url="javascript:alert(1)"
    )
    text = written("html", articles=(hostile,)).decode()
    page = html.fromstring(text)
    assert not page.xpath("//script | //img | //link | //iframe | //@src")
    assert "javascript:" not in text
    assert page.findtext(".//article/h2") == hostile.title
    assert "default-src 'none'" in text
    assert "@media print" in text


def test_excerpts_take_the_place_of_the_texts_and_headings_are_english_where_asked() -> None:
    answer = answer_of(ARTICLES[:1])
    hit = replace(answer.hits[0], passage=replace(answer.hits[0].passage, text="Le passage."))
    stream = io.BytesIO()
    export = Export(iter([hit]), answer, title="Water", language=ENGLISH)
    format_named("html").write(export, stream)
    page = html.fromstring(stream.getvalue().decode())
    assert [each.text for each in page.xpath("//article/p[not(@class)]")] == ["Le passage."]
    assert page.findtext(".//h1") == "Water"
    assert page.xpath("//h2/text()")[0] == "Contents"
    assert "12 September 2023" not in page.text_content()
    assert "2023-09-12, 14:30" in page.text_content()
