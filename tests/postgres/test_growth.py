"""Tests that an index on servers grows as one in a folder does: see ``tests/local/test_growth.py``."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace

import psycopg
import pytest

from search.build_types import BuildReport, Change
from search.errors import IndexCorrupt, IndexIncompatible
from search.postgres.backend import PostgresBackend
from search.postgres.builder import Encoding, build
from search.postgres.reader import PostgresGeneration
from search.protocols import Corpus
from search.retention import Keeps, keep_all, keep_none
from search.types import Article
from tests.fakes import FakeEncoder, silent
from tests.keyword.corpus import random_articles
from tests.press import PRESS

from .cluster import Cluster, Server

A, B, C = "/archive/a.csv", "/archive/b.csv", "/archive/c.csv"


def _of(file: str, articles: Iterable[Article]) -> list[Article]:
    return [replace(article, file=file) for article in articles]


def _build(
    server: Server, records: Sequence[Article], keeps: Keeps = keep_all, encoder: FakeEncoder | None = None
) -> BuildReport:
    places = tuple(dict.fromkeys(article.file for article in records))
    corpus = Corpus(places, records, lambda _: None, keeps)
    return build(server.dsn, corpus, Encoding(encoder or FakeEncoder(), "chosen"), silent)


def _articles(server: Server) -> list[Article]:
    with closing(PostgresGeneration(server.dsn)) as generation:
        generation.verify()
        return generation.store.articles(range(generation.manifest.articles))


def test_articles_stay_change_and_go(alone: Server) -> None:
    _build(alone, _of(B, PRESS[3:7]), keep_none)
    report = _build(alone, _of(A, PRESS[:3]))
    assert report.change == Change(unchanged=0, new=3, changed=0, gone=0, kept=4)
    assert report.manifest.corpus == (B, A)
    assert _articles(alone) == [*_of(A, PRESS[:3]), *_of(B, PRESS[3:7])]

    edited = replace(PRESS[3], body="Un texte corrigé.", file=B)
    report = _build(alone, [edited, *_of(B, PRESS[4:6])])
    assert report.change == Change(unchanged=2, new=0, changed=1, gone=0, kept=4, outdated=1)
    report = _build(alone, [], lambda article_id, file: file != A)
    assert report.change == Change(unchanged=0, new=0, changed=0, gone=3, kept=4)
    assert report.manifest.corpus == (B,)
    assert (
        _articles(alone) == [PRESS[6], edited, *PRESS[4:6]] or [a.file for a in _articles(alone)] == [B] * 4
    )


def test_no_vector_is_lost_when_articles_move_to_another_shard(servers: Cluster) -> None:
    many = random_articles(seed=11, count=300)
    of_b, of_c = _of(B, many[40:200]), _of(C, many[200:])
    _build(servers.coordinator, [*of_b, *of_c], keep_none)
    encoder = FakeEncoder()
    report = _build(servers.coordinator, _of(A, many[:40]), encoder=encoder)
    with closing(PostgresGeneration(servers.coordinator.dsn)) as generation:
        first_of_b = int(generation.store.first_rows[40])
    assert report.encoded == first_of_b
    assert _articles(servers.coordinator) == [*_of(A, many[:40]), *of_b, *of_c]


def test_an_index_of_an_older_version_is_carried_over(alone: Server) -> None:
    name = _build(alone, _of(A, PRESS[:4]), keep_none).manifest.id
    with psycopg.connect(alone.dsn, autocommit=True) as connection:
        connection.execute(f"ALTER TABLE {name}.article DROP COLUMN file CASCADE")
        connection.execute(f"ALTER TABLE {name}.article DROP COLUMN author CASCADE")
        connection.execute(
            "UPDATE depeche.generation SET manifest = convert_to((convert_from(manifest, 'utf8')::jsonb "
            "- 'passed_over' || '{\"format\": 2}')::text, 'utf8') WHERE id = %s",
            (name,),
        )
    with pytest.raises(IndexIncompatible, match="of another version"):
        PostgresGeneration(alone.dsn)
    assert PostgresBackend(alone.dsn).published_model() == "chosen"
    report = _build(alone, _of(B, PRESS[4:6]))
    assert (report.change.kept, report.change.new) == (4, 2)
    assert report.encoded == 2
    old = [replace(article, author="") for article in _of(A, PRESS[:4])]
    assert _articles(alone) == [*old, *_of(B, PRESS[4:6])]


def test_articles_of_a_newer_version_are_not_cut_to_the_fields_of_this_one(alone: Server) -> None:
    name = _build(alone, _of(A, PRESS[:4]), keep_none).manifest.id
    with psycopg.connect(alone.dsn, autocommit=True) as connection:
        connection.execute(
            "UPDATE depeche.generation SET manifest = convert_to((convert_from(manifest, 'utf8')::jsonb "
            "|| '{\"format\": 99}')::text, 'utf8') WHERE id = %s",
            (name,),
        )
    with pytest.raises(IndexIncompatible, match=r"format 99 of a newer program.* depeche sync --database"):
        _build(alone, _of(B, PRESS[4:6]))
    _build(alone, _of(B, PRESS[4:6]), keep_none)
    assert _articles(alone) == _of(B, PRESS[4:6])


def test_a_damaged_index_is_not_taken_for_a_smaller_one(alone: Server) -> None:
    name = _build(alone, _of(A, PRESS[:4]), keep_none).manifest.id
    with psycopg.connect(alone.dsn, autocommit=True) as connection:
        connection.execute(f"DELETE FROM {name}.article WHERE key = 2")  # noqa: S608 - our own name
    with pytest.raises(IndexCorrupt, match=r"have 3 of 4 articles; .* run: depeche sync --database"):
        _build(alone, _of(B, PRESS[4:6]))
    _build(alone, _of(B, PRESS[4:6]), keep_none)
    assert _articles(alone) == _of(B, PRESS[4:6])


def test_row_numbers_of_several_files_stay_apart(alone: Server) -> None:
    rows = [Article("1", f"Titre de {file}", f"Texte de {file}.", file=file) for file in (A, B)]
    _build(alone, rows[:1], keep_none)
    _build(alone, rows[1:])
    assert [(article.id, article.file) for article in _articles(alone)] == [("1", A), ("1@b", B)]
