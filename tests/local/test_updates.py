"""Tests that a build which copies unchanged articles gives the same files as a build of all articles."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from search.build_types import Change
from search.errors import IndexCorrupt
from search.keyword import run_merge
from search.keyword.block_inverter import ArticleToIndex, BlockInverter
from search.local import analysis_pool, layout
from search.local.vector_file import VectorFile
from search.types import Article
from tests.fakes import FakeEncoder, build_index
from tests.keyword.corpus import random_articles
from tests.press import PRESS
from tests.stress.updates import compare, update, updated


@pytest.mark.parametrize("share", [0.02, 0.5])
def test_updates_give_the_same_as_a_clean_build(tmp_path: Path, share: float) -> None:
    for report in update(tmp_path, articles=40, updates=5, share=share, seed=int(share * 100)):
        assert "again" not in report.notice


def test_small_runs_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis_pool, "_BLOCK_CHARACTERS", 200)
    monkeypatch.setattr(run_merge, "_SORTED_AT_ONCE", 30)
    for _ in update(tmp_path, articles=30, updates=2, share=0.3, seed=5):
        pass


def test_articles_may_be_removed_and_reordered(tmp_path: Path) -> None:
    index = tmp_path / "index"
    build_index(index, PRESS)
    for number, articles in enumerate([PRESS[::-1], PRESS[:1], (*PRESS[5:], PRESS[0], PRESS[3]), PRESS]):
        build_index(index, articles)
        build_index(tmp_path / f"clean-{number}", articles)
        compare(index, tmp_path / f"clean-{number}")


def test_unchanged_articles_are_neither_cut_nor_inverted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(tmp_path, PRESS)
    inverted = _recorded_inversions(monkeypatch)
    changed = replace(PRESS[4], body="Une grève de plus.")
    encoder = _RecordingEncoder()
    build_index(tmp_path, [PRESS[0], Article("new", "Un titre", "Un texte."), *PRESS[2:4], changed], encoder)
    assert inverted == ["new", changed.id]
    assert {text.splitlines()[0] for text in encoder.counted} == {"Un titre", changed.title}


def _recorded_inversions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the articles whose words are indexed from now on, not copied."""
    inverted: list[str] = []
    add = BlockInverter.add

    def recording_add(inverter: BlockInverter, indexed: ArticleToIndex) -> None:
        inverted.append(indexed.article.id)
        add(inverter, indexed)

    monkeypatch.setattr(BlockInverter, "add", recording_add)
    return inverted


class _RecordingEncoder(FakeEncoder):
    """Records the passages whose tokens were counted."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: list[str] = []

    def count_tokens(self, passage: str) -> int:
        self.counted.append(passage)
        return super().count_tokens(passage)


def test_a_build_reports_how_the_articles_changed(tmp_path: Path) -> None:
    assert build_index(tmp_path, PRESS).change == Change(unchanged=0, new=12, changed=0, gone=0)
    changed = replace(PRESS[4], section="culture")
    now = [*PRESS[:4], changed, PRESS[7], Article("new", "Un titre", "Un texte.")]
    assert build_index(tmp_path, now).change == Change(unchanged=5, new=1, changed=1, gone=6)
    assert build_index(tmp_path, now).change == Change(unchanged=7, new=0, changed=0, gone=0)


@pytest.mark.parametrize("name", ["keyword.arrays", "signatures.npy", "compared.npy", "families.npy"])
def test_nothing_is_copied_from_a_damaged_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    index = tmp_path / "index"
    build_index(index, PRESS)
    damaged = layout.current(index) / name
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    now = updated(list(PRESS), random.Random(3), 0.3)  # noqa: S311 - nothing secret
    inverted = _recorded_inversions(monkeypatch)
    report = build_index(index, now)
    assert f"Every article was indexed again: The index is damaged: {damaged}" in str(report.notice)
    assert len(inverted) == report.manifest.articles
    assert report.reused > 0
    build_index(tmp_path / "clean", now)
    compare(index, tmp_path / "clean")


def test_articles_that_are_cut_differently_are_indexed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, articles = tmp_path / "index", random_articles(seed=9, count=30)
    build_index(index, articles)
    monkeypatch.setattr("search.text.chunking.TARGET", 90)
    monkeypatch.setattr("search.text.chunking.SLACK", 10)
    report = build_index(index, articles)
    assert str(report.notice) == "Every article was indexed again: passages are cut in another way now"
    build_index(tmp_path / "clean", articles)
    compare(index, tmp_path / "clean")


def test_nothing_is_copied_when_the_vectors_come_from_another_generation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, now = tmp_path / "index", [*PRESS, Article("newest", "Un titre", "Une dépêche de plus.")]
    build_index(index, PRESS[:6])
    build_index(index, PRESS)
    published, initialise = layout.current(index) / "vectors.npy", VectorFile.__init__

    def fail_for_published(vectors: VectorFile, path: Path) -> None:
        if path == published:
            raise IndexCorrupt("the disk does not answer")
        initialise(vectors, path)

    with monkeypatch.context() as patched:
        patched.setattr(VectorFile, "__init__", fail_for_published)
        inverted = _recorded_inversions(patched)
        report = build_index(index, now)
    assert str(report.notice) == "Every article was indexed again: the disk does not answer"
    assert len(inverted) == 13
    build_index(tmp_path / "clean", now)
    compare(index, tmp_path / "clean")
