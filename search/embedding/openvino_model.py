"""Runs a sentence-transformers model with OpenVINO, which is fastest on a processor without a GPU."""

import json
import shutil
import warnings
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from search.embedding.compiled_graph import WIDTH_STEP
from search.embedding.encoding_route import ENOUGH, Routes
from search.embedding.openvino_loading import openvino
from search.embedding.torch_loading import silence
from search.errors import EncoderUnavailable, Translatable

GRAPH = "compiled.xml"
_PROMPTS = "config_sentence_transformers.json"
_TOKENIZER_FILES = ("config.json", "tokenizer.json", "tokenizer_config.json", _PROMPTS)


def write_folder(model: Path, folder: Path) -> None:
    """Compile the model of a sentence-transformers folder, and write it into an existing folder for ``load``.

    Raises EncoderUnavailable when OpenVINO cannot compile the model, OSError.
    """
    silence()
    try:
        graph = _traced_graph(
            SentenceTransformer(str(model), device="cpu", model_kwargs={"dtype": torch.float32})
        )
        openvino().save_model(graph, folder / GRAPH)
    except (ImportError, RuntimeError) as exc:
        raise EncoderUnavailable(
            Translatable(
                "OpenVINO cannot compile the embedded model: {}. Free 300 MB in {}, or type "
                "`pip install --force-reinstall --no-deps openvino`, or `pip uninstall openvino` "
                "to encode by PyTorch, more slowly.",
                exc,
                folder.parent,
            )
        ) from exc
    for name in _TOKENIZER_FILES:
        shutil.copyfile(model / name, folder / name)


def load(folder: Path) -> SentenceTransformer:
    """The model that ``write_folder`` wrote; raises ImportError, OSError, ValueError, RuntimeError."""
    prompts = json.loads((folder / _PROMPTS).read_text(encoding="utf-8"))["prompts"]
    return SentenceTransformer(modules=[CompiledModule(folder)], device="cpu", prompts=prompts)


class CompiledModule(InputModule):
    """Turns tokens into pooled vectors, by the route that is fastest on this processor.

    It is measured with the first batch that has enough texts, and remembered. Until then, and where that
    fails, it is the usual one.
    """

    batch_size = 256

    def __init__(self, folder: Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(folder)
        self.max_seq_length = int(self.tokenizer.model_max_length)
        self._routes = Routes(folder / GRAPH)
        remembered = self._routes.remembered()
        self._measured = remembered is not None
        self._graph = remembered or self._routes.usual()

    def save(self, output_path: str, *_args: Any, **_: Any) -> None:  # noqa: ANN401
        """Raises NotImplementedError: this model is a copy of another one, which can be saved."""
        raise NotImplementedError(f"{output_path} is not written: save the model that this one came from")

    def get_embedding_dimension(self) -> int:
        """Length of a vector."""
        return self._graph.dimension

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Any]:  # noqa: ANN401
        """The tokens of texts, cut at ``max_seq_length``."""
        tokens = self.tokenizer(
            [(prompt or "") + text for text in inputs],
            padding=True,
            truncation=True,
            max_length=self.max_seq_length,
            pad_to_multiple_of=WIDTH_STEP,
            return_tensors="np",
        )
        return {name: torch.from_numpy(tokens[name]) for name in ("input_ids", "attention_mask")}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:  # noqa: ANN401
        """Add ``sentence_embedding``: float32, one row for each text, not of length 1."""
        ids, mask = features["input_ids"].numpy(), features["attention_mask"].numpy()
        if not self._measured and len(ids) >= ENOUGH:
            self._measured = True
            with suppress(RuntimeError, ValueError, OSError):  # no matter: the usual route encodes
                self._graph = self._routes.measured(self._graph, ids, mask)
        vectors = self._graph.vectors(ids, mask)
        return {**features, "sentence_embedding": torch.from_numpy(vectors)}


class _Pooled(torch.nn.Module):
    """A model as a function of two tensors; only such a function can be traced."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """The pooled vectors, one row for each text."""
        features = self.model({"input_ids": input_ids, "attention_mask": attention_mask})
        vectors: torch.Tensor = features["sentence_embedding"]
        return vectors


def _traced_graph(model: SentenceTransformer) -> Any:  # noqa: ANN401
    # Two rows of different lengths: tracing would take a value that is always the same for a constant.
    mask = torch.tensor([[1] * 8, [1] * 5 + [0] * 3])
    example = {"input_ids": mask + 4, "attention_mask": mask}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tests compare the traced model with the original
        return openvino().convert_model(_Pooled(model.eval()), example_input=example)
