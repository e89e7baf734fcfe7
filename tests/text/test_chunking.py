import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.text import chunking
from search.text.chunking import (
    SLACK,
    TARGET,
    TITLE_LIMIT,
    encoded_text,
    parameters,
    passage_spans,
    repeats,
    text_hash,
)
from search.text.sentences import Span, paragraph_spans, sentence_spans

from .strategies import ANY_TEXT, LONG_TEXT

MOST = TARGET + SLACK
SENTENCE = "Le ministre a parlé de munitions. "  # 34 characters


def always(passage: str) -> bool:
    return True


def never(passage: str) -> bool:
    return False


def passages(body: str) -> list[str]:
    return [body[start:end] for start, end in passage_spans(body, always)]


def inside(inner: Span, outer: list[Span]) -> bool:
    return any(start <= inner[0] and inner[1] <= end for start, end in outer)


def paragraph(letter: str, length: int) -> str:
    return letter * length


def test_a_short_body_is_one_passage() -> None:
    assert passage_spans("\nUn obus.\n\nDeux obus.\n", always) == [(1, 21)]


def test_a_blank_body_is_one_passage_too() -> None:
    assert passage_spans(" \n ", always) == [(0, 3)]
    assert passage_spans("", always) == [(0, 0)]


def test_neighbouring_paragraphs_join_up_to_the_target() -> None:
    one, two, three = paragraph("a", 349), paragraph("b", 349), paragraph("c", 349)
    assert passages(f"{one}\n\n{two}\n\n{three}") == [f"{one}\n\n{two}", three]
    longer = paragraph("b", 350)
    assert passages(f"{one}\n\n{longer}\n\n{three}") == [one, f"{longer}\n\n{three}"]


def test_a_short_last_paragraph_joins_the_passage_before() -> None:
    long = paragraph("a", TARGET)
    assert passages(f"{long}\n\n{paragraph('b', SLACK - 2)}") == [f"{long}\n\n{paragraph('b', SLACK - 2)}"]
    assert passages(f"{long}\n\n{paragraph('b', SLACK - 1)}") == [long, paragraph("b", SLACK - 1)]


def test_a_paragraph_within_the_slack_is_kept_whole() -> None:
    text = (SENTENCE * 40)[:MOST]
    assert passages(text.strip()) == [text.strip()]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    body = (SENTENCE * 60).strip()
    assert passages(body) == [(SENTENCE * count).strip() for count in (20, 20, 20)]


def test_a_long_sentence_is_cut_between_words() -> None:
    body = "obus " * 200
    assert passages(body) == [("obus " * count).strip() for count in (140, 60)]


def test_a_word_without_end_is_cut_inside() -> None:
    assert passages("a" * (MOST + 1)) == ["a" * TARGET, "a" * (MOST + 1 - TARGET)]


def test_what_does_not_fit_is_halved_between_words() -> None:
    body = "un deux trois quatre"
    assert passage_spans(body, lambda text: len(text) <= 13) == [(0, 7), (8, 20)]
    assert passage_spans("abcdef", lambda text: len(text) <= 2) == [(0, 1), (1, 3), (3, 4), (4, 6)]
    assert passage_spans("ab c", never) == [(0, 1), (1, 2), (3, 4)]


@settings(deadline=None)
@given(ANY_TEXT | LONG_TEXT, st.integers(1, MOST))
@example("a " + "b" * MOST, 1)
@example("a" + " " * 2 * MOST + "b" * 2 * MOST, 700)
def test_no_text_is_lost_or_told_twice(body: str, budget: int) -> None:
    spans = passage_spans(body, lambda text: len(text) <= budget)
    bounds = list(itertools.chain.from_iterable(spans))
    assert bounds == sorted(bounds)
    assert [c for start, end in spans for c in body[start:end] if not c.isspace()] == [
        c for c in body if not c.isspace()
    ]


@settings(deadline=None)
@given(LONG_TEXT.filter(str.strip), st.integers(0, MOST))
def test_a_passage_fits_unless_it_is_one_character(body: str, budget: int) -> None:
    spans = passage_spans(body, lambda text: len(text.encode()) <= budget)
    assert all(len(body[start:end].encode()) <= budget or end - start == 1 for start, end in spans)


@settings(deadline=None)
@given(LONG_TEXT.filter(str.strip))
def test_passages_are_short_and_keep_paragraphs_and_sentences_whole(body: str) -> None:
    spans = passage_spans(body, always)
    assert all(0 < end - start <= MOST for start, end in spans)
    assert all(body[start:end] == body[start:end].strip() for start, end in spans)
    short = [span for span in paragraph_spans(body) if span[1] - span[0] <= MOST]
    assert all(inside(span, spans) for span in short)
    short = [span for span in sentence_spans(body) if span[1] - span[0] <= MOST]
    assert all(inside(span, spans) for span in short)


@settings(deadline=None)
@given(LONG_TEXT)
def test_neighbouring_passages_could_not_have_been_one(body: str) -> None:
    spans = passage_spans(body, always)
    assert all(last - first > TARGET for (first, _), (_, last) in itertools.pairwise(spans))


@settings(deadline=None)
@given(LONG_TEXT, st.integers(1, MOST))
def test_the_same_body_gives_the_same_passages(body: str, budget: int) -> None:
    def fits(text: str) -> bool:
        return len(text) <= budget

    assert passage_spans(body, fits) == passage_spans(body, fits)


def test_the_title_is_read_with_each_passage() -> None:
    assert encoded_text("Kim à Moscou", "Le train est arrivé.") == "Kim à Moscou\nLe train est arrivé."
    assert encoded_text("", "Le train.") == "Le train."
    assert encoded_text("t" * (TITLE_LIMIT + 1), "Fin.") == "t" * TITLE_LIMIT + "\nFin."


@pytest.mark.parametrize("title", ["Le train", "Le train…", "Le train est arrivé.", "Le train …"])
def test_a_title_made_from_the_passage_is_not_read_twice(title: str) -> None:
    assert repeats(title, "Le train est arrivé.")
    assert encoded_text(title, "Le train est arrivé.") == "Le train est arrivé."


def test_a_title_that_says_more_is_read() -> None:
    assert not repeats("Le train de Kim", "Le train est arrivé.")
    assert not repeats("est arrivé", "Le train est arrivé.")


@given(st.text(), st.text())
def test_a_hash_identifies_an_encoded_text(one: str, other: str) -> None:
    assert len(text_hash(one)) == 16
    assert (text_hash(one) == text_hash(other)) == (one == other)


def test_the_hash_of_a_text_is_the_same_on_every_machine() -> None:
    assert text_hash("munitions").hex() == "1d7a4244ca817f7ff12d4fb02d0fc13a"


@pytest.mark.parametrize("name", ["TARGET", "SLACK", "TITLE_LIMIT"])
def test_other_parameters_have_another_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = parameters()
    monkeypatch.setattr(chunking, name, getattr(chunking, name) + 1)
    assert parameters() != before
