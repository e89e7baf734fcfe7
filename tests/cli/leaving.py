"""The interface in a process of its own: it is left as soon as one of its threads encodes passages."""

from threading import Event
from typing import Any
from unittest.mock import patch

from search.cli import main
from search.embedding import load_encoder
from search.embedding.openvino_model import CompiledModule
from search.tui.services.threads import DaemonThreads
from tests.keyword.corpus import random_articles


class App:
    """The interface as ``depeche tui`` runs it: it encodes in a thread, and is over at once."""

    return_code = 0

    def __init__(self, *_: object) -> None:
        self._begun = Event()
        self._encode = CompiledModule.forward

    def run(self) -> None:
        texts = [article.body for article in random_articles(seed=1, count=400)]
        with patch.object(CompiledModule, "forward", self._forward()):
            DaemonThreads().submit(load_encoder(None).encode_passages, texts)
            assert self._begun.wait(60)

    def _forward(self) -> Any:  # noqa: ANN401 - a method of another class
        def forward(module: CompiledModule, features: dict[str, Any]) -> dict[str, Any]:
            self._begun.set()
            return self._encode(module, features)

        return forward


if __name__ == "__main__":
    with patch("search.tui.app.DepecheApp", App):
        main()
