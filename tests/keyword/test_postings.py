from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from search.errors import IndexCorrupt
from search.keyword.postings import PostingReader
from search.model import Article

from .corpus import index_of

ARTICLES = (
    Article("a", "Le canon", "canon, obus, canon et canonnade"),
    Article("b", "Le front", "un obus au front"),
    Article("c", "", "canonnier"),
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostingReader]:
    with (
        index_of(tmp_path_factory.mktemp("postings"), ARTICLES) as press,
        closing(PostingReader(press.folder)) as opened,
    ):
        yield opened


def test_postings_tell_documents_and_frequencies(reader: PostingReader) -> None:
    found = reader.postings("exact", ["canon"])
    assert (found.docs.tolist(), found.weights.tolist()) == ([0], [3])
    found = reader.postings("exact", ["obus"])
    assert (found.docs.tolist(), found.weights.tolist()) == ([0, 1], [1, 1])


def test_passages_come_after_articles(reader: PostingReader) -> None:
    found = reader.postings("passage", ["obus"])
    assert (found.docs.tolist(), found.weights.tolist()) == ([3, 4], [1, 1])
    assert reader.numbers() == [0, 1, 2, 0, 1, 2]


def test_several_terms_are_one_word(reader: PostingReader) -> None:
    found = reader.postings("exact", ["canonnier", "obus", "canon", "inconnu"])
    assert (found.docs.tolist(), found.weights.tolist()) == ([0, 1, 2], [4, 1, 1])


def test_an_unknown_term_has_no_postings(reader: PostingReader) -> None:
    assert reader.postings("exact", ["inconnu"]).docs.tolist() == []
    assert reader.postings("exact", []).docs.tolist() == []
    assert reader.positions("exact", "inconnu", np.array([0, 1])) == {}


def test_positions_are_those_of_words_and_the_body_starts_far_from_the_title(reader: PostingReader) -> None:
    found = reader.positions("exact", "canon", np.array([0, 1, 2]))
    assert found == {0: [1, 101, 103]}


def test_lengths_and_their_mean_count_words(reader: PostingReader) -> None:
    assert reader.lengths("exact")[:3].tolist() == [7, 6, 1]
    assert reader.average_length("exact", 3) == pytest.approx(14 / 3)
    assert reader.average_length("source", 3) == 1


def test_patterns_give_the_most_frequent_terms_first(reader: PostingReader) -> None:
    assert reader.with_prefix("exact", "canon") == ["canon", "canonnade", "canonnier"]
    assert reader.with_prefix("exact", "o") == ["obus"]
    assert reader.with_shape("exact", "*o?*n*e?") == ["canonnier"]
    assert reader.with_shape("exact", "**us") == ["obus"]
    assert reader.with_shape("exact", "c?non") == ["canon"]
    assert reader.with_shape("exact", "?") == []
    assert reader.within_edits("exact", "fronts", 1) == ["front"]
    assert reader.within_edits("exact", "obu", 2) == ["obus", "au"]


def test_days_are_found_whatever_end_is_open(tmp_path: Path) -> None:
    dated = [Article(f"a{year}", "", "texte", str(year)) for year in (2021, 2022, 2023)]
    with (
        index_of(tmp_path, [*dated, Article("undated", "", "texte")]) as press,
        closing(PostingReader(press.folder)) as reader,
    ):
        days = [738156, 738521]  # 1 January 2022 and 2023, as ordinals
        assert reader.in_range("first_day", None, None).tolist() == [0, 1, 2]
        assert reader.in_range("first_day", days[0], days[0]).tolist() == [1]
        assert reader.in_range("first_day", days[1], None).tolist() == [2]
        assert reader.in_range("first_day", None, days[1] - 1).tolist() == [0, 1]


@pytest.mark.usefixtures("garbage_collected")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("damage", ["missing", "empty", "garbage"])
def test_what_is_no_index_is_corrupt(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "keyword"
    if damage != "missing":
        folder.mkdir()
    if damage == "garbage":
        (folder / "_MAIN_1.toc").write_bytes(b"not an index")
    with pytest.raises(IndexCorrupt, match=r"keyword.*depeche build PATH"):
        PostingReader(folder)


@pytest.mark.usefixtures("garbage_collected")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_damaged_table_of_contents_is_corrupt_or_harmless(tmp_path: Path) -> None:
    with index_of(tmp_path, ARTICLES) as press:
        (path,) = press.folder.glob("*.toc")
    sound = path.read_bytes()
    refused = 0
    for place in range(len(sound) // 2, len(sound), 5):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 0xFF]) + sound[place + 1 :])
        try:
            PostingReader(path.parent).close()
        except IndexCorrupt:
            refused += 1
    assert refused > 10
