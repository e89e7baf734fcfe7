"""Writes the embedded weights as a sentence-transformers folder."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from search.embedding.q4_weights import Q4File, Shape

_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
]


def write_folder(model: Q4File, folder: Path) -> None:
    """Write the model into an existing folder that ``SentenceTransformer(folder)`` can open.

    Weights in 4 bits are written as float16. Raises OSError.
    """
    for name, content in _configuration(model).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2), encoding="utf-8")
    # Python writes the files, because the libraries report a full disk by an exception of no special class.
    (folder / "tokenizer.json").write_text(_tokenizer(model), encoding="utf-8")
    (folder / "model.safetensors").write_bytes(save(dict(_state(model)), metadata={"format": "pt"}))


def _configuration(model: Q4File) -> dict[str, Any]:
    shape = model.shape
    return {
        "modules.json": _MODULES,
        "1_Pooling/config.json": {"embedding_dimension": shape.hidden, "pooling_mode": "mean"},
        "sentence_bert_config.json": {"max_seq_length": shape.positions},
        "config_sentence_transformers.json": {"prompts": {"query": "query: ", "document": "passage: "}},
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            **_special_tokens(model),
        },
        "config.json": _transformer(shape, model.special.pad),
    }


def _transformer(shape: Shape, pad: int) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float16",
        "hidden_act": "gelu",
        "hidden_size": shape.hidden,
        "intermediate_size": shape.feed_forward,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "max_position_embeddings": shape.positions,
        "vocab_size": shape.vocabulary,
        "type_vocab_size": shape.types,
        "layer_norm_eps": shape.epsilon,
        "pad_token_id": pad,
    }


def _special_tokens(model: Q4File) -> dict[str, str]:
    ids = model.special
    roles = {"cls_token": ids.begin, "sep_token": ids.end, "pad_token": ids.pad, "unk_token": ids.unknown}
    return {role: model.pieces[index] for role, index in roles.items()}


def _tokenizer(model: Q4File) -> str:
    tokens = _special_tokens(model)
    begin, end = tokens["cls_token"], tokens["sep_token"]
    scored = list(zip(model.pieces, model.pieces.scores.tolist(), strict=True))
    tokenizer = Tokenizer(models.Unigram(scored, unk_id=model.special.unknown))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace("▁", prepend_scheme="always")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, model.special.begin), (end, model.special.end)]
    )
    tokenizer.add_special_tokens(list(tokens.values()))
    return tokenizer.to_str()


def _state(model: Q4File) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    hidden = model.shape.hidden
    for name, tensor in model.tensors.items():
        values = model.weights(name).reshape(_dimensions(name, hidden))
        yield _full_name(name), values.astype(np.float16) if tensor.packed else values
    yield "pooler.dense.weight", np.zeros((hidden, hidden), np.float16)
    yield "pooler.dense.bias", np.zeros(hidden, np.float16)


def _dimensions(name: str, hidden: int) -> tuple[int, ...]:
    if name.endswith((".b", "ln.w")):
        return (-1,)
    return (hidden, -1) if name.endswith("fo.w") else (-1, hidden)


def _full_name(name: str) -> str:
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer.removeprefix('l')}.{_PARTS[part]}.{'weight' if kind == 'w' else 'bias'}"
