from hypothesis import given
from hypothesis import strategies as st

from search.text.versions import own_sentences

FIRST = "Un train déraille. Il y a deux blessés.\n\nLe trafic est arrêté."
SECOND = "Un train  déraille. Il y a trois blessés. Le trafic est arrêté. Il reprend ce soir."


def test_only_the_sentences_that_the_other_lacks_are_told_in_their_order() -> None:
    assert own_sentences(SECOND, FIRST) == ["Il y a trois blessés.", "Il reprend ce soir."]
    assert own_sentences(FIRST, SECOND) == ["Il y a deux blessés."]


@given(st.text())
def test_a_text_has_nothing_of_its_own_beside_itself(text: str) -> None:
    assert own_sentences(text, text) == []
