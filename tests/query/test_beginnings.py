"""Passing over words by how they begin leaves out no match: marks are those of a search of every token."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.query import beginnings
from search.query.ast import Fuzzy, Leaf, Near, Phrase, Prefix, RankingWord, Wildcard, Word
from search.query.beginnings import RunFinder
from search.query.matcher import marks, pattern_test, within_edits
from search.text.analyzer import (
    Token,
    exact_terms,
    folded_pattern,
    normalise,
    runs,
    stems_matching,
    terms_of_run,
    tokenise,
    whole_term,
)
from search.text.irregular_words import EVERY_WORD
from search.text.proper_names import PROPER_NAMES
from search.text.snippets import Mark
from search.text.stopwords import STOP_WORDS
from search.text.verb_forms import PARTICIPLE_OF
from tests.query.strategies import words_patterns_and_phrases
from tests.test_sample import DISPATCHES
from tests.text.strategies import ANY_TEXT, FRENCH_WORDS

TRAPS = [
    "l'obus l’Obus d'Œuvres qu'œuvre O.B.U.S. o.b. nord-obus Obus-\nier mi- neurs “obus ”œuvre –obus",
    "1 000 obus, 1.000 3,5obus 10 000 3 000mot g20 G20 e-mail 1er ½ ¼ ² ㎞/h ﬁn ⅷ",
    "e\u0301lyse\u0301e o\u0301bus a\u0301obus ob\u00adus ob\u200bus obus\u00a0obus\u202fobus\tobus\nobus",
    "yeux viendra tiendra meurent mesdames messieurs impératrice déesse trice drice",
    "Straße straſe Łódź Ødegaard ødegaard đurić İstanbul ısı αβγ ΑΒΓ обус Ÿ ÿ ĳ ŉ ?obus mot?obus ¿obus",
    "obus_obus _obus 'obus' 'o'b obus.Obus obus..obus a.b.obus c.d.e.obus l'l'obus aujourd'hui presqu'île",
]
WORDS = [
    "obus",
    "yeux",
    "oeil",
    "venir",
    "élysée",
    "œuvre",
    "1000",
    "3,5",
    "g20",
    "urss",
    "Tours",
    "les",
    "αβγ",
]
PIECES = st.sampled_from(
    ["obus", "œ", "1 000", "l'", "O.B.", "e\u0301", "-", "“", " ", "\n", "?", "3,5", "ob\u00ad"]
)
TEXTS = st.lists(PIECES | ANY_TEXT | FRENCH_WORDS, max_size=12).map("".join)
PARTS = TEXTS | st.sampled_from(WORDS)
LEAVES = words_patterns_and_phrases(PARTS)


def _test(leaf: Leaf) -> Callable[[Token], bool]:
    match leaf:
        case Word(text):
            stems = {stem for typed in tokenise(text) for stem in _stems(typed, text)}
            return lambda token: token.stem in stems
        case Phrase(text) | Near(text, _):
            terms = set(exact_terms(text)) - STOP_WORDS
            return lambda token: token.term in terms
        case Prefix(text):
            prefix = folded_pattern(text)
            return lambda token: token.term.startswith(prefix)
        case Wildcard(text):
            is_like = pattern_test(folded_pattern(text))
            return lambda token: is_like(token.term)
        case Fuzzy(text, distance):
            whole = whole_term(text)
            return lambda token: within_edits(whole, token.term, distance)


def _stems(typed: Token, text: str) -> tuple[str, ...]:
    return stems_matching(typed.term, text[typed.start : typed.end])


def _says_something(leaf: Leaf) -> bool:
    match leaf:
        case Word(text):
            return any(_stems(typed, text) for typed in tokenise(text))
        case Phrase(text) | Near(text, _):
            return not set(exact_terms(text)) <= STOP_WORDS
        case _:
            return True


def _slow_marks(leaves: Sequence[Leaf], text: str) -> list[Mark]:
    """Every token of the text is compared with every leaf."""
    tests = list(map(_test, leaves))
    stop_words = set()
    if not any(map(_says_something, leaves)):
        typed = [leaf.text for leaf in leaves if isinstance(leaf, Word | Phrase | Near)]
        stop_words = {token.term for each in typed for token in tokenise(each)}
    found = []
    end = 0
    for token in tokenise(text):
        places = [place for place, matches in enumerate(tests) if matches(token)]
        places += [0] if token.term in stop_words else []
        if places and token.start >= end:
            end = token.end
            found.append(Mark(token.start, token.end, (places[0], token.stem or token.term)))
    return found


def _marks(leaves: Sequence[Leaf], text: str) -> list[Mark]:
    return list(marks([RankingWord(leaf) for leaf in leaves], text))


@pytest.mark.parametrize("title", [dispatch.fields["title"] for dispatch in DISPATCHES[::13]])
def test_marks_of_every_passage_of_the_sample_are_those_of_every_token(title: str) -> None:
    words = title.split()
    plain: list[Leaf] = [*map(Word, words)]
    patterns: list[Leaf] = [Phrase(title), Prefix(words[-1][:3]), Wildcard(f"{words[0][:2]}*")]
    for asked in (plain, [*patterns, *plain]):
        for dispatch in DISPATCHES:
            assert _marks(asked, dispatch.body) == _slow_marks(asked, dispatch.body)


@pytest.mark.parametrize("text", TRAPS)
@pytest.mark.parametrize("word", WORDS)
def test_no_sign_hides_a_match(text: str, word: str) -> None:
    for leaf in (Word(word), Phrase(word), Prefix(word[:2]), Wildcard(f"{word[:1]}?*"), Fuzzy(word, 1)):
        assert _marks([leaf], text) == _slow_marks([leaf], text)


@given(st.lists(LEAVES, max_size=4), TEXTS)
def test_marks_of_any_text_are_those_of_every_token(leaves: list[Leaf], text: str) -> None:
    assert _marks(leaves, text) == _slow_marks(leaves, text)


@given(TEXTS, st.data())
def test_no_run_is_passed_over_in_which_a_word_begins_so(text: str, data: st.DataObject) -> None:
    normal = normalise(text)
    terms = [(run.span(), token.term) for run in runs(normal) for token in terms_of_run(run[0])]
    asked = data.draw(st.sets(st.sampled_from(terms), max_size=3)) if terms else set()
    finder = RunFinder({beginnings.of_term(term) for _, term in asked})
    found = [run.span() for run in finder.runs(normal)]
    assert {span for span, _ in asked} <= set(found)
    assert found == sorted(set(found))
    assert set(found) <= {run.span() for run in runs(normal)}


@given(FRENCH_WORDS | ANY_TEXT)
@example("trice")
@example("drice")
def test_a_word_begins_as_its_stem_says(text: str) -> None:
    for token in tokenise(text):
        for stem in stems_matching(token.term, text[token.start : token.end]):
            assert beginnings.of_term(token.term) in beginnings.of_stem(stem)


def test_an_irregular_word_begins_as_its_stem_says() -> None:
    endings = ["", "s", "x", "e", "ee", "es", "er", "ent", "aux"]
    for word in {*EVERY_WORD, *PARTICIPLE_OF, *PROPER_NAMES}:
        for term in (word + ending for ending in endings):
            for stem in stems_matching(term):
                assert beginnings.of_term(term) in beginnings.of_stem(stem), term


def test_words_that_begin_otherwise_are_passed_over() -> None:
    normal = normalise("Le maire visite la forge de l'usine et les ouvriers.")
    assert [run[0] for run in RunFinder(["us", "ou"]).runs(normal)] == ["l'usine", "ouvriers."]
    assert not list(RunFinder([]).runs(normal))
