"""RTF as text."""

import pytest

from search.corpus.record import BadRecord
from search.corpus.rich_text import rtf_text


def test_paragraphs_cells_and_letters_become_text() -> None:
    rtf = r"{\rtf1\ansi\ansicpg1252 L\'e9o\par \u339?uf \u-10179?\u-8704?\par HD\cell Un\cell\row}"
    assert rtf_text(rtf) == "Léo\nœuf \N{GRINNING FACE}\nHD|Un|\n"


def test_a_link_is_its_words() -> None:
    rtf = r'{\rtf1 Un {\field{\*\fldinst{HYPERLINK "http://exemple.fr"}}{\fldrslt lien}}.}'
    assert rtf_text(rtf) == "Un lien."


def test_broken_rtf_is_refused() -> None:
    with pytest.raises(BadRecord, match="too broken"):
        rtf_text(r"{\rtf1\uc Un}")
