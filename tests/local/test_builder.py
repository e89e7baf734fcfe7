from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.build_types import Rejected, Replaced, Stage, Unread
from search.errors import CorpusError, EncoderUnavailable, IndexBusy, IndexMissing, SearchError
from search.indexing.encoder_check import PROBE_PASSAGE
from search.local import builder, layout, vector_stages
from search.local.manifest import FORMAT
from search.local.reader import open_current
from search.protocols import Corpus
from search.text.chunking import encoded_text
from search.types import Article
from tests.fakes import FakeEncoder, build_index, silent
from tests.press import PRESS

from .contents import Contents, contents, generations, leftovers


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_stages, "_BATCH", 4)


@pytest.fixture(scope="module")
def expected(press_index: Path) -> Contents:
    return contents(press_index)


def _encoded(encoder: FakeEncoder) -> list[str]:
    """The texts that it encoded, without the probe of each build."""
    return [text for batch in encoder.batches for text in batch if text != PROBE_PASSAGE]


def _failing(after: int, error: BaseException) -> FakeEncoder:
    """An encoder that fails at every batch after the first ones."""
    batches = iter(range(after))

    def fail() -> None:
        if next(batches, None) is None:
            raise error

    return FakeEncoder(before_batch=fail)


def test_the_articles_are_published(index: Path) -> None:
    encoder = FakeEncoder()
    report = build_index(index, PRESS, encoder)
    content = contents(index)
    assert content.articles == PRESS
    assert [chunk.article for chunk in content.chunks] == sorted(chunk.article for chunk in content.chunks)
    assert sum(chunk.article == 1 for chunk in content.chunks) == 4
    vectors = np.stack([encoder.encode_query(text) for text in content.texts])
    assert content.rows.tolist() == vectors.astype(np.float16).tolist()
    assert sorted(_encoded(encoder)) == sorted(content.texts)
    assert (report.encoded, report.reused, report.notice) == (len(content.chunks), 0, "")
    assert leftovers(index) == set()


def test_passages_cover_the_body_and_fit_the_model(press_index: Path) -> None:
    content, encoder = contents(press_index), FakeEncoder()
    for key, article in enumerate(content.articles):
        spans = [(chunk.start, chunk.end) for chunk in content.chunks if chunk.article == key]
        covered = {offset for start, end in spans for offset in range(start, end)}
        left_out = [letter for offset, letter in enumerate(article.body) if offset not in covered]
        assert "".join(left_out).isspace() or not left_out
        for start, end in spans:
            assert encoder.count_tokens(encoded_text(article, start, end)) <= encoder.max_tokens


def test_the_manifest_describes_the_generation(index: Path) -> None:
    rejected = [Rejected("a.txt", 3, "no text"), Rejected("b.txt", 0, "no text")]
    replaced = Replaced("", 0, "the article obus was replaced by a later one with its id, in ")
    reported: list[Unread] = []
    corpus = Corpus(("one", "two"), [*rejected, *PRESS, PRESS[0]], reported.append)
    manifest = builder.build(index, corpus, FakeEncoder(), "chosen", silent).manifest
    assert reported == [*rejected, replaced]
    assert manifest.corpus == ("one", "two")
    assert (manifest.articles, manifest.chunks, manifest.rejected, manifest.replaced) == (12, 15, 2, 1)
    assert (manifest.format, manifest.model, manifest.encoder, manifest.dimension) == (
        FORMAT,
        "chosen",
        "fake@1",
        32,
    )
    arrays = {"compared.npy", "families.npy", "keyword.arrays", "signatures.npy"}
    assert manifest.checksums.keys() == {"articles.sqlite", "vectors.npy", *arrays}
    with closing(open_current(index)) as generation:
        assert generation.manifest == manifest


def test_progress_is_reported_for_each_stage(index: Path, small_batches: None) -> None:
    calls: list[tuple[Stage, int, int]] = []

    def progress(stage: Stage, done: int, total: int) -> None:
        calls.append((stage, done, total))

    corpus = Corpus(("corpus",), PRESS, on_unread=lambda _: None)
    builder.build(index, corpus, FakeEncoder(), "", progress)
    elsewhere = {Stage.LOAD, Stage.INDEX, Stage.SEARCHABLE}
    assert [*dict.fromkeys(stage for stage, _, _ in calls)] == [s for s in Stage if s not in elsewhere]
    by_stage = {
        stage: [(done, total) for name, done, total in calls if name == stage] for stage, _, _ in calls
    }
    assert by_stage[Stage.READ] == [(done, 0) for done in range(1, 13)]
    assert by_stage[Stage.CHUNK] == [(done, 12) for done in range(1, 13)]
    assert by_stage[Stage.WORDS] == [(12, 12)]
    assert by_stage[Stage.COPIES] == [(0, 12), (12, 12)]
    assert by_stage[Stage.ENCODE] == [(done, 15) for done in (0, 4, 8, 12, 15)]


def test_only_what_changed_is_encoded_again(index: Path) -> None:
    build_index(index, PRESS)
    before = contents(index)
    changed = replace(PRESS[0], body="Un tout autre texte sur les céréales.")
    encoder = FakeEncoder()
    report = build_index(index, [changed, *PRESS[1:]], encoder)
    after = contents(index)
    assert _encoded(encoder) == [
        "Pyongyang livre des obus d'artillerie\nUn tout autre texte sur les céréales."
    ]
    assert (report.encoded, report.reused) == (1, 14)
    assert after.articles == (changed, *PRESS[1:])
    assert after.rows[1:].tolist() == before.rows[1:].tolist()
    vector = encoder.encode_query(_encoded(encoder)[0])
    assert after.rows[0].tolist() == vector.astype(np.float16).tolist()


def test_vectors_are_reused_when_their_rows_change(index: Path, expected: Contents) -> None:
    build_index(index, [Article("new", "Un titre", "Une dépêche de plus."), *reversed(PRESS)])
    encoder = FakeEncoder()
    build_index(index, PRESS, encoder)
    assert _encoded(encoder) == []
    assert contents(index) == expected


def test_a_new_title_is_encoded_with_each_passage(index: Path) -> None:
    build_index(index, PRESS)
    encoder = FakeEncoder()
    build_index(index, [PRESS[0], replace(PRESS[1], title="Autre titre"), *PRESS[2:]], encoder)
    assert len(_encoded(encoder)) == 4
    assert all(text.startswith("Autre titre\n") for text in _encoded(encoder))


def test_a_text_in_two_articles_is_encoded_once(index: Path) -> None:
    encoder = FakeEncoder()
    build_index(index, [PRESS[0], replace(PRESS[0], id="again")], encoder)
    first, second = contents(index).rows
    assert len(_encoded(encoder)) == 1
    assert first.tolist() == second.tolist()


def test_only_the_last_article_of_an_id_is_indexed(index: Path) -> None:
    newer = replace(PRESS[0], title="Corrigé", body="Le train n'a pas franchi la frontière.")
    report = build_index(index, [PRESS[0], PRESS[2], newer])
    assert contents(index).articles == (PRESS[2], newer)
    assert (report.manifest.articles, report.manifest.replaced) == (2, 1)


@pytest.mark.parametrize(
    ("records", "reason"),
    [([], "no article was found"), ([Rejected("a.txt", 1, "no text")] * 2, "all 2 records were rejected")],
)
def test_a_corpus_without_articles_leaves_the_old_generation(
    index: Path, records: list[Rejected], reason: str
) -> None:
    build_index(index, PRESS[:2])
    before = contents(index)
    with pytest.raises(
        CorpusError, match=f"Nothing to index in corpus: {reason}; list what was left out with --rejects"
    ) as caught:
        build_index(index, records)
    assert caught.value.path == "corpus"
    assert contents(index) == before


def test_a_first_build_that_fails_publishes_nothing(index: Path) -> None:
    with pytest.raises(CorpusError):
        build_index(index, [])
    with pytest.raises(IndexMissing):
        open_current(index)


def test_a_second_build_at_the_same_time_is_refused(index: Path) -> None:
    def records() -> Iterator[Article]:
        with pytest.raises(IndexBusy, match="Another build is at work"):
            build_index(index, PRESS[1:2])
        yield PRESS[0]

    build_index(index, records())
    assert contents(index).articles == PRESS[:1]


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("error", [KeyboardInterrupt(), EncoderUnavailable("the model vanished")])
@pytest.mark.parametrize("batches", [0, 2])
def test_an_interrupted_build_is_resumed(
    index: Path, expected: Contents, error: BaseException, batches: int
) -> None:
    build_index(index, PRESS[:3])
    old = contents(index)
    encoder = _failing(batches, error)
    with pytest.raises(type(error)):
        build_index(index, PRESS, encoder)
    assert contents(index) == old
    cached = _encoded(encoder)
    assert len(cached) == 4 * batches
    encoder = FakeEncoder()
    report = build_index(index, PRESS, encoder)
    assert set(_encoded(encoder)).isdisjoint(cached)
    assert report.encoded == len(_encoded(encoder)) == 9 - len(cached)
    assert contents(index) == expected
    assert leftovers(index) == set()


@pytest.mark.parametrize("stage", ["validate", "seal", "layout.publish"])
def test_a_build_that_fails_after_encoding_does_not_encode_again(
    index: Path, expected: Contents, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(f"search.local.builder.{stage}", interrupted)
        with pytest.raises(KeyboardInterrupt):
            build_index(index, PRESS)
    encoder = FakeEncoder()
    build_index(index, PRESS, encoder)
    assert _encoded(encoder) == []
    assert contents(index) == expected
    assert leftovers(index) == set()


def test_vectors_of_another_encoder_are_not_reused(index: Path, small_batches: None) -> None:
    with pytest.raises(KeyboardInterrupt):
        build_index(index, PRESS, _failing(1, KeyboardInterrupt()))
    encoder = FakeEncoder(name="other@1", dimension=64)
    build_index(index, PRESS, encoder)
    assert sorted(_encoded(encoder)) == sorted(contents(index).texts)


def test_a_build_of_the_same_articles_does_not_change_the_index(index: Path) -> None:
    first = build_index(index, PRESS)
    again = build_index(index, PRESS)
    assert (again.manifest, again.encoded, again.reused) == (first.manifest, 0, 15)
    assert again.notice == f"Nothing has changed since {first.manifest.created}: the index stays as it is."
    assert generations(index) == {first.manifest.id}
    assert leftovers(index) == set()


@pytest.mark.parametrize(
    "articles", [PRESS[::-1], PRESS[1:], [*PRESS, PRESS[0]], [replace(PRESS[0], section="autre"), *PRESS[1:]]]
)
def test_any_change_of_the_articles_makes_a_new_generation(index: Path, articles: Sequence[Article]) -> None:
    first = build_index(index, PRESS)
    assert build_index(index, articles).manifest.id != first.manifest.id
    assert tuple(contents(index).articles) != PRESS


def test_a_damaged_index_is_built_again_from_the_same_articles(index: Path, expected: Contents) -> None:
    first = build_index(index, PRESS)
    (layout.current(index) / "keyword.arrays").write_bytes(b"garbage")
    assert build_index(index, PRESS).manifest.id != first.manifest.id
    assert contents(index) == expected


@pytest.mark.parametrize("other", [FakeEncoder(name="fake@2"), FakeEncoder(dimension=64)])
def test_another_encoder_encodes_everything_and_says_why(index: Path, other: FakeEncoder) -> None:
    build_index(index, PRESS)
    report = build_index(index, PRESS, other)
    assert (report.encoded, report.reused) == (15, 0)
    assert report.notice.startswith("Every text was encoded again: The index was encoded by fake@1")
    assert contents(index).rows.shape == (15, other.dimension)


@pytest.mark.parametrize("name", ["vectors.npy", "articles.sqlite", "manifest.json"])
@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"garbage")])
def test_vectors_of_a_damaged_generation_are_not_reused(
    index: Path, expected: Contents, name: str, damage: Callable[[Path], object]
) -> None:
    build_index(index, PRESS)
    damage(layout.current(index) / name)
    report = build_index(index, PRESS)
    assert report.encoded == 15
    assert report.notice.startswith("Every text was encoded again: The ")
    assert contents(index) == expected


def test_swapped_hashes_make_no_text_use_the_vector_of_another(
    index: Path, expected: Contents, swapped_hashes: Callable[[Path], None]
) -> None:
    build_index(index, PRESS)
    swapped_hashes(layout.current(index) / "articles.sqlite")
    assert build_index(index, PRESS).encoded == 15
    assert contents(index) == expected


def test_the_published_generation_and_the_one_before_are_kept(index: Path) -> None:
    ids = [build_index(index, PRESS[:count]).manifest.id for count in (1, 2, 3)]
    assert generations(index) == set(ids[1:])
    assert layout.current(index).name == ids[2]


def test_builds_do_not_change_an_open_generation(index: Path) -> None:
    build_index(index, PRESS)
    with closing(open_current(index)) as opened:
        for count in (1, 2, 3):
            build_index(index, PRESS[:count])
        assert tuple(opened.store.every_article()) == PRESS
        assert opened.keyword.passages == 15


def test_a_build_that_fails_its_check_is_not_published(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_index(index, PRESS[:2])
    before = contents(index)
    zeros = FakeEncoder()
    monkeypatch.setattr(zeros, "encode_passages", lambda texts: np.zeros((len(texts), 32), np.float32))
    with pytest.raises(SearchError, match="its own nearest neighbour"):
        build_index(index, PRESS, zeros)
    assert contents(index) == before
