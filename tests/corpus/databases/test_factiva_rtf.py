"""Factiva as RTF: how its codes and its bold lines are read."""

import pytest

from search.corpus.databases.factiva_rtf import FACTIVA_RTF, read_factiva_rtf
from search.corpus.record import BadRecord, Fault, RawRecord
from search.corpus.source import Source

RTF = "{{\\rtf1\\ansi Factiva\\par {body}}}"


def source(text: str) -> Source:
    return Source("export", iter([text.encode("cp1252")]))


def only(text: str) -> RawRecord:
    (record,) = read_factiva_rtf(source(text))
    assert isinstance(record, RawRecord)
    return record


@pytest.mark.parametrize(
    "row",
    [
        r"\b HD\b0\cell Un titre\cell\row",
        r"HD\tab Un titre\par",
        r"\b HD\b0\par Un titre\par",
        r"{\b HD} Un titre\par",
    ],
)
def test_rtf_shows_its_codes_in_several_ways(row: str) -> None:
    body = row + r"\par LP\tab Un.\par LA ville dort.\par\par AN\tab Document GZEX000020240301ek3100001\par"
    fields = only(RTF.format(body=body)).fields
    assert fields["title"] == "Un titre"
    assert fields["text"] == "Un.\n\nLA ville dort."
    assert fields["id"] == "GZEX000020240301ek3100001"


_NUMBERED = r"\par LP\tab Un.\par AN\tab Document GZEX000020240301ek3100001\par "


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        (r"HD\tab Deux\par LP\tab Un d\'e9but", True),
        (r"\b Deux\b0\par 62 mots\par 1 mars 2024\par Gazette\par", True),
        (r"\'a9 2024 Factiva, Inc.\par Search Summary\par Text\tab port\par", False),
    ],
)
def test_an_article_that_is_cut_short_is_told(rest: str, told: bool) -> None:
    first, *faults = read_factiva_rtf(source(RTF.format(body=r"HD\tab Un titre" + _NUMBERED + rest)))
    assert isinstance(first, RawRecord)
    assert first.fields["title"] == "Un titre"
    assert faults == ([Fault("article 2: it is cut short, before its number")] if told else [])


def test_lines_of_rtf_without_a_number_of_words_are_all_text() -> None:
    body = r"Un titre\par\par Un.\par Document GZEX000020240301ek3100001\par"
    fields = only(RTF.format(body=body)).fields
    assert fields["text"] == "Factiva\n\nUn titre\n\nUn."


def test_the_publisher_ends_like_no_sentence() -> None:
    body = (
        r"\par\b Un titre\b0\par 62 mots\par 1 mars 2024\par Gazette\par GZEX\par "
        r"Fran\'e7ais\par (c) 2024\par Un. \par Deux\par {last}\par Document GZEX000020240301ek3100001\par"
    )
    named = only(RTF.format(body=body.format(last="Soci\\'e9t\\'e9"))).fields
    assert (named["text"], named["PUB"]) == ("Un.\n\nDeux", "Société")
    ended = only(RTF.format(body=body.format(last="Fin."))).fields
    assert (ended["text"], ended["PUB"]) == ("Un.\n\nDeux\n\nFin.", "")


@pytest.mark.parametrize("gap", [r"\par ", r"\par\par "])
@pytest.mark.parametrize("rights", ["(c) 2024 Gazette", "Gazette 2024."])
def test_the_head_may_have_gaps_and_rights_without_their_name(gap: str, rights: str) -> None:
    head = [
        "Région",
        r"\b Un titre\b0",
        "62 mots",
        "1 mars 2024",
        "Gazette",
        "GZEX",
        "A4",
        r"Fran\'e7ais",
        rights,
    ]
    body = gap.join([*head, "Un.", "Document GZEX000020240301ek3100001", ""])
    fields = only("{\\rtf1\\ansi " + body + "}").fields
    assert (fields["section"], fields["title"], fields["page"]) == ("Région", "Un titre", "A4")
    assert (fields["source"], fields["lang"], fields["text"]) == ("Gazette", "Français", "Un.")


def test_rtf_that_is_broken_or_without_articles_is_refused() -> None:
    with pytest.raises(BadRecord, match="no article"):
        list(read_factiva_rtf(source(RTF.format(body="Un."))))
    with pytest.raises(BadRecord, match="too broken"):
        list(read_factiva_rtf(source(r"{\rtf1\uc Factiva}")))


def test_it_is_recognised_by_its_name() -> None:
    assert FACTIVA_RTF.recognises(source(RTF.format(body="Un.")))
    assert FACTIVA_RTF.recognises(source("{\\rtf1 Document GZEX000020240301ek3100001}"))
    assert not FACTIVA_RTF.recognises(source("{\\rtf1 Une lettre}"))
    assert not FACTIVA_RTF.recognises(source("Factiva"))
