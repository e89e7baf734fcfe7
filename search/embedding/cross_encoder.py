"""Scores texts for a query with any sentence-transformers CrossEncoder, which reads both together."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError

from search.embedding.model_files import folder_of
from search.embedding.torch_loading import device, loading_options, silence
from search.embedding.transformer import valid
from search.errors import EncoderUnavailable, Translatable
from search.protocols import Floats

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_BATCH = 32
_TRAINED_TO_SCORE = ("ForSequenceClassification", "ForCausalLM")


class CrossEncoderReranker:
    """Implements ``protocols.Reranker``; the model is loaded at once and never downloaded.

    ``model`` is a local folder, or the name of a hub model that is in the hub's cache on this machine. Query
    and text are cut at the model's limit. No code that comes with a model runs, and no pickle is opened.
    Raises EncoderUnavailable when the model cannot be loaded or run, or does not give one score.
    """

    def __init__(self, model: str) -> None:
        self._source = model
        self._model = _load(model)

    def score(self, query: str, texts: Sequence[str]) -> Floats:
        """See ``protocols.Reranker.score``; the scores are the model's output before any sigmoid."""
        if not texts:
            return np.empty(0, np.float32)
        from torch.nn import Identity

        pairs = [(valid(query), valid(text)) for text in texts]
        try:
            scores = self._model.predict(pairs, batch_size=_BATCH, activation_fn=Identity())
        except RuntimeError as exc:
            message = Translatable("The reranker {} failed on {} texts: {}.", self._source, len(texts), exc)
            raise EncoderUnavailable(message) from exc
        return np.asarray(scores, np.float32)


def _load(model: str) -> "CrossEncoder":
    try:
        from sentence_transformers import CrossEncoder

        silence()
        folder = str(folder_of(model))
        cross_encoder: CrossEncoder = CrossEncoder(folder, device=device(), **loading_options(device()))
    except (ImportError, OSError, ValueError, RuntimeError, SafetensorError) as exc:
        raise _unavailable(model, str(exc).strip().partition("\n")[0].rstrip(".")) from exc
    if not _gives_one_score(cross_encoder):
        raise _unavailable(model, Translatable("it was not trained to give one score to a query and a text"))
    return cross_encoder


def _gives_one_score(model: "CrossEncoder") -> bool:
    """Whether it has one output that was trained; an encoder without a trained output gets a random one."""
    architectures = getattr(model.config, "architectures", None) or ()
    trained = len(model) > 1 or any(name.endswith(_TRAINED_TO_SCORE) for name in architectures)
    return trained and model.num_labels == 1


def _unavailable(model: str, reason: str) -> EncoderUnavailable:
    return EncoderUnavailable(
        Translatable(
            "The reranker {} cannot be loaded: {}. Nothing is downloaded for it: get a CrossEncoder with "
            "`hf download NAME`, or give `--rerank` the folder of one; leave it out to search without.",
            model,
            reason,
        )
    )
