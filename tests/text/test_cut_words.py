import re
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from search.text import analyzer
from search.text.analyzer import exact_terms, normalise, stemmed, tokenise
from search.text.cut_words import cuts, whole_words

from .strategies import ANY_TEXT

CUT_TEXT = st.lists(
    st.sampled_from(
        ["-", "-\n", "- ", "¬", "¬\n", "\u00ad\n", "\u00ad ", "'", " ", " -", "\n", "1", "é", "E\u0301"]
    )
    | st.sampled_from(
        "mi neurs bas sin chef d'œuvre grand mère que et voi là RECONS vis à il Étienne".split()
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("la recons-\ntruction du pont", "la reconstruction du pont"),
        ("la recons- \n  truction du pont", "la reconstruction du pont"),
        ("une re-\ncons-\ntruction", "une reconstruction"),
        ("d'agri¬\nculture", "d'agriculture"),
        ("d'agri¬culture", "d'agriculture"),
        ("d'agri¬ culture", "d'agriculture"),
        ("l'agri\u00ad\nculture", "l'agriculture"),
        ("l'agri\u00ad culture", "l'agriculture"),
        ("RECONS-\nTRUCTION", "RECONSTRUCTION"),
        ("le chef-\nd'œuvre", "le chef-d'œuvre"),
        ("ma grand-\nmère", "ma grand-mère"),
        ("ma grand¬\nmère", "ma grand-mère"),
        ("à Saint-\nÉtienne", "à Saint-Étienne"),
        ("un vis-à-\nvis", "un vis-à-vis"),
        ("a-\nt-il dit", "a-t-il dit"),
        ("Les mi- neurs du bas- sin", "Les mineurs du bassin"),
        ("la Républi- que du mon- de", "la République du monde"),
        ("il a annon- cé les au- tres mai- sons, ain- si", "il a annoncé les autres maisons, ainsi"),
        ("l'agri- culture", "l'agriculture"),
        ("l’agri- culture", "l’agriculture"),
        ("le chef-\nd’œuvre", "le chef-d’œuvre"),
        ("une re- cons- truction", "une reconstruction"),
    ],
)
def test_cut_words_are_joined_and_true_hyphens_stay(text: str, expected: str) -> None:
    assert whole_words(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "les soins pré- et post-natals",
        "du mi- et fin-mai",
        "la prise de sous- ou surpoids",
        "ces termes- très sujets à caution",
        "une demi- douzaine, l'ex- chef, le rendez- vous",
        "L'exécutif -y compris le président- devrait parler",
        "à Paris- Orléans",
        "au PSG- selon lui",
        "le département- ferroviaire et routier",
        "de 1914-\n1918",
        "il vint -\npuis partit",
        "un mot-\n\nun autre",
        "p ¬ q, a - b",
        "nord-coréen",
    ],
)
def test_other_hyphens_cut_nothing(text: str) -> None:
    assert list(cuts(text)) == []


def test_a_joined_word_stands_where_its_halves_are() -> None:
    text = "La recons-\ntruction, les mi- neurs, un chef-\nd'œuvre."
    spans = [(token.term, text[token.start : token.end], token.position) for token in tokenise(text)]

    assert spans == [
        ("la", "La", 0),
        ("reconstruction", "recons-\ntruction", 1),
        ("les", "les", 2),
        ("mineurs", "mi- neurs", 3),
        ("un", "un", 4),
        ("chef-d'oeuvre", "chef-\nd'œuvre", 5),
        ("chef", "chef", 5),
        ("oeuvre", "œuvre", 6),
    ]


def test_a_phrase_goes_across_a_joined_word() -> None:
    assert exact_terms("la recons-\ntruction du pont") == exact_terms("la reconstruction du pont")
    assert [token.term for token in stemmed("les mi- neurs")] == [token.term for token in stemmed("mineurs")]


def test_a_cut_word_may_be_decomposed() -> None:
    text = unicodedata.normalize("NFD", "la pré-\nfecture, le thé-\nâtre")
    assert exact_terms(text) == ["la", "prefecture", "le", "theatre"]


@given(CUT_TEXT | ANY_TEXT)
def test_joining_removes_only_what_cuts_a_word(text: str) -> None:
    places = list(cuts(text))
    bounds = [bound for start, end, _ in places for bound in (start, end)]

    assert bounds == sorted(bounds)
    assert all(re.fullmatch("[-¬\u00ad][ \n]*", text[start:end]) for start, end, _ in places)
    assert all(text[start - 1].isalnum() or unicodedata.combining(text[start - 1]) for start, _, _ in places)
    assert all(text[end].isalnum() for _, end, _ in places)


@given(CUT_TEXT)
def test_cut_words_have_the_terms_of_whole_words(text: str) -> None:
    whole = whole_words(text)
    assume(not list(cuts(whole)))
    assert exact_terms(text) == exact_terms(whole)


@given(CUT_TEXT)
@example("a-en-\nfant")
def test_a_token_is_found_again_where_it_stands(text: str) -> None:
    for token in tokenise(text):
        assert token.term in [again.term for again in tokenise(text[token.start : token.end])]


@given(CUT_TEXT | ANY_TEXT)
@example("mu\u00adni\u200btions")
@example("e\u00ad\u0301tat")
@example("0\0ﬁ")
def test_a_text_without_cut_words_is_analysed_as_if_nothing_were_joined(text: str) -> None:
    plain = normalise(text).text
    if list(cuts(text.translate({0x2010: "-", 0x2011: "-"}))):
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analyzer, "cuts", lambda _: ())
        expected = list(tokenise(text)), normalise(text)
        assert normalise(text).text == plain
    assert (list(tokenise(text)), normalise(text)) == expected


@given(CUT_TEXT | ANY_TEXT)
def test_offsets_of_the_quick_way_are_those_of_clusters(text: str) -> None:
    quick = normalise(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analyzer, "_MARK", re.compile(""))
        clusters = normalise(text)
    assert quick == clusters
