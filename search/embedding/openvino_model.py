"""A sentence-transformers model compiled by OpenVINO, the fastest route on a processor."""

import json
import shutil
import sys
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

from search.embedding.torch_loading import silence
from search.errors import EncoderUnavailable, Translatable

GRAPH = "compiled.xml"
_PROMPTS = "config_sentence_transformers.json"
_TOKENIZER = ("config.json", "tokenizer.json", "tokenizer_config.json", _PROMPTS)
_WIDTH_STEP = 16
_TOKENS = 1536


def write_folder(model: Path, folder: Path) -> None:
    """Write what ``load`` opens into an existing folder, from that of a sentence-transformers model.

    Raises EncoderUnavailable when OpenVINO cannot take the model, OSError.
    """
    silence()
    try:
        graph = _traced(SentenceTransformer(str(model), device="cpu", model_kwargs={"dtype": torch.float32}))
        _openvino().save_model(graph, folder / GRAPH)
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
    for name in _TOKENIZER:
        shutil.copyfile(model / name, folder / name)


def load(folder: Path) -> SentenceTransformer:
    """The model that ``write_folder`` wrote; raises ImportError, OSError, ValueError, RuntimeError."""
    prompts = json.loads((folder / _PROMPTS).read_text(encoding="utf-8"))["prompts"]
    return SentenceTransformer(modules=[CompiledModule(folder)], device="cpu", prompts=prompts)


class CompiledModule(InputModule):
    """Tokens to pooled vectors, in bfloat16 where the processor multiplies that, else in float32.

    A batch is cut into pieces of like width and about as many tokens, one for each stream at a time:
    streams that need not wait for each other are a third faster than all cores on one piece. Widths are
    multiples of 16, as OpenVINO keeps memory for every shape that it has seen.
    """

    batch_size = 256

    def __init__(self, folder: Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(folder)
        self.max_seq_length = int(self.tokenizer.model_max_length)
        openvino = _openvino()
        compiled = openvino.Core().compile_model(folder / GRAPH, "CPU", {"PERFORMANCE_HINT": "THROUGHPUT"})
        self._requests = openvino.AsyncInferQueue(compiled)
        self._dimension = int(compiled.output(0).partial_shape[1].get_length())

    def save(self, output_path: str, *_args: Any, **_: Any) -> None:  # noqa: ANN401
        """Nothing to save: the folder that it was loaded from is a copy of another model."""
        raise NotImplementedError(f"{output_path} is not written: save the model that this one came from")

    def get_embedding_dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Any]:  # noqa: ANN401
        """Tokens of texts, cut at ``max_seq_length``."""
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
        """Add ``sentence_embedding``, float32, not of length 1, a row for each text."""
        ids, mask = features["input_ids"].numpy(), features["attention_mask"].numpy()
        vectors = np.empty((len(ids), self._dimension), np.float32)

        def keep(request: Any, rows: npt.NDArray[np.int64]) -> None:  # noqa: ANN401
            vectors[rows] = request.get_output_tensor().data

        self._requests.set_callback(keep)
        try:
            for rows, width in _pieces(mask.sum(axis=1)):
                self._requests.start_async([ids[rows, :width], mask[rows, :width]], rows)
        finally:  # what calls back while Python ends would abort it: Ctrl-C waits for what is under way
            self._requests.wait_all()
        return {**features, "sentence_embedding": torch.from_numpy(vectors)}


def _pieces(lengths: npt.NDArray[np.int64]) -> Iterator[tuple[npt.NDArray[np.int64], int]]:
    """Rows that fit into so many tokens together and the width of the longest, the longest first."""
    order = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(order):
        width = -(-int(lengths[order[start]]) // _WIDTH_STEP) * _WIDTH_STEP
        rows = order[start : start + max(1, _TOKENS // width)]
        yield rows, width
        start += len(rows)


class _Pooled(torch.nn.Module):
    """A model as a function of two tensors, which is what can be traced."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """The pooled vectors, a row for each text."""
        found: torch.Tensor = self.model({"input_ids": input_ids, "attention_mask": attention_mask})[
            "sentence_embedding"
        ]
        return found


def _traced(model: SentenceTransformer) -> Any:  # noqa: ANN401
    # Two rows of unlike lengths: what has one value in the example would be traced as a constant.
    mask = torch.tensor([[1] * 8, [1] * 5 + [0] * 3])
    example = {"input_ids": mask + 4, "attention_mask": mask}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what tracing warns of is compared with the original in the tests
        return _openvino().convert_model(_Pooled(model.eval()), example_input=example)


def _openvino() -> Any:  # noqa: ANN401
    # Where this package can be imported, OpenVINO reports its use over the network and writes to $HOME.
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    import openvino

    return openvino
