import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.text import chunking
from search.text.chunking import (
    SLACK,
    TARGET,
    TITLE_LIMIT,
    Fits,
    encoded_text,
    own_title,
    parameters,
    passage_spans,
    text_hash,
)
from search.text.sentences import Span, paragraph_spans, sentence_spans
from search.types import Article

from .strategies import ANY_TEXT, LONG_TEXT

MOST = TARGET + SLACK
SENTENCE = "Le ministre a parlé de munitions. "  # 34 characters


def always(start: int, end: int) -> bool:
    return True


def never(start: int, end: int) -> bool:
    return False


def up_to(budget: int) -> Fits:
    return lambda start, end: end - start <= budget


def passages(body: str) -> list[str]:
    return [body[start:end] for start, end in passage_spans(body, always)]


def inside(inner: Span, outer: list[Span]) -> bool:
    return any(start <= inner[0] and inner[1] <= end for start, end in outer)


def paragraph(letter: str, length: int) -> str:
    return letter * length


def test_a_short_body_is_one_passage() -> None:
    assert passage_spans("\nUn obus.\n\nDeux obus.\n", always) == [(1, 21)]


@pytest.mark.parametrize("cut", ["recons-\ntruction", "recons- truction", "recons¬ \ntruction"])
def test_no_passage_ends_inside_a_cut_word(cut: str) -> None:
    for before in range(TARGET - 20, TARGET):
        body = f"{'a' * (before - 2)} b {cut} {'c' * SLACK} d"
        assert any(cut in passage for passage in passages(body)), before


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
    one, two = (SENTENCE * 40)[: MOST - 1] + ".", paragraph("b", TARGET)
    assert passages(f"{one}\n\n{two}") == [one, two]


def test_a_sentence_within_the_slack_is_kept_whole() -> None:
    one, two = f"{('obus ' * 170)[:-1]}.", f"{('Obus ' * 170)[:-1]}."
    assert passages(f"{one} {two}") == [one, two]


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
    assert passage_spans(body, up_to(13)) == [(0, 7), (8, 20)]
    assert passage_spans("abcdef", up_to(2)) == [(0, 1), (1, 3), (3, 4), (4, 6)]
    assert passage_spans("ab c", never) == [(0, 1), (1, 2), (3, 4)]


@given(ANY_TEXT | LONG_TEXT, st.integers(1, MOST))
@example("a " + "b" * MOST, 1)
@example("a" + " " * 2 * MOST + "b" * 2 * MOST, 700)
def test_no_text_is_lost_or_repeated(body: str, budget: int) -> None:
    spans = passage_spans(body, up_to(budget))
    bounds = list(itertools.chain.from_iterable(spans))
    assert bounds == sorted(bounds)
    assert [c for start, end in spans for c in body[start:end] if not c.isspace()] == [
        c for c in body if not c.isspace()
    ]


@given(LONG_TEXT.filter(str.strip), st.integers(0, MOST))
def test_a_passage_fits_unless_it_is_one_character(body: str, budget: int) -> None:
    spans = passage_spans(body, lambda start, end: len(body[start:end].encode()) <= budget)
    assert all(len(body[start:end].encode()) <= budget or end - start == 1 for start, end in spans)


@given(LONG_TEXT.filter(str.strip))
def test_passages_are_short_and_keep_paragraphs_and_sentences_whole(body: str) -> None:
    spans = passage_spans(body, always)
    assert all(0 < end - start <= MOST for start, end in spans)
    assert all(body[start:end] == body[start:end].strip() for start, end in spans)
    short = [span for span in paragraph_spans(body) if span[1] - span[0] <= MOST]
    assert all(inside(span, spans) for span in short)
    short = [span for span in sentence_spans(body) if span[1] - span[0] <= MOST]
    assert all(inside(span, spans) for span in short)


@given(LONG_TEXT)
def test_neighbouring_passages_could_not_have_been_one(body: str) -> None:
    spans = passage_spans(body, always)
    assert all(last - first > TARGET for (first, _), (_, last) in itertools.pairwise(spans))


@given(LONG_TEXT, st.integers(1, MOST))
def test_the_same_body_gives_the_same_passages(body: str, budget: int) -> None:
    assert passage_spans(body, up_to(budget)) == passage_spans(body, up_to(budget))


BODY = "Le train est arrivé. Il repart."


def test_the_title_is_read_with_each_passage() -> None:
    article = Article("1", "Kim à Moscou", BODY)
    assert encoded_text(article, 0, 20) == "Kim à Moscou\nLe train est arrivé."
    assert encoded_text(article, 21, 31) == "Kim à Moscou\nIl repart."
    assert encoded_text(Article("1", "", BODY), 21, 31) == "Il repart."


def test_cut_words_are_read_whole() -> None:
    body = "Les mi- neurs du bas-\nsin, le chef-\nd’œuvre."
    assert encoded_text(Article("1", "", body), 0, len(body)) == "Les mineurs du bassin, le chef-d’œuvre."


def test_a_long_title_is_read_in_part() -> None:
    article = Article("1", "t" * (TITLE_LIMIT + 1), BODY)
    assert encoded_text(article, 21, 31) == "t" * TITLE_LIMIT + "\nIl repart."


@pytest.mark.parametrize("title", ["", "Le train", "Le train…", "Le train est arrivé.", "Le train …", BODY])
def test_a_title_made_from_the_body_is_never_read(title: str) -> None:
    article = Article("1", title, BODY)
    assert own_title(article) == ""
    assert encoded_text(article, 0, 20) == "Le train est arrivé."
    assert encoded_text(article, 21, 31) == "Il repart."


@pytest.mark.parametrize("title", ["Le train de Kim", "est arrivé", "Le train est arrivé… Il repart."])
def test_a_title_that_says_more_is_read(title: str) -> None:
    article = Article("1", title, BODY)
    assert own_title(article) == title
    assert encoded_text(article, 21, 31) == f"{title}\nIl repart."


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


def test_another_rule_for_cut_words_has_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    before = parameters()
    monkeypatch.setattr(chunking, "whole_words", str)
    assert parameters() != before


@pytest.mark.parametrize(
    ("title", "body", "shown"),
    [
        ("La crue de la Sorgue", "La crue de\nla Sorgue a surpris Valmont.", ""),
        ("La crue de la…", "La crue de\nla Sorgue a surpris Valmont.", ""),
        ("La crue", "Une crue de la Sorgue.", "La crue"),
    ],
)
def test_a_title_made_from_the_beginning_is_not_encoded_twice(title: str, body: str, shown: str) -> None:
    assert chunking.own_title(Article("a", title, body)) == shown
