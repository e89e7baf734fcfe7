import unicodedata
from functools import partial
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.text import analyzer
from search.text.analyzer import (
    caching_terms,
    content_words,
    exact_terms,
    fingerprint,
    fold,
    folded_pattern,
    normalise,
    stemmed,
    tokenise,
    whole_term,
)
from search.text.stemmer import stem
from search.text.stopwords import STOP_WORDS

from .strategies import ANY_TEXT, FRENCH_WORDS

FORMS: list[Literal["NFC", "NFD"]] = ["NFC", "NFD"]


def stems(text: str) -> set[str]:
    return {token.term for token in stemmed(text)}


def surfaces(text: str) -> list[tuple[str, str]]:
    return [(token.term, text[token.start : token.end]) for token in tokenise(text)]


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def with_letters_apart(text: str) -> str:
    return text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l’Élysée, qu'ils", [("elysee", "Élysée"), ("ils", "ils")]),
        ("jusqu'à lorsqu’il", [("a", "à"), ("il", "il")]),
        ("puisqu'on quoiqu'en", [("on", "on"), ("en", "en")]),
        ("ç’a été, d'1,5 m", [("a", "a"), ("ete", "été"), ("1,5", "1,5"), ("m", "m")]),
        ("QU’EST D’ICI", [("est", "EST"), ("ici", "ICI")]),
        ("quelqu’un", [("quelqu'un", "quelqu’un")]),
        ("prud’homme presqu'île", [("prud'homme", "prud’homme"), ("presqu'ile", "presqu'île")]),
        ("d'O’Brien", [("o'brien", "O’Brien")]),
        ("d'aujourd'hui", [("aujourd'hui", "aujourd'hui")]),
        ("10 000 et 10\u202f000,5", [("10000", "10 000"), ("et", "et"), ("10000,5", "10\u202f000,5")]),
        ("15.6%", [("15,6", "15.6")]),
        ("en 2023 150 obus", [("en", "en"), ("2023", "2023"), ("150", "150"), ("obus", "obus")]),
        ("le 2023-09-11", [("le", "le"), ("2023", "2023"), ("09", "09"), ("11", "11")]),
        ("19h30, 1er, m²", [("19h30", "19h30"), ("1er", "1er"), ("m2", "m²")]),
        ("l'O.N.U. et l'U.R.S.S", [("onu", "O.N.U."), ("et", "et"), ("urss", "U.R.S.S")]),
        ("mu\u00adni\u200btions", [("munitions", "mu\u00adni\u200btions")]),
        ("mu\u00adnitions", [("munitions", "mu\u00adnitions")]),
        ("muni\0tions", [("munitions", "muni\0tions")]),
        ("e\u00ad\u0301tat", [("etat", "e\u00ad\u0301tat")]),
        ("E\u0301tat", [("etat", "E\u0301tat")]),
        ("la ﬁn…suite", [("la", "la"), ("fin", "ﬁn"), ("suite", "suite")]),
        ("a_b", [("a", "a"), ("b", "b")]),
        ("0\0ﬁ", [("0fi", "0\0ﬁ")]),
        ("a\0b", [("ab", "a\0b")]),
        ("% — « » …", []),
    ],
)
def test_words_and_where_they_stand(text: str, expected: list[tuple[str, str]]) -> None:
    assert surfaces(text) == expected


def test_a_compound_is_one_word_and_its_parts() -> None:
    tokens = [(token.term, token.position, token.compound) for token in tokenise("le Nord-Coréen d'ici")]
    assert tokens == [
        ("le", 0, False),
        ("nord-coreen", 1, True),
        ("nord", 1, False),
        ("coreen", 2, False),
        ("ici", 3, False),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dit-il", ["dit", "il"]),
        ("a-t-elle", ["a", "t", "elle"]),
        ("donne-m'en", ["donne", "en"]),
        ("rendez-vous", ["rendez-vous", "rendez", "vous"]),
        ("c’est-à-dire", ["est-a-dire", "est", "a", "dire"]),
        ("L’Haÿ‑les‐Roses", ["hay-les-roses", "hay", "les", "roses"]),
        ("aujourd’hui-même", ["aujourd'hui-meme", "aujourd'hui", "meme"]),
    ],
)
def test_a_verb_and_its_pronoun_are_no_compound(text: str, expected: list[str]) -> None:
    assert [token.term for token in tokenise(text)] == expected


def test_stop_words_keep_their_places_in_a_phrase() -> None:
    assert exact_terms("Être ou ne pas être") == ["etre", "ou", "ne", "pas", "etre"]
    assert stems("être ou ne pas être") == set()
    assert [(token.term, token.position) for token in stemmed("La Peste à Oran")] == [
        ("peste", 1),
        ("oran", 3),
    ]


def test_stop_words_are_terms_of_the_chain() -> None:
    assert {fold(word) for word in STOP_WORDS} == STOP_WORDS
    assert all(exact_terms(word) == [word] for word in STOP_WORDS)
    assert {"le", "les", "ou", "a", "meme", "tres", "deja", "etaient"} <= STOP_WORDS


@pytest.mark.parametrize("word", ["été", "avions", "fût", "Russie", "3", "Élysée"])
def test_words_that_people_search_are_no_stop_words(word: str) -> None:
    assert stems(word)


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Élysée", "elysee"),
        ("CŒUR", "coeur"),
        ("Æquo", "aequo"),
        ("Straße", "strasse"),
        ("Ǿ", "o"),
        ("ﬁn", "fin"),
    ],
)
def test_fold(word: str, folded: str) -> None:
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("words", "stemmed_as"), [("russe Russie russes", "russe"), ("munition munitions", "munit")]
)
def test_forms_of_a_word_share_a_stem(words: str, stemmed_as: str) -> None:
    assert stems(words) == {stemmed_as}


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Nord‑Coréens", "nord-coreens"),
        ("l’État", "etat"),
        ("O.N.U.", "onu"),
        ("3.5", "3,5"),
        ("dit-il", "dit il"),
        ("…", ""),
    ],
)
def test_a_word_alone_is_one_term(text: str, term: str) -> None:
    assert whole_term(text) == term


@pytest.mark.parametrize(
    ("pattern", "folded"),
    [
        ("Élys", "elys"),
        ("l’Élys", "elys"),
        ("aujourd’h", "aujourd'h"),
        ("d’artill?r*", "artill?r*"),
        ("nord‑c", "nord-c"),
        ("l'*", "l'*"),
    ],
)
def test_a_pattern_is_written_as_terms_are(pattern: str, folded: str) -> None:
    assert folded_pattern(pattern) == folded


def test_the_terms_of_the_latest_runs_are_kept_and_of_no_other() -> None:
    terms_of = caching_terms(2)
    runs = ["Munitions", "l'Élysée", "obus"]
    first = [terms_of(run) for run in runs]
    again = [terms_of(run) for run in reversed(runs)][::-1]
    assert again == first
    assert [one is other for one, other in zip(first, again, strict=True)] == [False, True, True]
    long = "a" * 1000
    assert terms_of(long) == terms_of(long)
    assert terms_of(long) is not terms_of(long)


@given(ANY_TEXT)
@example("Munitions nord-coréennes, munitions : l'U.R.S.S." + "a" * 100)
def test_a_cache_of_any_size_gives_the_same_tokens(text: str) -> None:
    expected = list(tokenise(text, analyzer.analyse_run))
    assert [list(tokenise(text, caching_terms(size))) for size in (1, 1 << 16)] == [expected] * 2
    assert list(tokenise(text)) == expected


def test_another_chain_has_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint()
    without_cache = partial(tokenise, terms_of=analyzer.analyse_run)
    monkeypatch.setattr(analyzer, "tokenise", without_cache)
    monkeypatch.setattr(analyzer, "STOP_WORDS", STOP_WORDS - {"le"})
    without_a_stop_word = fingerprint.__wrapped__()
    monkeypatch.setattr(analyzer, "stem", str.upper)
    assert len({before, without_a_stop_word, fingerprint.__wrapped__()}) == 3


@given(FRENCH_WORDS)
@example("Œuvre")
@example("L")
def test_every_spelling_of_a_word_gives_the_same_terms(word: str) -> None:
    spellings = [
        unicodedata.normalize("NFC", word),
        unicodedata.normalize("NFD", word),
        unicodedata.normalize("NFD", word.upper()),
        word.upper(),
        word.lower(),
        word.title(),
        without_accents(word),
        with_letters_apart(word),
    ]
    terms = [token.term for token in tokenise(word)]
    assert terms == [fold(word)]
    assert all([token.term for token in tokenise(spelling)] == terms for spelling in spellings)
    assert all(stems(spelling) == stems(word) for spelling in spellings)


@given(FRENCH_WORDS, st.sampled_from("'’ʼ´`"), FRENCH_WORDS)
def test_every_apostrophe_is_the_same(before: str, apostrophe: str, after: str) -> None:
    terms = [token.term for token in tokenise(f"{before}{apostrophe}{after}")]
    assert terms == [token.term for token in tokenise(f"{before}'{after}")]


@given(st.lists(FRENCH_WORDS, max_size=6), st.sampled_from(FORMS))
def test_plain_words_are_where_they_are_said_to_be(words: list[str], form: Literal["NFC", "NFD"]) -> None:
    text = unicodedata.normalize(form, "; ".join(words))
    tokens = list(tokenise(text))
    assert [token.position for token in tokens] == list(range(len(words)))
    assert [text[token.start : token.end] for token in tokens] == text.split("; ") if words else not tokens
    assert all(fold(text[token.start : token.end]) == token.term for token in tokens)


@given(ANY_TEXT)
@example("1¼")
@example("㎞/h")
def test_tokens_ascend_inside_any_text(text: str) -> None:
    tokens = list(tokenise(text))
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
    plain = [token.position for token in tokens if not token.compound]
    assert plain == list(range(len(plain)))
    positions = [token.position for token in tokens]
    assert positions == sorted(positions)


@given(ANY_TEXT)
def test_a_token_is_found_again_where_it_stands(text: str) -> None:
    for token in tokenise(text):
        assert token.term in [again.term for again in tokenise(text[token.start : token.end])]


@given(ANY_TEXT)
def test_terms_are_folded_and_hold_letters_or_digits(text: str) -> None:
    for token in tokenise(text):
        assert fold(token.term) == token.term
        assert any(map(str.isalnum, token.term))


@given(ANY_TEXT)
def test_content_words_are_the_tokens_without_stop_words_and_compounds(text: str) -> None:
    kept = [token for token in tokenise(text) if token.stem and not token.compound]
    assert [(word.term, word.stem) for word in content_words(text)] == [
        (word.term, word.stem) for word in kept
    ]


@given(ANY_TEXT)
def test_stemmed_are_the_tokens_that_are_no_stop_words(text: str) -> None:
    kept = [token for token in tokenise(text) if token.term not in STOP_WORDS]
    assert list(stemmed(text)) == [token._replace(term=stem(token.term)) for token in kept]


def test_folding_a_folded_letter_changes_nothing() -> None:
    letters = (chr(code) for code in range(0x20000) if not 0xD800 <= code < 0xE000)
    assert [c for c in letters if fold.__wrapped__(fold.__wrapped__(c)) != fold.__wrapped__(c)] == []


@given(st.text())
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT)
def test_normalised_characters_know_where_they_came_from(text: str) -> None:
    normal = normalise(text)
    if normal.starts is None or normal.ends is None:
        assert len(normal.text) == len(text)
        return
    assert len(normal.starts) == len(normal.ends) == len(normal.text)
    for character, start, end in zip(normal.text, normal.starts, normal.ends, strict=True):
        hyphen_of_cut_word = character == "-" and text[start:end] == "¬"
        assert hyphen_of_cut_word or character in normalise(text[start:end]).text
