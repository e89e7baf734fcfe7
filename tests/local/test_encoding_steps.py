"""Tests of builds that publish the words of many articles first, and their vectors in steps."""

import errno
import os
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.build_types import RepairOutcome, Stage
from search.errors import IndexCorrupt
from search.local import builder, encoding_steps, layout, vector_stages
from search.local.builder import build
from search.local.manifest import read_manifest, seal
from search.local.reader import open_current, verify_current
from search.local.repair import RepairContext, repair
from search.protocols import Bools, Corpus
from search.query.plain import plain_query
from search.retrieval.request import Request
from search.types import Article, Mode
from tests.fakes import FakeEncoder, build_index, engine_of, silent
from tests.press import PRESS
from tests.stress.updates import compare

from .contents import generations, leftovers
from .tasks import Task, build_killed_in_steps

ROWS = 15  # of PRESS


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """The index of ``PRESS`` by a build in one go."""
    build_index(tmp_path / "clean", PRESS)
    return tmp_path / "clean"


@pytest.fixture
def in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words come first, vectors are published after 4 texts, then as soon as there are twice as many."""
    monkeypatch.setattr(builder, "FEW", 2)
    monkeypatch.setattr(encoding_steps, "FIRST_STEP", 4)
    monkeypatch.setattr(encoding_steps, "_SHARE", 0)
    monkeypatch.setattr(vector_stages, "_BATCH", 2)


def _watching(index: Path, look: Callable[[], None]) -> FakeEncoder:
    """An encoder that looks at the index before each batch."""
    return FakeEncoder(before_batch=look)


def _stopping(after: int) -> FakeEncoder:
    """An encoder that is interrupted after so many batches."""
    batches = iter(range(after))

    def stop() -> None:
        if next(batches, None) is None:
            raise KeyboardInterrupt

    return FakeEncoder(before_batch=stop)


def _interrupted(index: Path, batches: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        build_index(index, PRESS, _stopping(batches))


def _encoded(index: Path) -> int:
    return read_manifest(layout.current(index)).encoded


@pytest.mark.usefixtures("in_steps")
def test_words_answer_before_anything_is_encoded(index: Path) -> None:
    answers: list[tuple[list[str], tuple[str, ...]]] = []

    def ask() -> None:
        if not answers:
            with closing(open_current(index)) as generation:
                assert tuple(generation.store.every_article()) == PRESS
                hits = engine_of(generation).search(Request(plain_query("céréales"), Mode.HYBRID))
            answers.append(([hit.article.id for hit in hits.hits], hits.degraded))

    report = build_index(index, PRESS, _watching(index, ask))
    ((found, degraded),) = answers
    assert sorted(found) == sorted(PRESS[key].id for key in (1, 10))
    assert [str(line) for line in degraded] == [
        "Answered by keywords only: no passage is encoded yet; to go on with it, run: depeche build PATH"
    ]
    assert (report.encoded, report.reused, report.manifest.encoded) == (ROWS, 0, ROWS)


@pytest.mark.usefixtures("in_steps")
def test_vectors_are_published_whenever_there_are_twice_as_many(index: Path) -> None:
    published: list[int] = []
    build_index(index, PRESS, _watching(index, lambda: published.append(_encoded(index))))
    assert published == [0, 0, 4, 4, 8, 8, 8, 8]
    assert _encoded(index) == ROWS


def test_publishing_takes_a_small_part_of_the_time(index: Path, in_steps: None) -> None:
    published: list[int] = []
    encoding_steps._SHARE = 1 << 30  # after the first step, no time is enough
    build_index(index, PRESS, _watching(index, lambda: published.append(_encoded(index))))
    assert published == [0, 0, 4, 4, 4, 4, 4, 4]


@pytest.mark.usefixtures("in_steps")
def test_the_last_step_equals_a_build_in_one_go(index: Path, clean: Path) -> None:
    report = build_index(index, PRESS)
    compare(index, clean)
    made, expected = report.manifest, read_manifest(layout.current(clean))
    same = {"id": expected.id, "created": expected.created, "checksums": expected.checksums}
    assert replace(made, **same) == expected  # type: ignore[arg-type]
    assert made.checksums.keys() == expected.checksums.keys()
    assert leftovers(index) == set()
    assert generations(index) == {made.id}


@pytest.mark.usefixtures("in_steps")
def test_words_that_are_damaged_between_two_steps_are_not_published_again(index: Path) -> None:
    def damage() -> None:
        words = layout.current(index) / "keyword.arrays"
        words.write_bytes(b"damaged" + words.read_bytes()[7:])

    with pytest.raises(IndexCorrupt, match=r"keyword\.arrays is not what was published"):
        build_index(index, PRESS, _watching(index, damage))
    assert _encoded(index) == 0


@pytest.mark.usefixtures("in_steps")
def test_vectors_are_those_of_their_texts_however_few_articles_are_kept(
    index: Path, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_stages, "_SPAN", 1)
    build_index(index, PRESS)
    compare(index, clean)


@pytest.mark.usefixtures("in_steps")
def test_the_newest_articles_are_encoded_first(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_stages, "_SPAN", 2)
    days = [3, 1, 4, 2, 5, 6]
    articles = [Article(f"a{day}", f"Titre {day}", "Un texte.", published=f"2024-01-0{day}") for day in days]
    encoder = FakeEncoder()
    build_index(index, articles, encoder)
    titles = [{text.partition("\n")[0] for text in batch} for batch in encoder.batches]
    assert titles == [{"Titre 6", "Titre 5"}, {"Titre 4", "Titre 3"}, {"Titre 2", "Titre 1"}]


@pytest.mark.usefixtures("in_steps")
@pytest.mark.parametrize("batches", [0, 1, 2, 5, 7])
def test_an_interrupted_build_is_continued(index: Path, clean: Path, batches: int) -> None:
    _interrupted(index, batches)
    assert verify_current(index).encoded == (0 if batches < 2 else 4 if batches < 4 else 8)
    encoder = FakeEncoder()
    report = build_index(index, PRESS, encoder)
    again = sum(map(len, encoder.batches))
    assert report.encoded == again == ROWS - 2 * batches
    assert report.notice.startswith("No article has changed since 20")
    assert (report.change.unchanged, report.change.new) == (len(PRESS), 0)
    compare(index, clean)
    assert leftovers(index) == set()
    assert str(build_index(index, PRESS).notice).startswith("Nothing has changed since 20")


@pytest.mark.usefixtures("in_steps")
def test_changed_articles_reuse_the_vectors_of_an_interrupted_build(index: Path, tmp_path: Path) -> None:
    _interrupted(index, 3)
    now = [*PRESS[1:], Article("new", "Un titre", "Une dépêche de plus.")]
    report = build_index(index, now)
    assert report.encoded <= ROWS - 6 + 1
    build_index(tmp_path / "new", now)
    compare(index, tmp_path / "new")


@pytest.mark.usefixtures("in_steps")
def test_an_update_keeps_the_complete_index_before_it(index: Path) -> None:
    before = build_index(index, PRESS[:6]).manifest.id
    seen: list[set[str]] = []
    after = build_index(index, PRESS, _watching(index, lambda: seen.append(generations(index))))
    assert all(before in ids and len(ids) == 2 for ids in seen)
    assert generations(index) == {before, after.manifest.id}


@pytest.mark.usefixtures("in_steps")
def test_a_reader_keeps_the_words_that_it_opened(index: Path) -> None:
    _interrupted(index, 0)
    with closing(open_current(index)) as opened:
        build_index(index, PRESS)
        opened.verify()
        assert not opened.vectors.encoded.any()


@pytest.mark.usefixtures("in_steps")
def test_with_another_encoder_the_index_is_not_published_without_meaning(index: Path) -> None:
    build_index(index, PRESS)
    encoded: list[int] = []
    other = FakeEncoder(name="fake@2", before_batch=lambda: encoded.append(_encoded(index)))
    assert build_index(index, PRESS, other).manifest.encoder == "fake@2"
    assert set(encoded) == {ROWS}


@pytest.mark.usefixtures("in_steps")
def test_progress_tells_when_words_are_searchable(index: Path) -> None:
    calls: list[tuple[Stage, int, int]] = []
    corpus = Corpus(("corpus",), PRESS, on_unread=lambda _: None)
    build(index, corpus, FakeEncoder(), "", lambda *call: calls.append(call))
    stages = [*dict.fromkeys(stage for stage, _, _ in calls)]
    assert stages[-4:] == [Stage.COPIES, Stage.CHECK, Stage.SEARCHABLE, Stage.ENCODE]
    encoded = [(done, total) for stage, done, total in calls if stage is Stage.ENCODE]
    assert encoded == [(done, ROWS) for done in (2, 4, 6, 8, 10, 12, 14, ROWS)]


@pytest.mark.usefixtures("in_steps")
def test_without_hard_links_the_words_are_copied(
    index: Path, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    build_index(index, PRESS)
    compare(index, clean)


@pytest.mark.usefixtures("in_steps")
@pytest.mark.parametrize("damage", ["encoded.npy", "vectors.npy", "keyword.arrays"])
def test_a_damaged_partial_index_is_found_and_repaired(index: Path, clean: Path, damage: str) -> None:
    _interrupted(index, 5)
    path = layout.current(index) / damage
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(IndexCorrupt, match=f"{damage} is not what was published"):
        verify_current(index)
    report = repair(index, RepairContext(lambda _: FakeEncoder(), silent))
    assert report.outcome is RepairOutcome.REBUILT
    compare(index, clean)


@pytest.mark.usefixtures("in_steps")
@pytest.mark.parametrize("wrong", [np.ones(ROWS, bool), np.zeros(ROWS - 1, bool), np.zeros(ROWS)])
def test_a_contradiction_about_what_is_encoded_is_found(index: Path, wrong: Bools) -> None:
    _interrupted(index, 5)
    files = layout.Layout(layout.current(index))
    np.save(files.encoded, wrong)
    seal(files, replace(read_manifest(files.folder), checksums=layout.checksums(files, {})))
    with pytest.raises(IndexCorrupt, match="does not tell which passages have a vector"):
        verify_current(index)


@pytest.mark.usefixtures("in_steps")
def test_an_intact_partial_index_needs_no_repair(index: Path) -> None:
    _interrupted(index, 5)
    report = repair(index, RepairContext(lambda _: FakeEncoder(), silent))
    assert (report.outcome, report.manifest.encoded) == (RepairOutcome.SOUND, 8)


def test_a_build_in_steps_may_be_killed_at_any_step(index: Path, clean: Path) -> None:
    task = Task(build_killed_in_steps, index, PRESS, 0)
    assert task.receive() == "begins"
    steps = task.receive()
    assert isinstance(steps, int)
    assert task.exit_code() == 0
    states = set()
    for step in range(steps // 3, steps, steps // 24):
        shutil.rmtree(index, ignore_errors=True)
        task = Task(build_killed_in_steps, index, PRESS, step)
        assert task.receive() == "begins"
        assert task.exit_code() != 0
        states.add(verify_current(index).encoded if layout.published_id(index) else -1)
        build_index(index, PRESS)
        compare(index, clean)
        assert leftovers(index) == set()
        assert len(generations(index)) == 1
    assert states >= {-1, 0, 4, 8}
