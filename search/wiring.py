"""The composition root: settings to an engine."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from search.config import Settings
from search.encoding import load_encoder
from search.engine import Engine, Meaning
from search.generation.reading import Generation, open_current
from search.protocols import Encoder


def open_generation(settings: Settings) -> Generation:
    """Open the published generation; raises IndexMissing, IndexCorrupt or IndexIncompatible."""
    return open_current(Path(settings.index))


def engine(generation: Generation, settings: Settings) -> Engine:
    """An engine over a generation; encoder and vectors are loaded when meaning is first asked for."""

    @cache
    def meaning() -> Meaning:
        encoder = load_encoder(settings.model or generation.manifest.model or None)
        generation.check_encoder(encoder)
        return Meaning(encoder, generation.vectors)

    return Engine(generation.store, generation.keyword, meaning, generation.manifest.id)


def encoder(settings: Settings) -> Encoder:
    """The encoder that a build uses; raises EncoderUnavailable."""
    return load_encoder(settings.model or None)


def opened(settings: Settings) -> Callable[[], Engine]:
    """What opens the engine when it is called; raises what ``open_generation`` does."""
    return lambda: engine(open_generation(settings), settings)
