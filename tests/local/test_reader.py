import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.errors import IndexCorrupt, IndexIncompatible, IndexMissing
from search.indexing.encoder_check import check_encoder
from search.keyword import inverter
from search.local import layout, vector_file
from search.local.manifest import FORMAT, read_manifest, seal
from search.local.reader import Generation, open_current
from search.protocols import Floats
from search.query.ast import Field, FieldName, RankingWord, Word
from tests.fakes import FakeEncoder, InMemory
from tests.keyword.corpus import cut
from tests.press import PRESS


@pytest.fixture
def index(press_index: Path, tmp_path: Path) -> Path:
    """A copy of the index of ``PRESS``, to damage."""
    copy = tmp_path / "index"
    shutil.copytree(press_index, copy)
    return copy


@pytest.fixture
def folder(index: Path) -> Path:
    return layout.current(index)


def _verify(index: Path) -> None:
    with closing(open_current(index)) as generation:
        generation.verify()


def _reseal(folder: Path) -> None:
    """Write the checksums of the files as they are, so that only contradictions between them are left."""
    files = layout.Layout(folder)
    seal(files, replace(read_manifest(folder), checksums=layout.checksums(files, {})))


def _change(folder: Path, statements: str) -> None:
    with closing(sqlite3.connect(folder / "articles.sqlite")) as connection:
        connection.executescript(statements)
    _reseal(folder)


def _rewrite_vectors(folder: Path, change: Callable[[Floats], Floats]) -> None:
    path = folder / "vectors.npy"
    vectors = vector_file.VectorFile(path)
    vector_file.write(path, InMemory(change(vectors.of_rows(np.arange(vectors.rows)))))
    _reseal(folder)


def test_a_generation_answers(generation: Generation) -> None:
    assert generation.store.articles([8]) == [PRESS[8]]
    assert np.flatnonzero(generation.keyword.score([RankingWord(Word("céréales"))]).articles).tolist() == [
        1,
        10,
    ]
    section = Field(FieldName.SECTION, Word("culture"))
    assert np.flatnonzero(generation.keyword.allowed(section)).tolist() == [5, 6]
    nearest = generation.vectors.search(
        FakeEncoder().encode_query("un marathon couru sous la pluie à Lille"), 1
    )
    assert [chunk.article for chunk in generation.store.chunks(nearest.rows.tolist())] == [7]


def test_an_intact_generation_verifies_and_gives_its_size(generation: Generation, press_index: Path) -> None:
    generation.verify()
    files = [path for path in layout.current(press_index).rglob("*") if path.is_file()]
    assert generation.size == sum(path.stat().st_size for path in files)


def test_no_index_is_missing(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="run: depeche build PATH"):
        open_current(tmp_path)


@pytest.mark.parametrize("part", [0, 0.5, 0.999])
@pytest.mark.parametrize("pattern", ["articles.sqlite", "vectors.npy", "keyword.arrays"])
@pytest.mark.usefixtures("garbage_collected")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_flipped_byte_is_found_in_each_file(index: Path, folder: Path, pattern: str, part: float) -> None:
    (path,) = folder.glob(pattern)
    content = bytearray(path.read_bytes())
    content[int(len(content) * part)] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(IndexCorrupt, match=f"run: depeche repair --index {index}$"):
        _verify(index)


@pytest.mark.parametrize("pattern", ["articles.sqlite", "vectors.npy", "keyword.arrays"])
def test_a_missing_file_is_found(index: Path, folder: Path, pattern: str) -> None:
    (path,) = folder.glob(pattern)
    path.unlink()
    with pytest.raises(IndexCorrupt, match=f"run: depeche repair --index {index}$"):
        _verify(index)


@pytest.mark.parametrize("name", ["articles.sqlite-journal", "keyword/other.arrays", "deep/notes.txt"])
def test_an_additional_file_is_found_and_named(index: Path, folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).touch()
    with pytest.raises(IndexCorrupt, match=f"hold: {name}; run: depeche repair --index"):
        _verify(index)


def test_a_longer_file_is_found(index: Path, folder: Path) -> None:
    with (folder / "vectors.npy").open("ab") as stream:
        stream.write(b"more")
    with pytest.raises(IndexCorrupt, match=r"vectors\.npy is not what was published"):
        _verify(index)


def test_a_resealed_copy_is_intact(index: Path, folder: Path) -> None:
    """The tests below use this helper to pass the check of the checksums."""
    _reseal(folder)
    _verify(index)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("DELETE FROM chunk WHERE row = 14", "the article store .* contradicts itself"),
        ("DELETE FROM chunk WHERE row = 4", "the article store .* contradicts itself"),
        ("DELETE FROM chunk WHERE article = 1 AND ordinal = 3;", "contradicts itself"),
        (
            "UPDATE chunk SET row = -1 WHERE row = 0; UPDATE chunk SET row = 0 WHERE row = 5;"
            "UPDATE chunk SET row = 5 WHERE row = -1",
            "contradicts itself",
        ),
        (
            "UPDATE article SET key = -1 WHERE key = 6; UPDATE article SET key = 6 WHERE key = 7;"
            "UPDATE article SET key = 7 WHERE key = -1",
            "row 9 no longer holds the text that was encoded",
        ),
        (
            "UPDATE article SET body = (SELECT body FROM article WHERE key = 6) WHERE key = 7",
            "the article store .* contradicts itself",
        ),
        ("UPDATE article SET body = zeroblob(9) WHERE key = 7", "articles.sqlite cannot be read"),
        ("UPDATE article SET title = 'Autre titre' WHERE key = 1", "store .* contradicts itself"),
        ("UPDATE chunk SET end = end - 1 WHERE row = 3", "row 3 no longer holds the text"),
        ("UPDATE chunk SET hash = x'00' WHERE row = 14", "row 14 no longer holds the text"),
    ],
)
def test_a_store_that_contradicts_the_others_is_found(
    index: Path, folder: Path, damage: str, message: str
) -> None:
    _change(folder, damage)
    with pytest.raises(IndexCorrupt, match=f"(?i){message}"):
        _verify(index)


def test_swapped_hashes_are_found(index: Path, folder: Path, swapped_hashes: Callable[[Path], None]) -> None:
    swapped_hashes(folder / "articles.sqlite")
    _reseal(folder)
    with pytest.raises(IndexCorrupt, match="row 0 no longer holds the text that was encoded"):
        _verify(index)


@pytest.mark.parametrize(
    ("articles", "passages", "message"),
    [
        (12, 14, r"holds \(12, 14\) articles and passages, not \(12, 15\)"),
        (12, 16, r"holds \(12, 16\) articles and passages, not \(12, 15\)"),
        (11, 15, r"holds \(11, 15\) articles and passages, not \(12, 15\)"),
    ],
)
def test_a_keyword_index_that_contradicts_the_others_is_found(
    index: Path, folder: Path, articles: int, passages: int, message: str
) -> None:
    (folder / "keyword.arrays").unlink()
    spans = [[(0, 1)] for _ in range(articles - 1)] + [[(0, 1)] * (passages - articles + 1)]
    inverter.write(folder / "keyword.arrays", *cut(zip(PRESS, spans, strict=False)))
    _reseal(folder)
    with pytest.raises(IndexCorrupt, match=message):
        _verify(index)


def _with_row(row: int, factor: float) -> Callable[[Floats], Floats]:
    def change(content: Floats) -> Floats:
        content[row] *= factor
        return content

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda content: content[:-1], "there are 14 vectors, not 15"),
        (lambda content: content[:, :16], "there are 15 vectors"),
        (_with_row(14, 0), "the vector of row 14 is not its own nearest neighbour"),
        (_with_row(3, 2), "its own nearest neighbour"),
        (_with_row(7, float("nan")), "its own nearest neighbour"),
    ],
)
def test_vectors_that_contradict_the_others_are_found(
    index: Path, folder: Path, change: Callable[[Floats], Floats], message: str
) -> None:
    _rewrite_vectors(folder, change)
    with pytest.raises(IndexCorrupt, match=message):
        _verify(index)


def test_counts_that_contradict_the_manifest_are_found(index: Path, folder: Path) -> None:
    manifest = read_manifest(folder)
    seal(layout.Layout(folder), replace(manifest, chunks=16))
    with pytest.raises(IndexCorrupt, match=r"the store holds \(12, 15\) articles and chunks, not \(12, 16\)"):
        _verify(index)


def test_another_analyser_is_incompatible(index: Path, folder: Path) -> None:
    seal(layout.Layout(folder), replace(read_manifest(folder), analyser="another"))
    with pytest.raises(
        IndexIncompatible, match="another version of the French analyser; run: depeche repair --index"
    ):
        open_current(index)


def test_another_format_is_incompatible(index: Path, folder: Path) -> None:
    seal(layout.Layout(folder), replace(read_manifest(folder), format=FORMAT + 1))
    with pytest.raises(IndexIncompatible, match=r"of a newer program.* depeche sync PATH"):
        open_current(index)


def test_the_encoder_of_the_index_is_accepted(generation: Generation) -> None:
    check_encoder(FakeEncoder(), generation.manifest)


class _ChangedModel(FakeEncoder):
    """The same name, other vectors: the model was changed but not renamed."""

    def encode_query(self, text: str) -> Floats:
        return np.roll(super().encode_query(text), 1)


@pytest.mark.parametrize("encoder", [FakeEncoder(name="other@2"), FakeEncoder(dimension=64), _ChangedModel()])
def test_another_encoder_is_refused_and_the_error_says_what_to_run(
    generation: Generation, encoder: FakeEncoder
) -> None:
    message = (
        f"encoded by fake@1, queries would be by {encoder.name}; search with --model .* or run: depeche build"
    )
    with pytest.raises(IndexIncompatible, match=message):
        check_encoder(encoder, generation.manifest)


def test_the_error_names_the_model_of_the_build(index: Path, folder: Path) -> None:
    seal(layout.Layout(folder), replace(read_manifest(folder), model="models/mine"))
    with (
        closing(open_current(index)) as generation,
        pytest.raises(IndexIncompatible, match="search with --model models/mine, or run: depeche build PATH"),
    ):
        check_encoder(FakeEncoder(name="other@2"), generation.manifest)
