from pathlib import Path

import pytest

from search.keyword import array_file, fields, whoosh_schema
from search.keyword.postings import FieldArrays
from search.text.analyzer import stemmed, tokenise
from search.types import Article

from .corpus import index_of


def test_the_analyser_gives_terms_at_their_places_a_gap_at_a_separator() -> None:
    analyser = whoosh_schema.FrenchAnalyzer(tokenise)
    text = f"le nord-coréen{fields.SEPARATOR}l'obus"
    found = [(token.text, token.pos) for token in analyser(text, positions=True)]
    assert found == [("le", 0), ("nord-coreen", 1), ("nord", 1), ("coreen", 2), ("obus", 102)]


def test_stop_words_leave_their_place_empty_in_stemmed_fields() -> None:
    found = [
        (token.text, token.pos) for token in whoosh_schema.FrenchAnalyzer(stemmed)("les obus de la Russie")
    ]
    assert found == [("obus", 1), ("russe", 4)]


@pytest.mark.parametrize(("title", "times"), [("Un cargo", 1), ("Un cargo…", 1), ("Le cargo", 2)])
def test_a_title_that_the_body_repeats_counts_once(tmp_path: Path, title: str, times: int) -> None:
    with index_of(tmp_path, [Article("a", title, "Un cargo appareille.")]) as press:
        arrays = array_file.open_arrays(press.path)
        found = FieldArrays(arrays, arrays, "exact").postings("cargo")
    assert found.counts.tolist() == [times]
