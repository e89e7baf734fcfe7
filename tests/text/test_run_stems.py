from hypothesis import given
from hypothesis import strategies as st

from search.text.analyzer import fold, normalise, run_texts, tokenise
from search.text.run_stems import content_stems

_PIECES = (
    "L'",
    "l’",
    "d'",
    "guerre",
    "Élysée",
    "lois",
    "nord-coréennes",
    "U.R.S.S.",
    "M.",
    "a.",
    "an",
    "3,5",
)
_TEXTS = st.lists(
    st.one_of(st.sampled_from((*_PIECES, ".", "..", "'", "-", " ")), st.text(max_size=3)), max_size=12
).map("".join)


@given(_TEXTS)
def test_the_stems_of_a_text_are_those_of_its_tokens(text: str) -> None:
    stems = [stem for run in run_texts(normalise(text)) for stem in content_stems(run)]
    tokens = [token for token in tokenise(text) if token.stem and not token.compound]
    assert stems == [token.stem for token in tokens if len(token.term) >= 3]


def test_a_point_at_the_end_of_a_word_changes_nothing() -> None:
    assert content_stems("guerres...") == content_stems("guerres") == ("guerr",)
    assert content_stems("U.R.S.S.") == ("urss",)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x250)))
def test_a_word_is_folded_letter_by_letter(word: str) -> None:
    assert fold(word) == "".join(map(fold, word))
