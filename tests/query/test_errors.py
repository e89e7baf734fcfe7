import re
import unicodedata
from datetime import date
from time import perf_counter

import pytest
from hypothesis import example, given

from search.errors import QueryError
from search.query.ast import Query
from search.query.parser import parse

from .strategies import ANY_TEXT

TODAY = date(2023, 9, 15)
FIELDS = (
    "the fields are titre: title: source: rubrique: section: auteur: author: page: lieu: place: mot-clé: "
    "keyword: date: depuis: since: avant: before: mots: words: dossier: étiquette: tag: lu: read:"
)
DATES = "write 2023, 2023-09, 2023-09-11, 12/09/2023, septembre-2023, hier or 7j"
SHORTER = "keep only the important words; munit* counts as 4 words, *mot*, mot~, m?t as 25"
PATTERN = "write more of the word, such as muni* or r?ssie, or remove it"
HOSTILE = [
    "(",
    ")",
    '"',
    "a ",
    "a",
    "a.",
    "?",
    "a*",
    "*",
    "a,",
    "^",
    "a^",
    "~",
    "a~",
    "SAUF ",
    "+-",
    "- ",
    "a:",
]
HOSTILE += ["http:", "a? ", "aa?!!", "e\u0301", "1,", "@#", "date:2023 ", "«", "“”", "-(", "a OU ", "\u037e"]


def error(text: str) -> tuple[str, int, str]:
    with pytest.raises(QueryError) as caught:
        parse(text, TODAY)
    return str(caught.value), caught.value.position, caught.value.suggestion


@pytest.mark.parametrize(
    ("text", "message", "position", "suggestion"),
    [
        ('chars "obus', "This quote is never closed.", 6, 'add a closing "'),
        ("chars «obus", "This quote is never closed.", 6, "add a closing »"),
        ("“a” “obus", "This quote is never closed.", 4, "add a closing ”"),
        ("„obus", "This quote is never closed.", 0, "add a closing ”"),
        ("obus» chars", "This quote is never opened.", 4, "add an opening «"),
        ("obus”", "This quote is never opened.", 4, "add an opening “"),
        ('a ""', "These quotes contain no word.", 2, "write words between them or remove them"),
        ("« ?! »", "These quotes contain no word.", 0, "write words between them or remove them"),
        ("a (b (c", "This bracket is never closed.", 5, "add a closing )"),
        ("a (b) c)", "This bracket is never opened.", 7, "add an opening ( or remove it"),
        ("a ()", "These brackets contain no word.", 2, "write words between them or remove them"),
        ("a ( ? )", "These brackets contain no word.", 2, "write words between them or remove them"),
        (
            "ET Russie",
            "ET has nothing before it.",
            0,
            "write a word before it, or write et if it is not an operator",
        ),
        (
            "a (OU b)",
            "OU has nothing before it.",
            3,
            "write a word before it, or write ou if it is not an operator",
        ),
        (
            "Russie ET",
            "ET has nothing after it.",
            7,
            "write a word after it, or write et if it is not an operator",
        ),
        (
            "(A AND ) B",
            "AND has nothing after it.",
            3,
            "write a word after it, or write and if it is not an operator",
        ),
        (
            "A ET OU B",
            "ET has nothing after it.",
            2,
            "write a word after it, or write et if it is not an operator",
        ),
        (
            "A SAUF",
            "SAUF has nothing after it.",
            2,
            "write a word after it, or write sauf if it is not an operator",
        ),
        (
            "NOT OR B",
            "NOT has nothing after it.",
            0,
            "write a word after it, or write not if it is not an operator",
        ),
        ("A -ET B", "- has nothing after it.", 2, "write a word after it"),
        ("a foo:bar", "foo: is not a field.", 2, FIELDS),
        ("titer:bar", "titer: is not a field.", 0, f"did you mean titre:? {FIELDS}"),
        ("sorce:AFP", "sorce: is not a field.", 0, f"did you mean source:? {FIELDS}"),
        ("foo:-bar", "foo: is not a field.", 0, FIELDS),
        ("a source:", "source: needs a word or a phrase.", 2, 'write it right after: source:"deux mots"'),
        ("titre: Kim", "titre: needs a word or a phrase.", 0, 'write it right after: titre:"deux mots"'),
        ("(titre:)", "titre: needs a word or a phrase.", 1, 'write it right after: titre:"deux mots"'),
        ("titre:? b", "titre: needs a word or a phrase.", 0, None),
        ("titre:-Kim", "titre: needs a word or a phrase.", 0, 'write it right after: titre:"deux mots"'),
        ("titre:source:AFP", "titre: needs a word or a phrase.", 0, None),
        ("Depuis: 7j", "Depuis: needs a date.", 0, "write it right after: Depuis:2023-09"),
        ('a date:"2023"', "date: needs a date.", 2, "write it right after: date:2023-09"),
        (
            "a titre:(b source:AFP)",
            "titre: contains another field.",
            2,
            "write the fields one after the other",
        ),
        ("titre:(b date:2023)", "titre: contains another field.", 0, "write the fields one after the other"),
        ("dossiers:A", "dossiers: is not a field.", 0, f"did you mean dossier:? {FIELDS}"),
        (
            "a dossier: b",
            "dossier: needs a word or a phrase.",
            2,
            'write it right after: dossier:"deux mots"',
        ),
        ("tag:arm*", "tag: needs the whole name of a dossier.", 0, 'write it right after: tag:"deux mots"'),
        ("dossier:** a", "A pattern needs at least 2 letters.", 8, PATTERN),
        ("a lu:", "lu: needs oui or non.", 2, "write lu:oui or lu:non"),
        ("lu:peut-être", "lu: needs oui or non.", 0, "write lu:oui or lu:non"),
        ('a read:"oui"', "read: needs oui or non.", 2, "write lu:oui or lu:non"),
        ("titre:(a lu:oui)", "titre: contains another field.", 0, "write the fields one after the other"),
        ("dossier:(tag:a b)", "dossier: contains another field.", 0, "write the fields one after the other"),
        ("a date:2023-02-30", '"2023-02-30" is not an existing date.', 7, DATES),
        ("date:2023..2024-13", '"2024-13" is not an existing date.', 11, DATES),
        ("date:>=demain", '"demain" is not an existing date.', 7, DATES),
        ("depuis:toujours", '"toujours" is not an existing date.', 7, DATES),
        ("a date:2023-09-30..hier", "This range ends before it begins.", 7, "write hier..2023-09-30"),
        ("date:..", "This range has no date.", 5, "write 2023-09-11..2023-09-30, 2023-09.. or ..2022"),
        ("date:>9999", "There is no day beyond 9999-12-31.", 5, DATES),
        ("avant:0001", "There is no day beyond 0001-01-01.", 6, DATES),
        ("a b^0", "A boost is a number above 0, up to 100.", 3, "write ^2 or ^0.5"),
        ("b^101", "A boost is a number above 0, up to 100.", 1, "write ^2 or ^0.5"),
        ("b^", "A boost is a number above 0, up to 100.", 1, "write ^2 or ^0.5"),
        ("b^-1", "A boost is a number above 0, up to 100.", 1, "write ^2 or ^0.5"),
        ("b^inf", "A boost is a number above 0, up to 100.", 1, "write ^2 or ^0.5"),
        ("(a b^20)^10", "A boost is a number above 0, up to 100.", 8, "write ^2 or ^0.5"),
        ("a b~3", "A word allows 1 or 2 misspelt letters.", 3, "write ~1 or ~2"),
        ("b~x", "A word allows 1 or 2 misspelt letters.", 1, "write ~1 or ~2"),
        ('"a b"~', "A distance is a number of words, from 1 to 9999.", 5, "write ~8"),
        ('"a b"~0', "A distance is a number of words, from 1 to 9999.", 5, "write ~8"),
        ('"a b"~10000', "A distance is a number of words, from 1 to 9999.", 5, "write ~8"),
        ("(a b)~8", "~8 has no effect here.", 5, "write it right after a word, or remove it"),
        ("munit*~2", "~2 has no effect here.", 6, "write it right after a word, or remove it"),
        ("mot^2^3", "^3 has no effect here.", 5, "write it right after a word, or remove it"),
        ("a *", "A pattern needs at least 2 letters.", 2, PATTERN),
        ("a* b", "A pattern needs at least 2 letters.", 0, PATTERN),
        ("??", "A pattern needs at least 2 letters.", 0, PATTERN),
        (
            "(" * 51 + "a" + ")" * 51,
            "Brackets are nested more than 50 levels deep.",
            50,
            "use fewer brackets",
        ),
        ("mot " * 257, "The query has more than 256 words.", 1024, SHORTER),
        (f'a "{"mot " * 256}"', "The query has more than 256 words.", 2, SHORTER),
        ("munit* " * 65, "The query has more than 256 words.", 7 * 64, SHORTER),
        ("a " * 7 + "mu* " * 10, "The query has more than 256 words.", 14 + 4 * 9, SHORTER),
        ("mot~ " * 10, "The query has more than 256 words.", 5 * 9 + 3, SHORTER),
        ('"a b"~8 ' * 10, "The query has more than 256 words.", 8 * 9 + 5, SHORTER),
        ("x m" + "o" * 64 + "*", "A pattern or misspelt word has at most 64 letters.", 2, "shorten it"),
        ("x " + "ﷺ" * 4 + "~", "A pattern or misspelt word has at most 64 letters.", 2, "shorten it"),
        ("ﷺ" * 600, "The query is longer than 10000 characters.", 600, "shorten it"),
        ("a" * 10_001, "The query is longer than 10000 characters.", 10_000, "shorten it"),
    ],
)
def test_errors_say_what_where_and_what_to_write(
    text: str, message: str, position: int, suggestion: str | None
) -> None:
    said, at, hint = error(text)
    assert (said, at) == (message, position)
    assert suggestion is None or hint == suggestion


def test_positions_count_the_characters_typed() -> None:
    decomposed = unicodedata.normalize("NFD", "été à Évry foo:bar")
    assert error(decomposed)[1] == decomposed.index("foo")
    assert error(decomposed.replace("foo:bar", '"'))[1] == len(decomposed) - len("foo:bar")


def test_a_field_name_with_decomposed_accents_is_read_whole() -> None:
    assert error(unicodedata.normalize("NFD", "été:x"))[:2] == ("été: is not a field.", 0)


def outcome(text: str) -> Query | QueryError:
    try:
        return parse(text, TODAY)
    except QueryError as error:
        return error


def check(text: str) -> None:
    match outcome(text):
        case Query(raw):
            assert raw == re.sub("[\ud800-\udfff]", "\ufffd", text)
        case error:
            assert 0 <= error.position <= len(text)
            assert error.suggestion


@given(ANY_TEXT)
@example("date:9999a..")
@example("date:0000")
@example("a^" + "9" * 5000)
@example('"a b"~' + "9" * 5000)
@example("date:" + "9" * 5000)
@example("\ud800")
def test_any_text_is_a_query_or_an_error_inside_it(text: str) -> None:
    check(text)


@pytest.mark.parametrize("piece", HOSTILE)
def test_long_hostile_queries_are_answered_at_once(piece: str) -> None:
    started = perf_counter()
    check(piece * (10_000 // len(piece)))
    assert perf_counter() - started < 1
