"""The pure parts of scripts/benchmarks: what makes its figures comparable from run to run."""

from itertools import islice

import numpy as np
import pytest
from benchmarks import compose, contest, questions
from benchmarks.hybrid_peers import reciprocal_ranks
from benchmarks.stand_in import StandIn
from hypothesis import given
from hypothesis import strategies as st

from search.retrieval.evaluation import JudgedQuery
from search.text.chunking import text_hash
from search.types import Article

RECORDS = [
    {"title": "Un train", "text": "Le train part. Il est tard.\n\nLa nuit tombe."},
    {"title": "Un bac", "text": "Le bac coule."},
]


def test_articles_are_taken_apart_by_paragraph_and_sentence() -> None:
    stock = compose.stock(iter(RECORDS))
    assert stock.sentences == ["Le train part.", "Il est tard.", "La nuit tombe.", "Le bac coule."]
    assert stock.shapes == [(2, 1), (1,)]


def test_composed_articles_are_the_same_each_time_and_made_of_real_sentences() -> None:
    stock = compose.stock(iter(RECORDS))
    first, again = (list(compose.composed(stock, 20)) for _ in range(2))
    assert first == again
    assert len(first) == 20  # each of these is one passage
    assert {record["title"] for record in first} == {"Un train", "Un bac"}
    words = {sentence for record in first for sentence in record["text"].replace("\n\n", " ").split(". ")}
    assert {word.rstrip(".") for word in words} == {sentence.rstrip(".") for sentence in stock.sentences}


def test_questions_come_from_titles_and_are_the_same_each_time() -> None:
    articles = [
        Article("1", "La grève des trains reprend lundi à Lyon", "Un corps."),
        Article("2", "Le, la, les", "Un corps."),
        Article("3", "Un corps", "Un corps."),
    ]
    sets = questions.from_titles(articles, 5)
    assert sets == questions.from_titles(articles, 5)
    assert sets["headline"] == [JudgedQuery("1", "La grève des trains reprend lundi à Lyon")]
    (short,) = sets["short"]
    assert short.text in "grève trains reprend lundi Lyon"
    assert 1 <= len(short.text.split()) <= 3


def test_a_sample_keeps_the_order_and_takes_all_when_there_are_few() -> None:
    queries = [JudgedQuery(str(number), "mot") for number in range(50)]
    chosen = [int(query.id) for query in questions.sample(queries, 7)]
    assert chosen == sorted(set(chosen))
    assert questions.sample(queries, 500) == queries


def test_known_vectors_are_given_and_others_made_of_the_text_alone() -> None:
    known = np.eye(8, dtype=np.float32)[0]
    encoder = StandIn("stand-in", 8, {text_hash("connu"): known})
    other = encoder.encode_passages(["connu", "autre", "encore"])
    assert other[0].tolist() == known.tolist()
    assert np.linalg.norm(other, axis=1) == pytest.approx([1, 1, 1])
    assert StandIn("again", 8, {}).encode_query("autre").tolist() == other[1].tolist()
    assert other[1].tolist() != other[2].tolist()


def test_reciprocal_ranks_add_up() -> None:
    assert reciprocal_ranks([1, 2, 3], [3, 4]) == [3, 1, 2, 4]  # 2 and 4: equal ranks, the lower row first


@given(st.lists(st.permutations(range(6)), min_size=1, max_size=3))
def test_every_row_of_a_ranking_is_kept_once(rankings: list[list[int]]) -> None:
    assert sorted(reciprocal_ranks(*rankings)) == list(range(6))
    assert reciprocal_ranks(rankings[0]) == rankings[0]


def test_ndcg_counts_questions_without_a_good_answer() -> None:
    judged = {"1": {"a": 1}, "2": {"b": 1}}
    assert contest.ndcg({"1": ["a", "x"], "2": ["x", "b"]}, judged) == pytest.approx(
        (1 + 1 / np.log2(3)) / 2, abs=1e-4
    )
    assert contest.ndcg({"1": ["a"], "2": []}, judged) == 0.5


def test_percentiles_are_of_all_the_times() -> None:
    assert contest.percentiles(list(islice(range(101), 101))) == {"p50": 50.0, "p95": 95.0}
