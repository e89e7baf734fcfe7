"""Corpora of research tools, read again by our own readers."""

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path

from lxml import etree

from search.corpus import ReadOptions, read
from search.export.iramuteq import safe_value
from search.export.references import safe_key
from search.types import Article
from tests.press import PRESS

from .sample import ARTICLES, written

EVERY = (*ARTICLES, *PRESS)


def _read(path: Path) -> list[Article]:
    options = ReadOptions({}, "", "fr", ())
    return [each for each in read([str(path)], options) if isinstance(each, Article)]


def test_a_corpus_of_txm_gives_the_same_articles(tmp_path: Path) -> None:
    path = tmp_path / "corpus.zip"
    path.write_bytes(written("txm", articles=EVERY))
    by_id = {article.id: replace(article, file="") for article in _read(path)}
    assert len(by_id) == len(EVERY)
    for article in EVERY:
        expected = replace(article, id=safe_key(article.id), lang=article.lang or "fr")
        assert by_id[expected.id] == expected


def test_the_texts_of_txm_are_tei_and_the_table_names_their_files() -> None:
    corpus = zipfile.ZipFile(io.BytesIO(written("txm")))
    rows = list(csv.DictReader(io.StringIO(corpus.read("metadata.csv").decode())))
    assert [f"{row['id']}.xml" for row in rows] == corpus.namelist()[:-1]
    assert next(iter(rows[0])) == "id"
    assert rows[0]["title"] == ARTICLES[0].title
    tei = etree.fromstring(corpus.read(corpus.namelist()[0]))
    space = {"t": "http://www.tei-c.org/ns/1.0"}
    assert tei.xpath("string(//t:titleStmt/t:title)", namespaces=space) == ARTICLES[0].title
    paragraphs = [each.text for each in tei.iterfind(".//t:body/t:p", space)]
    assert "\n\n".join(paragraphs) == ARTICLES[0].body
    lines = etree.fromstring(corpus.read(corpus.namelist()[2])).iterfind(".//t:lb", space)
    assert [line.tail for line in lines] == ["-*thème", "Fin."]


def test_a_corpus_of_iramuteq_gives_the_same_texts_with_safe_variables(tmp_path: Path) -> None:
    path = tmp_path / "corpus.txt"
    path.write_bytes(written("iramuteq", articles=EVERY))
    again = _read(path)
    assert [article.id for article in again] == [safe_key(article.id) for article in EVERY]
    for article, expected in zip(again, EVERY, strict=True):
        assert article.body == expected.body.replace("*", "•")
        assert article.published == expected.published[:10]
        for field in ("source", "section", "place"):
            assert getattr(article, field) == safe_value(getattr(expected, field)).replace("_", " ")


def test_headings_of_iramuteq_have_no_blank_and_no_sign_in_a_value() -> None:
    lines = written("iramuteq").decode().splitlines()
    headings = [line for line in lines if line.startswith("****")]
    assert headings[0] == (
        "**** *id_sha-0123456789abcdef *source_L_Echo_du_Val *date_2023-09-12 *annee_2023 *mois_2023-09 "
        "*rubrique_Societe *auteur_Jeanne_Modele *auteur_Agence_Exemple *auteur_Jean_de_La_Colline "
        "*auteur_AFP *lieu_Valmont *page_3_4"
    )
    assert len(headings) == len(ARTICLES)
    assert headings[3] == "**** *id_inconnue"
    assert not any("*" in line for line in lines if not line.startswith("****"))
