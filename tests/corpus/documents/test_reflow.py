import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.corpus.documents.reflow import paragraphs

FULL = "Une ligne pleine de la colonne imprimée du journal"
PAGES = st.lists(st.text(st.sampled_from("aB1 .-\n»"), max_size=80), max_size=6)


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([f"{FULL}\n{FULL}\nfin.\nUne autre"], [f"{FULL} {FULL} fin.", "Une autre"]),
        ([f"{FULL}\ncourte\nsuite {FULL}"], [f"{FULL} courte suite {FULL}"]),
        ([f"{FULL}\n\nsuite"], [FULL, "suite"]),
        ([f"{FULL}.", f"{FULL}"], [f"{FULL}.", FULL]),
        ([f"{FULL} de M.\nModèle {FULL}"], [f"{FULL} de M. Modèle {FULL}"]),
        ([FULL, f"Armeil {FULL}"], [f"{FULL} Armeil {FULL}"]),
        ([f"{FULL} recons-", "truction"], [f"{FULL} reconstruction"]),
        ([f"{FULL}\n- 12 -", "13 / 20\nsuite\nPage 3"], [f"{FULL} suite"]),
        ([], []),
        (["", " \n "], []),
    ],
)
def test_lines_become_paragraphs(pages: list[str], expected: list[str]) -> None:
    assert list(paragraphs(pages)) == expected


def test_running_titles_are_no_text() -> None:
    pages = [
        f"Gazette Exemple, page {number}\n{FULL} {word}\nÀ suivre" for number, word in enumerate("abc", 1)
    ]
    assert list(paragraphs(pages)) == [" ".join(f"{FULL} {word}" for word in "abc")]


def test_a_line_at_the_edge_of_two_pages_is_text() -> None:
    assert list(paragraphs([f"Armeil.\n{FULL}.", f"Armeil.\n{FULL}."])) == [
        "Armeil.",
        f"{FULL}.",
        "Armeil.",
        f"{FULL}.",
    ]


@given(PAGES)
def test_paragraphs_are_lines_of_the_pages_in_order(pages: list[str]) -> None:
    found = list(paragraphs(pages))
    assert all(paragraph.strip() == paragraph != "" and "\n" not in paragraph for paragraph in found)
    letters = [character for page in pages for character in page if character.isalpha()]
    rest = iter(letters)
    assert all(character in rest for paragraph in found for character in paragraph if character.isalpha())
