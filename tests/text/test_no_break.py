from hypothesis import given
from hypothesis import strategies as st

from search.text.no_break import hold, release


def test_what_is_held_is_no_white_space_and_comes_back() -> None:
    text = "«\u00a010\u202f000\u00a0»"
    assert len(hold(text).split()) == 1
    assert release(hold(text)) == text


@given(st.text())
def test_no_offset_moves(text: str) -> None:
    assert len(hold(text)) == len(release(text)) == len(text)
