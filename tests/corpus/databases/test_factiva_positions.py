"""Lines of Factiva that only their place and form tell apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.corpus.databases.factiva_positions import codes_of, words_line

HEAD = ["62 mots", "1 mars 2024"]


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["Un titre", "62 mots", "1 mars 2024", "Gazette"], 1),
        (["1 062 words", "13 November 2017"], 0),
        (["877 Wörter", "9 Januar 1993"], 0),
        (["1 mot", "1er mars 2024"], 0),
        (["81 字", "2018 年 10 月 7 日 17:04"], 0),
        (["11 novembre", "Un titre", "1 mars 2024"], -1),
        (["62 mots"], -1),
        (["9" * 10_000 + " mots", "1 mars 2024"], -1),
        ([], -1),
    ],
)
def test_the_words_are_found_by_the_date_after_them(lines: list[str], place: int) -> None:
    assert words_line(lines) == place


@pytest.mark.parametrize(
    ("between", "found"),
    [
        ([], {"ED": ""}),
        (["A6"], {"PG": "A6", "ED": ""}),
        (["1; Nationale", "13"], {"ED": "1; Nationale", "PG": "13"}),
        (
            ["45-61", "Volume 32; Issue 3; ISSN:15"],
            {"PG": "45-61", "VOL": "Volume 32; Issue 3; ISSN:15", "ED": ""},
        ),
        (["54", "4"], {"ED": "54", "PG": "4"}),
        (["00:05:37", "0"], {"ET": "00:05:37", "ED": "0"}),
        (["A1, A6"], {"PG": "A1, A6", "ED": ""}),
    ],
)
def test_what_stands_between_is_known_by_its_form(between: list[str], found: dict[str, str]) -> None:
    codes = codes_of([*HEAD, "Gazette", "GZEX", *between, "Français", "(c) 2024"])
    assert codes["SN"] == "Gazette"
    assert codes["SC"] == "GZEX"
    assert codes["LA"] == "Français"
    assert codes["CY"] == "(c) 2024"
    assert {code: codes[code] for code in ("PG", "ED", "VOL") if code in codes} | (
        {"ET": codes["ET"]} if codes["ET"] else {}
    ) == found


def test_the_hour_stands_after_the_date_or_beside_it() -> None:
    assert codes_of([*HEAD, "18:05", "Gazette", "GZEX", "Français", "(c)"])["ET"] == "18:05"
    beside = codes_of(["81 字", "2018 年 10 月 7 日 17:04", "Herald", "SHER", "英文", "(c)"])
    assert (beside["PD"], beside["ET"]) == ("2018 年 10 月 7 日", "17:04")


@given(st.lists(st.text(max_size=30), max_size=8))
def test_any_lines_are_read(lines: list[str]) -> None:
    codes = codes_of([*HEAD, *lines])
    assert codes["WC"] == "62 mots"
    assert words_line(lines) < len(lines)
