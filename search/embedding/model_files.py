"""Finds the files of a model on this machine, and refuses files that could run code."""

import os
from pathlib import Path

_HARMLESS = ("*.json", "*.txt", "*.model", "*.safetensors")
_PICKLED = "pytorch_model*.bin"
_SAFE = "model*.safetensors"
_DEFAULT_OWNER = "sentence-transformers"  # of a hub model named without an owner
_CACHE_VARIABLE = "SENTENCE_TRANSFORMERS_HOME"


def fetch(model: str, cache_folder: Path | None = None) -> None:
    """Download a model of the hub, without files that could run code; do nothing if ``model`` is a folder.

    Raises OSError, ValueError.
    """
    from huggingface_hub import snapshot_download

    if not Path(model).is_dir():
        snapshot_download(
            _hub_name(model), cache_dir=_hub_cache(cache_folder), allow_patterns=list(_HARMLESS)
        )


def folder_of(model: str, cache_folder: Path | None = None) -> Path:
    """The folder of a model, which is a path or a hub name; nothing is downloaded.

    Raises OSError for a model that is not on this machine, and ValueError if its weights are a pickle: a
    pickle can run any code.
    """
    folder = Path(model)
    if not folder.is_dir():
        folder = _cached_folder(model, cache_folder)
    for pickled in sorted(folder.rglob(_PICKLED)):
        if not any(pickled.parent.glob(_SAFE)):
            raise ValueError(
                f"{pickled} is a pickle, which could run code and is not opened; get the model with its "
                "weights as safetensors, or save it again with SentenceTransformer(…).save_pretrained(…)"
            )
    return folder


def _cached_folder(model: str, cache_folder: Path | None) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(
            snapshot_download(_hub_name(model), cache_dir=_hub_cache(cache_folder), local_files_only=True)
        )
    except (HFValidationError, LocalEntryNotFoundError) as exc:
        message = "it was not found on this machine; `hf download NAME` brings a model of the hub"
        raise FileNotFoundError(message) from exc


def _hub_name(model: str) -> str:
    return model if "/" in model else f"{_DEFAULT_OWNER}/{model}"


def _hub_cache(folder: Path | None) -> str | None:
    return str(folder) if folder else os.environ.get(_CACHE_VARIABLE)
