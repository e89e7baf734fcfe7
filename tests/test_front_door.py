"""``import search``: build, open, ask; the same for a folder and for servers."""

import io
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

import search
from search.arguments import SearchOptions
from search.build_types import Stage, Unread
from search.config import load
from search.corpus import absolute_paths
from search.errors import QueryError
from search.retention import keep_all
from search.types import Facet, Leg, Mode
from search.updates import rebuild
from search.user.dossiers import DossierArticle, Dossiers
from search.user.index_folder import index_folder
from search.user.read_articles import ReadArticles
from search.user.storage import default_folder
from tests.fakes import FakeEncoder
from tests.postgres.cluster import Cluster
from tests.press import PRESS

RECORDS = [
    {
        "id": article.id,
        "title": article.title,
        "text": article.body,
        "date": article.published,
        "source": article.source,
        "section": article.section,
        "author": article.author.split("; "),
        "page": article.page,
        "keywords": article.keywords,
    }
    for article in PRESS
]


@pytest.fixture(autouse=True)
def _fake_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.index.load_encoder", lambda _: FakeEncoder())
    monkeypatch.setattr("search.index.fetch_model", lambda _: None)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    file = tmp_path / "press.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")
    return file


@pytest.fixture
def index(corpus: Path, tmp_path: Path) -> Iterator[search.Index]:
    search.build(corpus, index=tmp_path / "index")
    with search.open(tmp_path / "index") as opened:
        yield opened


def _ids(hits: Iterable[search.Hit]) -> list[str]:
    return [hit.article.id for hit in hits]


def test_all_hits_of_a_query_are_read_one_after_another(index: search.Index) -> None:
    options: SearchOptions = {"mode": "keyword", "since": "2023-09-01", "sort": "oldest"}
    stream = index.iter_search("munitions Russie", **options)
    expected = index.search("munitions Russie", limit=100, **options)
    assert len(stream) == expected.total > 2
    assert _ids(stream) == _ids(expected)
    with pytest.raises(search.UsageError, match="sort is 'new'"):
        index.iter_search("munitions", sort="new")
    with pytest.raises(TypeError, match="limit"):
        index.iter_search("munitions", limit=3)  # type: ignore[call-arg]


def test_one_import_is_enough_and_loads_nothing_heavy() -> None:
    code = (
        "import search, sys; print(sorted({'numpy', 'torch', 'faiss', 'whoosh', 'textual'} & {*sys.modules}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert ran.stdout == "[]\n"
    assert all(getattr(search, name) is not None for name in search.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        search.nothing  # noqa: B018


def test_a_build_reports_what_it_did(corpus: Path, tmp_path: Path) -> None:
    with corpus.open("a", encoding="utf-8") as file:
        file.write('{"id": "empty", "text": ""}\n')
    rejected: list[Unread] = []
    stages: list[Stage] = []
    report = search.build(
        [str(corpus)],
        index=str(tmp_path / "index"),
        source="Ailleurs",
        on_unread=rejected.append,
        progress=lambda stage, done, total: stages.append(stage),
    )
    assert (report.manifest.articles, report.manifest.rejected) == (len(PRESS), 1)
    assert report.manifest.corpus == (str(corpus),)
    assert [(record.path, record.line) for record in rejected] == [(str(corpus), len(PRESS) + 1)]
    elsewhere = (Stage.LOAD, Stage.INDEX, Stage.SEARCHABLE)
    assert [*dict.fromkeys(stages)] == [stage for stage in Stage if stage not in elsewhere]
    again = search.build(corpus, index=tmp_path / "index", source="Ailleurs")
    assert (again.change.unchanged, again.change.new, again.encoded) == (len(PRESS), 0, 0)


def test_columns_have_the_names_that_the_user_gives(tmp_path: Path) -> None:
    table = tmp_path / "articles.csv"
    table.write_text("contenu,titraille\nLe train est parti.,Un départ\n", encoding="utf-8")
    search.build(table, index=tmp_path / "index", columns={"text": "contenu", "title": "titraille"})
    with search.open(tmp_path / "index") as index:
        (article,) = index.iter_articles()
    assert (article.title, article.body) == ("Un départ", "Le train est parti.")


def test_an_index_stores_absolute_paths_that_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute_paths(["a/../b.txt", "-", "caf\udce9", "/srv/fil"]) == (
        f"{tmp_path}/b.txt",
        "-",
        f"{tmp_path}/caf\ufffd",
        "/srv/fil",
    )


def test_an_index_that_is_built_again_from_a_relative_path_stores_an_absolute_one(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load({"index": str(tmp_path / "index"), "database": ""})
    monkeypatch.chdir(corpus.parent)
    assert rebuild(settings, (corpus.name,), keep_all, lambda stage, done, total: None).corpus == (
        str(corpus),
    )


def test_standard_input_is_indexed_from_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = io.TextIOWrapper(io.BytesIO(b'{"text": "Le train est parti."}\n'))
    monkeypatch.setattr(sys, "stdin", records)
    report = search.build("-", index=tmp_path / "index")
    assert (report.manifest.articles, report.manifest.corpus) == (1, ("-",))


def test_hits_are_a_sequence_with_total_and_facets(index: search.Index) -> None:
    assert len(index) == len(PRESS)
    hits = index.search("munitions Russie", limit=2, mode="keyword")
    assert _ids(hits) == [hits[0].article.id, hits[1].article.id]
    assert (len(hits), hits.total, hits.offset) == (2, 6, 0)
    assert dict(hits.facets[Facet.SOURCE]) == {"Agence Nord": 4, "Gazette du Soir": 2}
    rest = index.search("munitions Russie", limit=10, offset=2, mode="keyword")
    assert {*_ids(hits), *_ids(rest)} == {"obus", "ukraine", "sommet", "elysee", "rapport", "urss"}
    assert rest.offset == 2


def test_hits_become_flat_records(index: search.Index) -> None:
    records = index.search("marathon pluie", mode="keyword", limit=1, offset=0).to_dicts()
    (record,) = records
    assert (record["rank"], record["id"], record["source"]) == (1, "marathon", "Sport Matin")
    assert record["published"] == "2024-04-07"
    assert "marathon de Lille" in str(record["snippet"])
    assert all(isinstance(value, str | int | float) for value in record.values())
    second = index.search("munitions Russie", limit=1, offset=1, mode="keyword").to_dicts()
    assert second[0]["rank"] == 2


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"since": "2023-10"}, {"ukraine", "rapport"}),
        ({"since": date(2023, 10, 1), "before": date(2023, 11, 1)}, {"rapport"}),
        ({"before": "2023"}, {"urss"}),
        ({"source": "Gazette du Soir"}, {"rapport", "urss"}),
        ({"source": ["Agence Nord"], "section": "politique"}, {"elysee"}),
        ({"section": "sport"}, set()),
        ({"author": "Paul Exemple"}, {"obus", "ukraine"}),
        ({"author": ["Paul Exemple", "jeanne"]}, {"obus"}),
        ({"keyword": "munitions", "page": "A6"}, {"ukraine"}),
        ({"place": "Armeil"}, set()),
        ({"min_confidence": 1.0}, set()),
    ],
)
def test_options_filter(index: search.Index, options: dict[str, object], expected: set[str]) -> None:
    hits = index.search("munitions Russie", mode="keyword", **options)  # type: ignore[arg-type]
    assert {*_ids(hits)} == expected
    assert hits.total == len(expected)


def test_sort_and_mode_are_those_asked_for(index: search.Index) -> None:
    by_date = index.search("munitions Russie", sort="date", mode="keyword")
    dates = [hit.article.published for hit in by_date]
    assert dates == sorted(dates, reverse=True)
    by_age = index.search("munitions Russie", sort="oldest", mode="keyword")
    assert [hit.article.published for hit in by_age] == sorted(dates)
    similar = index.similar("obus", 4, sort="oldest")
    assert [hit.article.published for hit in similar] == sorted(hit.article.published for hit in similar)
    semantic = index.search("munitions Russie", mode="semantic")
    assert {part.leg for hit in semantic for part in hit.contributions} == {Leg.SEMANTIC}
    assert index.search("munitions").mode is Mode.HYBRID


def test_copies_are_folded_or_listed(corpus: Path, tmp_path: Path) -> None:
    copy = RECORDS[0] | {"id": "obus-2", "source": "Gazette du Soir"}
    with corpus.open("a", encoding="utf-8") as file:
        file.write(json.dumps(copy) + "\n")
    search.build(corpus, index=tmp_path / "index")
    with search.open(tmp_path / "index") as index:
        folded = index.search("artillerie", mode="keyword")
        listed = index.search("artillerie", mode="keyword", copies="listed")
    assert [(hit.article.id, [copy.id for copy in hit.copies]) for hit in folded] == [("obus", ["obus-2"])]
    assert {hit.article.id: hit.copy_of for hit in listed} == {"obus": "", "obus-2": "obus"}


def test_an_explanation_is_that_of_the_hit(index: search.Index) -> None:
    hit = index.search("munitions Russie")[0]
    shown, by_id = (index.explain("munitions Russie", each) for each in (hit, hit.article.id))
    assert shown == by_id
    assert shown.contributions == hit.contributions
    assert [(word.text, word.in_article) for word in shown.matched] == [("munitions", True), ("Russie", True)]


def test_similar_articles_leave_out_the_article_itself(index: search.Index) -> None:
    by_id, by_article = (index.similar(each, limit=3) for each in ("obus", index.article("obus")))
    assert _ids(by_id) == _ids(by_article)
    assert "obus" not in _ids(by_id)
    assert len(by_id) == 3


def test_articles_come_whole_and_in_the_order_read(index: search.Index) -> None:
    assert [article.id for article in index.iter_articles()] == [article.id for article in PRESS]
    assert index.article("peste").body == next(one.body for one in PRESS if one.id == "peste")


def test_mistakes_are_named(index: search.Index, tmp_path: Path) -> None:
    with pytest.raises(search.QueryError, match="quote is never closed"):
        index.search('"munitions')
    with pytest.raises(
        search.UsageError, match=r"mode is 'fuzzy'; it must be one of: hybrid, keyword, semantic"
    ):
        index.search("munitions", mode="fuzzy")
    with pytest.raises(search.UsageError, match="limit is -1; it must be 0 or more"):
        index.search("munitions", limit=-1)
    with pytest.raises(search.UsageError, match="min_confidence is 30; it must be from 0 to 1"):
        index.search("munitions", min_confidence=30)
    with pytest.raises(search.UsageError, match="is not an existing date"):
        index.search("munitions", since="jamais")
    with pytest.raises(search.UsageError, match="no article 'nobody'"):
        index.article("nobody")
    with pytest.raises(search.IndexMissing, match="depeche build PATH"):
        search.open(tmp_path / "elsewhere")
    with pytest.raises(search.CorpusError, match="no such file or folder"):
        search.build(tmp_path / "nowhere", index=tmp_path / "index")
    assert issubclass(search.IndexMissing, search.SearchError)


def test_threads_get_the_answers_of_one(index: search.Index) -> None:
    queries = ["munitions Russie", "marathon", "archives", "obus", "hôpital", "forêt"] * 5
    alone = [_ids(index.search(query)) for query in queries]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda query: _ids(index.search(query)), queries))
    assert together == alone


def test_without_an_address_the_configured_index_is_opened(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPECHE_INDEX", str(tmp_path / "mine"))
    search.build(corpus)
    with search.open() as index:
        assert index.location == str(tmp_path / "mine")


def test_servers_have_the_same_door(corpus: Path, servers: Cluster) -> None:
    search.sync(corpus, index=servers.coordinator.dsn)  # other tests publish on these servers too
    with search.open(servers.coordinator.dsn) as index:
        hits = index.search("munitions Russie", mode="keyword", limit=3)
        assert hits.total == 6
        assert dict(hits.facets[Facet.SOURCE]) == {"Agence Nord": 4, "Gazette du Soir": 2}
        assert [article.id for article in index.iter_articles()] == [article.id for article in PRESS]
        assert index.explain("munitions Russie", hits[0]).contributions == hits[0].contributions


def test_what_the_user_keeps_is_asked_for_index_by_index(
    index: search.Index, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = index_folder(default_folder(), index.settings)
    Dossiers(folder).add("Armes", [DossierArticle("obus", "Obus"), DossierArticle("gone", "Parti")])
    ReadArticles(folder).add(["obus", "ukraine"])

    assert [hit.article.id for hit in index.search("dossier:armes")] == ["obus"]
    assert {hit.article.id for hit in index.search("lu:oui munitions", mode="keyword")} == {"obus", "ukraine"}
    assert index.explain("munitions tag:armes", "obus").coverage == 1.0
    assert dict(index.search("dossier:armes").facets[Facet.SOURCE]) == {"Agence Nord": 1}

    search.build(corpus, index=tmp_path / "other")
    with search.open(tmp_path / "other") as other:
        assert len(other.search("lu:oui")) == 0
        with pytest.raises(QueryError, match="There is no dossier armes"):
            other.search("dossier:armes")
