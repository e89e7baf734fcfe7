"""Decides on which device, in which precision and with which safe options a model is loaded."""

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

_NOISY = ("huggingface_hub", "sentence_transformers", "transformers")


def device() -> str:
    """The device for sentence-transformers: ``"cuda"`` if there is such a GPU, else ``"cpu"``."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def loading_options(device: str) -> dict[str, Any]:
    """The options for loading any model: from this machine only, without its own code, without pickles."""
    weights = {"dtype": precision(device), "use_safetensors": True}
    return {"local_files_only": True, "trust_remote_code": False, "model_kwargs": weights}


def precision(device: str) -> "torch.dtype":
    """The type of numbers with which a model is fastest on this device."""
    import torch

    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    capabilities = torch.cpu.get_capabilities()
    fast = capabilities.get("avx512_bf16") or capabilities.get("amx_bf16")
    return torch.bfloat16 if fast else torch.float32


def silence() -> None:
    """Make the libraries of sentence-transformers report errors only, and show no progress bars."""
    from huggingface_hub.utils.tqdm import disable_progress_bars
    from transformers.utils.logging import disable_progress_bar

    for library in _NOISY:
        logging.getLogger(library).setLevel(logging.ERROR)
    disable_progress_bar()  # type: ignore[no-untyped-call]
    disable_progress_bars()
