from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.keyword import array_file, inverter
from search.keyword.block_inverter import InvertedBlock
from search.keyword.fields import FIRST_ROWS
from search.keyword.lexicon import Lexicon
from search.keyword.names import EDGE
from search.keyword.postings import (
    NO_POSTINGS,
    BodyField,
    FieldArrays,
    Postings,
    mean_length,
    merge_postings,
)
from search.text.analyzer import Token, stemmed, tokenise
from search.text.stemmer import stem
from search.text.stopwords import STOP_WORDS
from search.types import Article

from .corpus import Press, cut, index_of, posted, random_articles

ARTICLES = (
    Article("a", "Le canon", "canon, obus, canon et canonnade"),
    Article("b", "Le front", "un obus au front"),
    Article("c", "", "canonnier"),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with index_of(tmp_path_factory.mktemp("arrays"), ARTICLES) as press:
        return press.path


def field(path: Path, name: str) -> FieldArrays:
    arrays = array_file.open_arrays(path)
    return FieldArrays(arrays, array_file.open_slices(path, arrays), name)


def body(path: Path) -> BodyField:
    return BodyField(field(path, "passage"), array_file.open_arrays(path)[FIRST_ROWS])


def counts_of(found: Postings) -> dict[int, float]:
    assert (np.diff(found.docs) > 0).all()
    return dict(zip(found.docs.tolist(), found.counts.tolist(), strict=True))


def test_postings_are_documents_and_frequencies(path: Path) -> None:
    exact = field(path, "exact")
    assert counts_of(exact.postings("canon")) == {0: 3}
    assert counts_of(exact.postings("obus")) == {0: 1, 1: 1}
    assert counts_of(exact.postings("inconnu")) == {}
    assert (exact.frequency("obus"), exact.frequency("inconnu")) == (2, 0)


def test_passages_are_numbered_by_row(path: Path) -> None:
    assert counts_of(field(path, "passage").postings("obus")) == {0: 1, 1: 1}


def test_several_terms_are_one_word(path: Path) -> None:
    exact = field(path, "exact")
    found = merge_postings([exact.postings(term) for term in ("canonnier", "obus", "canon", "inconnu")])
    assert counts_of(found) == {0: 4, 1: 1, 2: 1}
    assert merge_postings([]) is NO_POSTINGS


def test_positions_are_those_of_words_and_the_body_starts_far_from_the_title(path: Path) -> None:
    found = field(path, "exact").positions("canon", np.ones(3, bool))
    assert list(zip(found.docs.tolist(), found.positions.tolist(), strict=True)) == [
        (0, 1),
        (0, 101),
        (0, 103),
    ]


@given(
    st.sampled_from(["canon", "obus", "front", "le", "inconnu"]),
    st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_positions_are_those_in_the_chosen_documents(press: Press, term: str, chosen: list[bool]) -> None:
    exact = field(press.path, "exact")
    every, some = exact.positions(term, np.ones(60, bool)), exact.positions(term, np.array(chosen))
    kept = np.array(chosen)[every.docs]
    assert some.docs.tolist() == every.docs[kept].tolist()
    assert some.positions.tolist() == every.positions[kept].tolist()


def test_a_large_file_answers_as_a_small_one(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("exact", "passage", "title_stems")
    mapped = [field(press.path, name) for name in names]
    monkeypatch.setattr(array_file, "_MAPPED", 0)
    for one, other in zip(mapped, [field(press.path, name) for name in names], strict=True):
        for term in map(bytes.decode, one.lexicon):
            assert counts_of(one.postings(term)) == counts_of(other.postings(term)) != {}
        assert (
            one.lists([["obus", "canon"], ["inconnu"]]).sizes
            == other.lists([["obus", "canon"], ["inconnu"]]).sizes
        )
        assert other.is_consistent(len(other.lengths))
    every = np.ones(60, bool)
    expected, found = (fields.positions("canon", every) for fields in (mapped[0], field(press.path, "exact")))
    assert (found.docs.tolist(), found.positions.tolist()) == (
        expected.docs.tolist(),
        expected.positions.tolist(),
    )
    assert len(found.docs)


def test_lengths_and_their_mean_count_words(path: Path) -> None:
    exact = field(path, "exact")
    assert exact.lengths.tolist() == [7, 6, 1]
    assert mean_length(exact.lengths) == pytest.approx(14 / 3)
    assert mean_length(field(path, "source").lengths) == 1


@given(st.sets(st.text("aeé日-", max_size=4)), st.text("aeé日-", max_size=4))
def test_a_lexicon_is_searched_in_the_order_of_bytes(terms: set[str], sought: str) -> None:
    known = sorted(term.encode() for term in terms)
    lexicon = Lexicon(np.frombuffer(b"".join(known), np.uint8), np.cumsum([*map(len, known)], dtype=np.int64))
    assert list(lexicon) == known
    assert lexicon[:] == known
    assert lexicon.at_or_after(sought.encode()) == sum(term < sought.encode() for term in known)
    assert (lexicon.find(sought.encode()) is None) == (sought not in terms)


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 128, 200])
def test_a_lexicon_of_several_blocks_finds_every_term(size: int) -> None:
    known = [f"{number:04}".encode() for number in range(0, 2 * size, 2)]
    lexicon = Lexicon(np.frombuffer(b"".join(known), np.uint8), np.cumsum([*map(len, known)], dtype=np.int64))
    for number, term in enumerate(known):
        assert lexicon.find(term) == lexicon.at_or_after(term) == number
        assert lexicon.at_or_after(term + b"0") == number + 1
        assert lexicon.find(term + b"0") is None
    assert (lexicon.at_or_after(b""), lexicon.at_or_after(b"~")) == (0, size)


_FORMS = st.lists(
    st.lists(st.sampled_from(["canon", "canonnad", "obus", "front", "inconnu"]), max_size=3), max_size=5
)


@given(_FORMS)
def test_posting_lists_are_the_postings_of_each_term(path: Path, terms: list[list[str]]) -> None:
    passages, bodies = field(path, "passage"), body(path)
    by_row = passages.lists(terms)
    for lists, of in ((by_row, passages), (bodies.sum_by_article(by_row), bodies)):
        ends = np.cumsum(lists.sizes, dtype=np.int64)
        for forms, size, end, docs in zip(terms, lists.sizes, ends, lists.docs_by_term(), strict=True):
            found = Postings(docs, lists.counts[end - size : end])
            assert counts_of(found) == counts_of(merge_postings([of.postings(form) for form in forms]))
    for forms in terms:
        assert passages.docs(forms).tolist() == sorted(
            counts_of(merge_postings(list(map(passages.postings, forms))))
        )


def test_the_index_holds_the_tokens_of_every_text(press: Press) -> None:
    """Field by field, against the analysis chain itself."""
    texts = {
        "title_exact": [_terms(tokenise(article.title)) for article in press.articles],
        "title_stems": [_terms(stemmed(article.title)) for article in press.articles],
        "source": [_between_edges(article.source) for article in press.articles],
        "keyword": [
            [term for value in article.keywords.split("; ") for term in _between_edges(value)]
            for article in press.articles
        ],
        "body": [_terms(stemmed(article.body)) for article in press.articles],
        "passage": [_terms(stemmed(passage)) for passage in press.passages],
    }
    for name, documents in texts.items():
        found = body(press.path) if name == "body" else field(press.path, name)
        assert found.lengths.tolist() == [len(terms) for terms in documents]
        assert [term.decode() for term in found.lexicon] == sorted({t for terms in documents for t in terms})
        for term in found.lexicon:
            wanted = {doc: terms.count(term.decode()) for doc, terms in enumerate(documents)}
            assert counts_of(found.postings(term.decode())) == {doc: n for doc, n in wanted.items() if n}
            assert found.frequency(term.decode()) == sum(n > 0 for n in wanted.values())


def _terms(tokens: Iterable[Token]) -> list[str]:
    return [token.term for token in tokens]


def _between_edges(value: str) -> list[str]:
    return [EDGE, *terms, EDGE] if (terms := _terms(tokenise(value))) else []


def test_many_runs_merge_into_what_one_run_gives(tmp_path: Path) -> None:
    articles = random_articles(seed=3, count=80)
    inverter.write(tmp_path / "one", *posted(articles, block=80))
    inverter.write(tmp_path / "many", *posted(articles, block=3))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "many").read_bytes()


def test_a_word_belongs_to_the_passage_where_it_begins(tmp_path: Path) -> None:
    inverter.write(tmp_path / "keyword", *cut([(Article("a", "", "obus canons"), [(0, 7), (7, 11)])]))
    passages = field(tmp_path / "keyword", "passage")
    assert [counts_of(passages.postings(term)) for term in ("obus", "canon")] == [{0: 1}, {0: 1}]


def test_nothing_is_left_of_a_write_that_failed(tmp_path: Path) -> None:
    extent, (first, *_) = posted(ARTICLES)

    def interrupted() -> Iterator[InvertedBlock]:
        yield first
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        inverter.write(tmp_path / "keyword", extent, interrupted())
    assert list(tmp_path.iterdir()) == []


def test_stop_words_have_no_stem(press: Press) -> None:
    lexicon = {term.decode() for term in body(press.path).lexicon}
    assert not lexicon & {stem(word) for word in STOP_WORDS if stem(word) == word}
