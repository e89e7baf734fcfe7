"""Where a model lies on this machine; one is opened only if no file of it could run code."""

import os
from pathlib import Path

_HARMLESS = ("*.json", "*.txt", "*.model", "*.safetensors")
_PICKLED = "pytorch_model*.bin"
_SAFE = "model*.safetensors"
_OWNER = "sentence-transformers"  # of the hub's models that are named without one
_CACHE = "SENTENCE_TRANSFORMERS_HOME"


def fetch(model: str, cache_folder: Path | None = None) -> None:
    """Bring a model of the hub to this machine, but for files that could run code; a folder is left alone.

    Raises OSError, ValueError.
    """
    from huggingface_hub import snapshot_download

    if not Path(model).is_dir():
        snapshot_download(_named(model), cache_dir=_cache(cache_folder), allow_patterns=list(_HARMLESS))


def folder_of(model: str, cache_folder: Path | None = None) -> Path:
    """The folder of a model: a path, or a hub's name whose files are here. Nothing is downloaded.

    Raises OSError for one that is not here, and ValueError for weights that only pickle could load: a
    pickle runs whatever code was put into it.
    """
    folder = Path(model)
    if not folder.is_dir():
        folder = _cached(model, cache_folder)
    for pickled in sorted(folder.rglob(_PICKLED)):
        if not any(pickled.parent.glob(_SAFE)):
            raise ValueError(
                f"{pickled} is a pickle, which could run code and is not opened; get the model with its "
                "weights as safetensors, or save it anew with SentenceTransformer(…).save_pretrained(…)"
            )
    return folder


def _cached(model: str, cache_folder: Path | None) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(_named(model), cache_dir=_cache(cache_folder), local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError) as exc:
        told = "it was not found on this machine; `hf download NAME` brings a model of the hub"
        raise FileNotFoundError(told) from exc


def _named(model: str) -> str:
    return model if "/" in model else f"{_OWNER}/{model}"


def _cache(folder: Path | None) -> str | None:
    return str(folder) if folder else os.environ.get(_CACHE)
