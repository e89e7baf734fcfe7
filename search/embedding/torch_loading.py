"""How models of sentence-transformers are loaded: on which device, in which precision, and only safely."""

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

_TALKATIVE = ("huggingface_hub", "sentence_transformers", "transformers")


def device() -> str:
    """Where sentence-transformers runs: ``"cuda"`` where there is such a GPU, else ``"cpu"``."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def loading_options(device: str) -> dict[str, Any]:
    """How any model is loaded: from this machine only, without code of its own and without pickles."""
    weights = {"dtype": precision(device), "use_safetensors": True}
    return {"local_files_only": True, "trust_remote_code": False, "model_kwargs": weights}


def precision(device: str) -> "torch.dtype":
    """The numbers that a model runs on fastest there."""
    import torch

    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    abilities = torch.cpu.get_capabilities()
    fast = abilities.get("avx512_bf16") or abilities.get("amx_bf16")
    return torch.bfloat16 if fast else torch.float32


def silence() -> None:
    """Has the libraries below sentence-transformers report errors only, and show no progress."""
    from huggingface_hub.utils.tqdm import disable_progress_bars
    from transformers.utils.logging import disable_progress_bar

    for library in _TALKATIVE:
        logging.getLogger(library).setLevel(logging.ERROR)
    disable_progress_bar()  # type: ignore[no-untyped-call]
    disable_progress_bars()
