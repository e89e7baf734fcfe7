import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from search.errors import IndexCorrupt
from search.indexing.article_store import SqliteStore
from search.indexing.article_writer import open_writer
from search.types import Article, Chunk, Facet


def _article(name: str, published: str = "", source: str = "") -> Article:
    body = f"{name} : l’été,\0 puis 🛰️.\n\nFin."
    return Article(
        name, f"Titre {name}", body, published, source, "monde", "https://exemple.fr", "fr", "Brest"
    )


def _write(path: Path, articles: Sequence[Article], chunks_each: int = 2) -> list[Chunk]:
    """Store the articles, each in chunks of three characters."""
    with open_writer(path) as writer:
        for article in articles:
            writer.add(article)
        count = writer.assign_keys()
        chunks = [
            Chunk(key, ordinal, 3 * ordinal, 3 * ordinal + 3)
            for key in range(count)
            for ordinal in range(chunks_each)
        ]
        for row, chunk in enumerate(chunks):
            writer.add_chunk(chunk, row.to_bytes(16))
        writer.finish()
    return chunks


ARTICLES = [_article(name) for name in ("un", "deux", "trois")]


def test_a_store_gives_what_was_written(tmp_path: Path) -> None:
    chunks = _write(tmp_path / "store", ARTICLES)
    with closing(SqliteStore(tmp_path / "store")) as store:
        assert store.counts() == (3, 6)
        assert store.chunk_count == 6
        assert store.first_rows.tolist() == [0, 2, 4]
        assert list(store.every_article()) == ARTICLES
        assert store.chunks(range(6)) == chunks
        assert store.text_hashes() == [row.to_bytes(16) for row in range(6)]
        assert list(store.passages()) == [(ARTICLES[chunk.article], chunk) for chunk in chunks]
        store.verify()


def test_records_come_in_the_order_of_the_keys_and_may_repeat(tmp_path: Path) -> None:
    chunks = _write(tmp_path / "store", ARTICLES)
    with closing(SqliteStore(tmp_path / "store")) as store:
        assert store.articles([2, 0, 2]) == [ARTICLES[2], ARTICLES[0], ARTICLES[2]]
        assert store.ids([1, 0, 1]) == ["deux", "un", "deux"]
        assert store.chunks([5, 1, 5]) == [chunks[5], chunks[1], chunks[5]]
        assert store.articles([]) == []


def test_more_keys_than_the_parameters_of_one_statement(tmp_path: Path) -> None:
    articles = [_article(f"a{number}") for number in range(1203)]
    _write(tmp_path / "store", articles, chunks_each=1)
    keys = list(reversed(range(1203)))
    with closing(SqliteStore(tmp_path / "store")) as store:
        assert store.articles(keys) == articles[::-1]
        assert store.ids(keys) == [article.id for article in articles[::-1]]
        assert [chunk.article for chunk in store.chunks(keys)] == keys


def test_the_last_article_of_an_id_replaces_the_earlier_ones(tmp_path: Path) -> None:
    first, again = (replace(_article("un", year), file=f"{year}.csv") for year in ("2021", "2022"))
    with open_writer(tmp_path / "store") as writer:
        replaced = [
            writer.add(article) for article in (first, _article("deux"), again, _article("trois"), again)
        ]
        assert replaced == [None, None, "2021.csv", None, "2022.csv"]
        assert writer.assign_keys() == 3
        assert [article for _, article in writer.articles()] == [_article("deux"), _article("trois"), again]


def test_key_finds_an_article_by_its_id(tmp_path: Path) -> None:
    _write(tmp_path / "store", ARTICLES)
    with closing(SqliteStore(tmp_path / "store")) as store:
        assert [store.key(name) for name in ("trois", "un", "inconnu", "UN")] == [2, 0, None, None]


def test_the_newest_article_comes_first_and_the_undated_last(tmp_path: Path) -> None:
    dates = ["", "2023-09", "2024", "2023-09-30", "2023-09-30T08:00", "2023", "2023-09-30", "", "2024-01-02"]
    newest = ["2024-01-02", "2024", "2023-09-30T08:00", "2023-09-30", "2023-09-30", "2023-09", "2023", "", ""]
    _write(tmp_path / "store", [_article(f"a{key}", published) for key, published in enumerate(dates)])
    with closing(SqliteStore(tmp_path / "store")) as store:
        keys = store.newest_first().tolist()
    assert [dates[key] for key in keys] == newest
    assert keys[3:5] == [3, 6]
    assert keys[-2:] == [0, 7]


def test_the_oldest_article_comes_first_and_the_undated_last(tmp_path: Path) -> None:
    dates = ["", "2023-09", "2024", "2023-09-30", "2023-09-30T08:00", "2023", "2023-09-30", ""]
    _write(tmp_path / "store", [_article(f"a{key}", published) for key, published in enumerate(dates)])
    with closing(SqliteStore(tmp_path / "store")) as store:
        assert store.oldest_first().tolist() == [5, 1, 3, 6, 4, 2, 0, 7]


def test_keys_are_given_for_the_ids_that_articles_have(tmp_path: Path) -> None:
    _write(tmp_path / "store", [_article(str(number)) for number in range(1200)], chunks_each=1)
    with closing(SqliteStore(tmp_path / "store")) as store:
        ids = frozenset(["nobody", "1199", *map(str, range(700))])
        assert store.keys(ids) == [*range(700), 1199]
        assert store.keys(frozenset()) == []


def test_dates_come_by_key(tmp_path: Path) -> None:
    dates = ["2023-09", "", "2024-01-02T08:00"]
    _write(tmp_path / "store", [_article(f"a{key}", published) for key, published in enumerate(dates)])
    with closing(SqliteStore(tmp_path / "store")) as store:
        assert store.published() == dates


def test_facet_values_come_by_key(tmp_path: Path) -> None:
    dated = [("Nord", "2023-09-11T08:00"), ("", "2022"), ("AFP", "2023-10"), ("AFP", "")]
    articles = [_article(f"a{key}", published, source) for key, (source, published) in enumerate(dated)]
    _write(tmp_path / "store", articles)
    with closing(SqliteStore(tmp_path / "store")) as store:
        assert store.values(Facet.SOURCE) == ["Nord", "", "AFP", "AFP"]
        assert store.values(Facet.SECTION) == ["monde"] * 4
        assert store.values(Facet.YEAR) == ["2023", "2022", "2023", ""]
        assert store.values(Facet.MONTH) == ["2023-09", "", "2023-10", ""]


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM chunk WHERE row = 2",
        "DELETE FROM chunk WHERE row = 0",
        "DELETE FROM chunk WHERE article = 2",
        "DELETE FROM chunk",
        "DELETE FROM article WHERE key = 2",
        "DELETE FROM article WHERE key = 0",
        "DELETE FROM article",
        "UPDATE article SET key = 7 WHERE key = 1",
        "UPDATE chunk SET ordinal = 1 - ordinal WHERE article = 1",
        "UPDATE chunk SET ordinal = 2 WHERE row = 3",
        "UPDATE chunk SET article = 3 - article WHERE row IN (2, 4)",
        "UPDATE chunk SET article = 1 WHERE article = 0",
        "UPDATE opening SET first_rows = zeroblob(24)",
        "DROP TABLE article",
    ],
)
def test_a_store_that_contradicts_itself_is_corrupt(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "store"
    _write(path, ARTICLES)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(damage)
    with (
        closing(SqliteStore(path)) as store,
        pytest.raises(IndexCorrupt, match=r"The article store .*; run: depeche build PATH"),
    ):
        store.verify()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("UPDATE article SET body = substr(body, 1, length(body) - 3) WHERE key = 1", "deux is cut short"),
        ("UPDATE article SET body = zeroblob(40) WHERE key = 1", "while decompressing"),
        ("UPDATE article SET title = CAST(x'ff' AS TEXT) WHERE key = 1", "decode"),
        ("UPDATE opening SET dictionary = zeroblob(40)", "while setting zdict"),
    ],
)
def test_a_damaged_text_is_corrupt(tmp_path: Path, damage: str, reason: str) -> None:
    path = tmp_path / "store"
    _write(path, ARTICLES)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(damage)
    message = f"store cannot be read .*{reason}.*run: depeche build PATH"
    with closing(SqliteStore(path)) as store:
        with pytest.raises(IndexCorrupt, match=message):
            store.articles([1])
        with pytest.raises(IndexCorrupt, match=message):
            list(store.every_article())


@pytest.mark.parametrize(
    "damage", ["DELETE FROM opening", "UPDATE opening SET first_rows = x'00'", "DROP TABLE opening"]
)
def test_a_store_that_cannot_be_opened_is_corrupt(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "store"
    _write(path, ARTICLES)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(damage)
    with pytest.raises(IndexCorrupt, match=r"store cannot be read .*; run: depeche build PATH"):
        SqliteStore(path)


def test_repeated_text_is_compressed(tmp_path: Path) -> None:
    sentence = "Le ministère de l’intérieur n’a pas souhaité commenter ces informations. " * 20
    articles = [replace(ARTICLES[0], id=f"a{key}", body=f"{key} {sentence}") for key in range(400)]
    _write(tmp_path / "store", articles, chunks_each=1)
    assert (tmp_path / "store").stat().st_size < sum(len(article.body) for article in articles) / 2
    with closing(SqliteStore(tmp_path / "store")) as store:
        assert store.articles([399, 0]) == [articles[399], articles[0]]


@pytest.mark.parametrize("content", [None, b"", b"garbage" * 1000])
def test_another_kind_of_file_is_corrupt(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "store"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexCorrupt, match=r"store cannot be read.*depeche build PATH"):
        SqliteStore(path)


def test_reading_does_not_change_a_store(tmp_path: Path) -> None:
    _write(tmp_path / "store", ARTICLES)
    before = (tmp_path / "store").read_bytes()
    with closing(SqliteStore(tmp_path / "store")) as store:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            store._connection.execute("DELETE FROM chunk")
        store.verify()
    assert [path.name for path in tmp_path.iterdir()] == ["store"]
    assert (tmp_path / "store").read_bytes() == before


def test_a_path_may_have_any_character(tmp_path: Path) -> None:
    folder = tmp_path / "dépêches 100 % #1? &c"
    folder.mkdir()
    _write(folder / "store", ARTICLES)
    with closing(SqliteStore(folder / "store")) as store:
        assert store.ids([0]) == ["un"]
