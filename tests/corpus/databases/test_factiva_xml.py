"""Factiva as XML."""

import pytest

from search.corpus.databases.factiva_xml import FACTIVA_XML, read_factiva_xml
from search.corpus.record import BadRecord, Fault, Omission, RawRecord
from search.corpus.source import Source


def source(text: str) -> Source:
    return Source("export", iter([text.encode()]))


def test_xml_without_paragraphs_and_without_text_is_told() -> None:
    xml = (
        "<ppsarticle><article><headline>T</headline><tailParagraphs>Un <b>mot</b>.</tailParagraphs></article>"
        "<article><headline>T</headline><sourceName>G</sourceName></article></ppsarticle>"
    )
    first, second = read_factiva_xml(source(xml))
    assert isinstance(first, RawRecord)
    assert first.fields["text"] == "Un mot."
    assert second == Omission("document without text", "article 2: document without text (G)")
    with pytest.raises(BadRecord, match="no article"):
        list(read_factiva_xml(source("<ppsarticle/>")))


def test_articles_before_an_error_are_read_and_the_error_is_told() -> None:
    xml = "<ppsarticle><article><tailParagraphs>Un.</tailParagraphs></article><article><tailParagraphs>De"
    first, *_, fault = read_factiva_xml(source(xml))
    assert isinstance(first, RawRecord)
    assert first.fields["text"] == "Un."
    assert isinstance(fault, Fault)
    assert "not XML" in fault.reason


def test_a_date_may_stand_without_an_element_of_its_own() -> None:
    xml = (
        "<ppsarticle><article><tailParagraphs>Un.</tailParagraphs><publicationDate>2012-01-09</publicationDate>"
        "<publicationTime><time>06:05</time></publicationTime></article></ppsarticle>"
    )
    (record,) = read_factiva_xml(source(xml))
    assert isinstance(record, RawRecord)
    assert (record.fields["date"], record.fields["time"]) == ("2012-01-09", "06:05")


def test_it_is_recognised_by_its_root() -> None:
    assert FACTIVA_XML.recognises(source("<?xml version='1.0'?><PPSResponse/>"))
    assert not FACTIVA_XML.recognises(source("<article/>"))
