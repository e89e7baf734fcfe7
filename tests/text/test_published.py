"""Dates of articles, as exports write them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.dates import MONTHS, DayRange, partial_date, published_days
from search.text.published import parse_published

from .strategies import ANY_TEXT


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("2023", "2023"),
        ("2023-9", "2023-09"),
        ("12/09/2023", "2023-09-12"),
        ("2023-09-12T14:05:33Z", "2023-09-12T14:05"),
        ("2023-09-12 14:05:33.123+02:00", "2023-09-12T14:05"),
        ("2023-09-12T23:59 -0500", "2023-09-12T23:59"),
        ("12 septembre 2023 8h05", "2023-09-12T08:05"),
        ("septembre 2023", "2023-09"),
        ("1er décembre 2023\n", "2023-12-01"),
        ("2023-09T10:00", "2023-09"),
        ("Montag, 12. März 2018", "2018-03-12"),
        ("4. Dezember 1989 7:30 Uhr", "1989-12-04T07:30"),
        ("martes, 3 de octubre de 2017", "2017-10-03"),
        ("giovedì 21 luglio 2016", "2016-07-21"),
    ],
)
def test_published_has_one_form(text: str, published: str) -> None:
    assert parse_published(text) == published


@pytest.mark.parametrize("text", ["2023-09-12T24:00", "2023-09-12 14:60", "14:05", "2023-09-12T14", "le 12"])
def test_a_time_that_cannot_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"hour|minute|is not a date"):
        parse_published(text)


@given(st.dates())
def test_a_valid_day_comes_back(day: date) -> None:
    assert parse_published(day.isoformat()) == day.isoformat()
    assert parse_published(f"{day.day}/{day.month}/{day.year:04}") == day.isoformat()
    assert parse_published(f"{day.day} {MONTHS[day.month - 1]} {day.year:04}") == day.isoformat()
    assert published_days(day.isoformat()) == DayRange(day, day)


@given(st.datetimes())
def test_a_valid_time_comes_back_by_the_minute(moment: datetime) -> None:
    published = parse_published(moment.isoformat())
    assert published == moment.isoformat(timespec="minutes")
    assert parse_published(published) == published
    assert published_days(published) == DayRange(moment.date(), moment.date())


@given(st.dates(max_value=date(9998, 12, 31)))
def test_a_valid_month_or_year_comes_back_with_all_its_days(day: date) -> None:
    year, month = f"{day.year:04}", f"{day.year:04}-{day.month:02}"
    next_month = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    assert (parse_published(year), parse_published(month)) == (year, month)
    assert published_days(year) == DayRange(date(day.year, 1, 1), date(day.year, 12, 31))
    assert published_days(month) == DayRange(day.replace(day=1), next_month - timedelta(1))


@given(ANY_TEXT | st.text("0123456789-/.: hTZ+er", max_size=25))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    for read in (partial_date, parse_published):
        try:
            read(text)
        except ValueError as error:
            assert str(error)  # noqa: PT017 - most texts are no dates, and some are


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("12/09/2023 à 14h05", "2023-09-12T14:05"),
        ("lundi 12 septembre 2023", "2023-09-12"),
        ("mardi 12 septembre 2023 à 8h30", "2023-09-12T08:30"),
    ],
)
def test_a_date_may_be_written_as_in_a_page(written: str, published: str) -> None:
    assert parse_published(written) == published


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("3 janvier 2024 à 10h", "2024-01-03T10:00"),
        ("1-Mar-24", "2024-03-01"),
        ("Été 2023", "2023"),
        ("mars/avril 2012", "2012-03"),
        ("Fri, 01 Mar 87 18:05:00 CET", "1987-03-01T18:05"),
        ("1er août 2024 à 18 h 05", "2024-08-01T18:05"),
        ("Publié le 01 mars 2024 à 18h05", "2024-03-01T18:05"),
        ("14h30, le 3 mai 2024", "2024-05-03T14:30"),
        ("mardi 12 mars 2024 - 14:30:00 UTC +0100", "2024-03-12T14:30"),
        ("mer. 3 janv. 2024", "2024-01-03"),
        ("mar. 12 mars 2024", "2024-03-12"),
        ("12 mars 2024 mardi", "2024-03-12"),
        ("janvier-février 2024", "2024-01"),
        ("Fri, 01 Mar 2024 18:05:00 +0100", "2024-03-01T18:05"),
        ("Wed Mar 13 08:00:00 +0000 2024", "2024-03-13T08:00"),
        ("Thursday, March 7, 2024", "2024-03-07"),
        ("March 9, 2024 Saturday", "2024-03-09"),
        ("May 1st, 2024 2:05 PM", "2024-05-01T14:05"),
        ("12:05 a.m. March 1, 2024", "2024-03-01T00:05"),
        ("6 March 2024", "2024-03-06"),
        ("20240103", "2024-01-03"),
        ("20240103T064500Z", "2024-01-03T06:45"),
        ("20240311T093000+0000", "2024-03-11T09:30"),
        ("20240103064500", "2024-01-03T06:45"),
        ("2024/03/10/", "2024-03-10"),
        ("2024/03//", "2024-03"),
        ("03/01/24", "2024-01-03"),
        ("03/01/94", "1994-01-03"),
        ("5/13/2024", "2024-05-13"),
        ("21.11.1901", "1901-11-21"),
        ("1704270300", "2024-01-03T08:25"),
        ("1704270300000", "2024-01-03T08:25"),
        ("2024-03-01T18:05:00.000+01:00", "2024-03-01T18:05"),
    ],
)
def test_exports_write_dates_in_many_ways(written: str, published: str) -> None:
    assert parse_published(written) == published


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("Wed, 03 Jan 2024 10:05:00 +0100 (CET)", "2024-01-03T10:05"),
        ("Wed, 03 Jan 24 10:05:00 EST", "2024-01-03T10:05"),
        ("Wed Jan 03 2024 10:05:00 GMT+0100 (heure normale d’Europe centrale)", "2024-01-03T10:05"),
        ("2024-01-03T10:05:00+01:00[Europe/Paris]", "2024-01-03T10:05"),
        ("2024-01-03 10:05:00+01", "2024-01-03T10:05"),
        ("3 janvier 2024 à 10 heures 05", "2024-01-03T10:05"),
        ("20240103 10:05:00", "2024-01-03T10:05"),
        ("Publié le 3 janvier 2024 à 10h05, mis à jour le 4 janvier 2024 à 11h00", "2024-01-03T10:05"),
        ("Mis à jour le 4 janvier 2024 à 11h00", "2024-01-04T11:00"),
        ("mer. 03/01/2024", "2024-01-03"),
        ("3-janv-24", "2024-01-03"),
        ("3 janv. 85", "1985-01-03"),
        ("03 01 2024", "2024-01-03"),
        ("[1914]", "1914"),
        ("08/1914", "1914-08"),
        ("946684800", "2000-01-01T00:00"),
        ("3 janvier 2024 10:05 GMT+1", "2024-01-03T10:05"),
        ("2024-01-03 10:05:00 +0100 CET", "2024-01-03T10:05"),
        ("2024-01-03T100500Z", "2024-01-03T10:05"),
        ("2024-01-03 UTC", "2024-01-03"),
        ("2024-01-03+01:00", "2024-01-03"),
        ("10:05 - 03/01/2024", "2024-01-03T10:05"),
        ("10:05 -03/01/2024", "2024-01-03T10:05"),
        ("1914-08-00", "1914-08"),
        ("1914-00-00", "1914"),
        ("Paru le 3 janvier 2024", "2024-01-03"),
        ("samedi 6 et dimanche 7 janvier 2024", "2024-01-06"),
        ("1er-2 août 1914", "1914-08-01"),
        ("6/7 janvier 2024", "2024-01-06"),
    ],
)
def test_zones_remarks_and_short_forms_are_understood(written: str, published: str) -> None:
    assert parse_published(written) == published


@pytest.mark.parametrize("text", ["2023-02-30", "31/04/2023", "20230230", "30 février 2023", "2023-13-01"])
def test_a_day_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"month|day|is not a date"):
        parse_published(text)


@pytest.mark.parametrize(
    "text", ["s.d.", "demain", "412 mots", "1 mars 2024 412", "12 mars avril 2024", "12345", "mars", "3 mars"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date; write 2023"):
        parse_published(text)


@given(st.datetimes(min_value=datetime(1900, 1, 1)))
def test_words_in_two_languages_say_the_same(moment: datetime) -> None:
    expected = moment.isoformat(timespec="minutes")
    french = f"{moment.day} {MONTHS[moment.month - 1]} {moment.year} à {moment:%Hh%M}"
    assert parse_published(french) == parse_published(moment.strftime("%a, %d %b %Y %H:%M:%S")) == expected


@given(st.datetimes(min_value=datetime(2001, 9, 10), max_value=datetime(2200, 1, 1)))
def test_seconds_since_1970_are_told_in_utc(moment: datetime) -> None:
    seconds = int(moment.replace(tzinfo=UTC).timestamp())
    assert parse_published(str(seconds)) == moment.isoformat(timespec="minutes")
