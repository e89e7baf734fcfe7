import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from search.embedding import q4_export, q4_weights

from .conftest import PIECES


@pytest.fixture
def folder(weights: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    q4_export.write_folder(q4_weights.read(weights), folder)
    return folder


def test_the_weights_have_the_names_and_shapes_of_a_bert(folder: Path) -> None:
    shapes = {name: tensor.shape for name, tensor in load_file(folder / "model.safetensors").items()}

    layer = "encoder.layer.0."
    square, line = (32, 32), (32,)
    assert shapes == {
        "embeddings.word_embeddings.weight": (40, 32),
        "embeddings.position_embeddings.weight": (48, 32),
        "embeddings.token_type_embeddings.weight": (2, 32),
        "embeddings.LayerNorm.weight": line,
        "embeddings.LayerNorm.bias": line,
        layer + "attention.self.query.weight": square,
        layer + "attention.self.query.bias": line,
        layer + "attention.self.key.weight": square,
        layer + "attention.self.key.bias": line,
        layer + "attention.self.value.weight": square,
        layer + "attention.self.value.bias": line,
        layer + "attention.output.dense.weight": square,
        layer + "attention.output.dense.bias": line,
        layer + "attention.output.LayerNorm.weight": line,
        layer + "attention.output.LayerNorm.bias": line,
        layer + "intermediate.dense.weight": (64, 32),
        layer + "intermediate.dense.bias": (64,),
        layer + "output.dense.weight": (32, 64),
        layer + "output.dense.bias": line,
        layer + "output.LayerNorm.weight": line,
        layer + "output.LayerNorm.bias": line,
        "pooler.dense.weight": square,
        "pooler.dense.bias": line,
    }


def test_the_weights_are_those_of_the_file(folder: Path, weights: Path) -> None:
    stored = load_file(folder / "model.safetensors")
    file = q4_weights.read(weights)

    wide = stored["encoder.layer.0.output.dense.weight"]
    np.testing.assert_allclose(wide, file.weights("l0.fo.w").reshape(32, 64), rtol=1e-3)
    np.testing.assert_array_equal(
        stored["embeddings.position_embeddings.weight"].ravel(), file.weights("emb.pos")
    )
    assert wide.dtype == np.float16


def test_the_tokenizer_finds_the_pieces(folder: Path) -> None:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    ids = tokenizer.encode("obus  e\u0301\u00a0ab漢").ids

    assert [PIECES[index] for index in ids] == "<s> ▁obus ▁ é ▁ a b <unk> </s>".split()


def test_the_settings_are_those_of_the_file(folder: Path) -> None:
    settings = json.loads((folder / "config.json").read_text())

    assert (settings["hidden_size"], settings["num_hidden_layers"], settings["num_attention_heads"]) == (
        32,
        1,
        2,
    )
    assert (settings["intermediate_size"], settings["vocab_size"], settings["pad_token_id"]) == (64, 40, 1)
    tokenizer = json.loads((folder / "tokenizer_config.json").read_text())
    special = [tokenizer[f"{role}_token"] for role in ("cls", "sep", "pad", "unk")]
    assert special == ["<s>", "</s>", "<pad>", "<unk>"]
