"""Runs a sentence-transformers model with OpenVINO, which is fastest on a processor without a GPU."""

import json
import shutil
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from search.embedding.openvino_loading import openvino
from search.embedding.torch_loading import silence
from search.errors import EncoderUnavailable, Translatable

GRAPH = "compiled.xml"
_PROMPTS = "config_sentence_transformers.json"
_TOKENIZER_FILES = ("config.json", "tokenizer.json", "tokenizer_config.json", _PROMPTS)
_WIDTH_STEP = 16  # tokens
_BATCH_TOKENS = 1536


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
    """Turns tokens into pooled vectors, in bfloat16 if the processor is fast with it, else in float32.

    A batch is split into parts of texts of similar length, with about the same number of tokens. Each stream
    of OpenVINO computes one part at a time. This is a third faster than all cores on one part, as streams do
    not wait for each other. Widths are multiples of 16, because OpenVINO uses memory for every shape.
    """

    batch_size = 256

    def __init__(self, folder: Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(folder)
        self.max_seq_length = int(self.tokenizer.model_max_length)
        compiled = openvino().Core().compile_model(folder / GRAPH, "CPU", {"PERFORMANCE_HINT": "THROUGHPUT"})
        self._requests = openvino().AsyncInferQueue(compiled)
        self._dimension = int(compiled.output(0).partial_shape[1].get_length())

    def save(self, output_path: str, *_args: Any, **_: Any) -> None:  # noqa: ANN401
        """Raises NotImplementedError: this model is a copy of another one, which can be saved."""
        raise NotImplementedError(f"{output_path} is not written: save the model that this one came from")

    def get_embedding_dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Any]:  # noqa: ANN401
        """The tokens of texts, cut at ``max_seq_length``."""
        tokens = self.tokenizer(
            [(prompt or "") + text for text in inputs],
            padding=True,
            truncation=True,
            max_length=self.max_seq_length,
            pad_to_multiple_of=_WIDTH_STEP,
            return_tensors="np",
        )
        return {name: torch.from_numpy(tokens[name]) for name in ("input_ids", "attention_mask")}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:  # noqa: ANN401
        """Add ``sentence_embedding``: float32, one row for each text, not of length 1."""
        ids, mask = features["input_ids"].numpy(), features["attention_mask"].numpy()
        vectors = np.empty((len(ids), self._dimension), np.float32)

        def store(request: Any, rows: npt.NDArray[np.int64]) -> None:  # noqa: ANN401
            vectors[rows] = request.get_output_tensor().data

        self._requests.set_callback(store)
        try:
            for rows, width in _split(mask.sum(axis=1)):
                self._requests.start_async([ids[rows, :width], mask[rows, :width]], rows)
        finally:  # also after Ctrl-C: a callback during the exit of Python would abort the process
            self._requests.wait_all()
        return {**features, "sentence_embedding": torch.from_numpy(vectors)}


def _split(lengths: npt.NDArray[np.int64]) -> Iterator[tuple[npt.NDArray[np.int64], int]]:
    """Parts of at most ``_BATCH_TOKENS``: their rows and their width; the longest texts come first."""
    order = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(order):
        width = -(-int(lengths[order[start]]) // _WIDTH_STEP) * _WIDTH_STEP
        rows = order[start : start + max(1, _BATCH_TOKENS // width)]
        yield rows, width
        start += len(rows)


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
