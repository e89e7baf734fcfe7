"""Processes analyse as this process does, and whatever becomes of them, nothing is lost and none is left."""

import os
import pickle
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from search.build_types import Progress, Stage
from search.errors import IndexCorrupt
from search.indexing.article_store import SqliteStore
from search.local import analysis_pool, layout
from search.local.article_analysis import AnalysedBlock, ArticleAnalyser
from search.local.builder import build
from search.local.index_stages import StagedArticles, write_words
from search.protocols import Corpus
from tests.fakes import FakeEncoder, build_index
from tests.keyword.corpus import Postings, postings_of, random_articles

ARTICLES = random_articles(seed=19, count=60)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The articles of an index that was built without processes."""
    build_index(tmp_path / "index", ARTICLES)
    return layout.Layout(layout.current(tmp_path / "index")).articles


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(path)) as opened:
        yield opened


@pytest.fixture
def _two_processes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis_pool, "FEW_BYTES", 0)
    monkeypatch.setattr(analysis_pool, "_processes", lambda: 2)


Content = tuple[Postings, list[list[int]], bytes]


def analysed(path: Path, store: SqliteStore) -> list[Content]:
    """Every block, and that the blocks have all articles in order."""
    keys = range(len(ARTICLES))
    with analysis_pool.analysis_pool(path, 1) as pool:
        blocks = list(pool.analysed_blocks(store, keys))
    assert [key for block, _ in blocks for key in block] == list(keys)
    return [_content(block) for _, block in blocks]


def _content(block: AnalysedBlock) -> Content:
    return postings_of(block.inverted), block.inverted.days.tolist(), block.signatures.tobytes()


def _children() -> list[psutil.Process]:
    """The processes that analyse; other tests may have left children of their own."""
    return [each for each in psutil.Process().children() if "search.local.analysis_worker" in each.cmdline()]


@pytest.mark.usefixtures("_two_processes")
def test_processes_analyse_as_this_process_does(
    path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as alone:
        alone.setattr(analysis_pool, "_Worker", _NoWorker)
        expected = analysed(path, store)
    monkeypatch.setattr(ArticleAnalyser, "analyse", _refuse)
    assert len(expected) > 4
    assert analysed(path, store) == expected
    assert not _children()


class _NoWorker(analysis_pool._Worker):
    def __init__(self, store: Path) -> None:
        self._process = None


def _refuse(analyser: object, keys: object) -> None:
    raise AssertionError


@pytest.mark.usefixtures("_two_processes")
def test_an_index_is_the_same_with_processes(tmp_path: Path, path: Path) -> None:
    build_index(tmp_path / "two", ARTICLES)
    with_two = layout.Layout(layout.current(tmp_path / "two"))
    for file in with_two.without_vectors:
        assert file.read_bytes() == (path.parent / file.name).read_bytes()


@pytest.mark.usefixtures("_two_processes")
@pytest.mark.parametrize("program", ["/no/such/python", "/bin/false"])
def test_without_processes_this_one_analyses(
    path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    expected = analysed(path, store)
    monkeypatch.setattr(sys, "executable", program)
    assert analysed(path, store) == expected


@pytest.mark.usefixtures("_two_processes")
def test_a_process_that_is_killed_loses_nothing(path: Path, store: SqliteStore) -> None:
    expected = analysed(path, store)
    with analysis_pool.analysis_pool(path, 1) as pool:
        blocks = pool.analysed_blocks(store, range(len(ARTICLES)))
        first = next(blocks)
        for child in _children():
            child.kill()
        assert [_content(block) for _, block in (first, *blocks)] == expected
        pool.begin_check()
        assert not pool.found_sound()
    assert not _children()


@pytest.mark.usefixtures("_two_processes")
def test_no_process_is_left_when_a_build_stops(path: Path, store: SqliteStore) -> None:
    with pytest.raises(KeyboardInterrupt), analysis_pool.analysis_pool(path, 1) as pool:  # noqa: PT012
        next(pool.analysed_blocks(store, range(len(ARTICLES))))
        assert len(_children()) == 2
        raise KeyboardInterrupt
    assert not _children()


@pytest.mark.usefixtures("_two_processes")
def test_a_process_checks_the_store(path: Path) -> None:
    with analysis_pool.analysis_pool(path, 1) as pool:
        pool.begin_check()
        assert len(_children()) == 1
        assert pool.found_sound()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE chunk SET hash = 'x' WHERE row = 7")
    with analysis_pool.analysis_pool(path, 1) as pool:
        pool.begin_check()
        assert not pool.found_sound()
    with analysis_pool.analysis_pool(path.with_name("nothing"), 1) as pool:
        pool.begin_check()
        assert not pool.found_sound()


@pytest.mark.usefixtures("_two_processes")
def test_a_store_that_is_damaged_while_it_is_indexed_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process finds the fault; this one then checks the store itself, and says what is wrong."""

    def damage(staged: StagedArticles, pool: analysis_pool.AnalysisPool, progress: Progress) -> None:
        with closing(sqlite3.connect(staged.files.articles)) as connection, connection:
            connection.execute("UPDATE chunk SET hash = 'x' WHERE row = 7")
        write_words(staged, pool, progress)

    monkeypatch.setattr("search.local.builder.write_words", damage)
    with pytest.raises(IndexCorrupt, match="row 7 no longer holds the text that was encoded"):
        build_index(tmp_path / "damaged", ARTICLES)
    assert not layout.published_id(tmp_path / "damaged")


def test_without_processes_nothing_is_found_sound(path: Path) -> None:
    with analysis_pool.analysis_pool(path, 1) as pool:
        pool.begin_check()
        assert not pool.found_sound()


@pytest.mark.usefixtures("_two_processes")
def test_an_interrupt_ends_the_build_and_its_processes(tmp_path: Path) -> None:
    def interrupt(stage: Stage, done: int, total: int) -> None:
        if stage == Stage.WORDS:
            raise KeyboardInterrupt

    corpus = Corpus(("corpus",), ARTICLES, on_unread=lambda _: None)
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path / "stopped", corpus, FakeEncoder(), "", interrupt)
    assert not _children()


def test_a_process_ends_with_its_input_and_ignores_interrupts(path: Path) -> None:
    command = [sys.executable, "-m", "search.local.analysis_worker", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:  # noqa: S603 - ours
        assert worker.stdin is not None
        assert worker.stdout is not None
        for keys in ([0, 1], [2]):
            pickle.dump(keys, worker.stdin)
            worker.stdin.flush()
            assert len(pickle.load(worker.stdout).signatures) == len(keys)  # noqa: S301 - ours
            os.kill(worker.pid, signal.SIGINT)
        worker.stdin.close()
        assert worker.wait(timeout=30) == 0


def test_few_articles_start_no_process(
    path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis_pool, "_Worker", _refuse)
    assert analysed(path, store)
