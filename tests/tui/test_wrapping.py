import pytest
from textual.content import Content

from search.tui.format.wrapping import wrap

QUOTE = "Il répond\u00a0: «\u00a0Il en faut 10\u202f000\u00a0!\u00a0»"


@pytest.mark.parametrize("width", range(10, 30))
def test_no_line_ends_at_a_no_break_space(width: int) -> None:
    lines = [line.plain for line in wrap(Content(QUOTE), width)]
    assert "|".join(lines).replace("|", " ") == QUOTE


def test_styles_stay_at_their_words() -> None:
    content = Content.assemble("Il en faut ", ("10\u202f000", "bold"), "\u00a0!")
    lines = wrap(content, 12)
    assert [line.plain for line in lines] == ["Il en faut", "10\u202f000\u00a0!"]
    assert [(span.start, span.end) for span in lines[1].spans] == [(0, 6)]
