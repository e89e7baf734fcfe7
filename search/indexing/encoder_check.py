"""Tells whether an encoder made an index: it must give a fixed text the same vector again."""

from collections.abc import Sequence

import numpy as np

from search.build_types import Manifest
from search.errors import IndexIncompatible, Translatable
from search.protocols import Encoder

PROBE_QUERY = "munitions livrées à la Russie"
PROBE_PASSAGE = "Le train a quitté Pyongyang dimanche soir, selon des sources gouvernementales."
_SAME_SPACE = 0.995
"""Two vectors of one text with at least this cosine come from one model; its precision may differ."""


def probe(encoder: Encoder) -> tuple[tuple[float, ...], ...]:
    """The vectors by which an encoder is recognised: of a fixed query, and of a fixed passage."""
    query: Sequence[float] = encoder.encode_query(PROBE_QUERY).tolist()
    passage: Sequence[float] = encoder.encode_few([PROBE_PASSAGE])[0].tolist()
    return tuple(query), tuple(passage)


def fits(encoder: Encoder, manifest: Manifest) -> bool:
    """Whether the encoder puts queries into the vector space of the index."""
    if (encoder.name, encoder.dimension) != (manifest.encoder, manifest.dimension):
        return False
    expected = np.array(manifest.probe[0], np.float32)
    return float(expected @ encoder.encode_query(PROBE_QUERY)) >= _SAME_SPACE


def check_encoder(encoder: Encoder, manifest: Manifest) -> None:
    """Raise IndexIncompatible unless ``fits``."""
    if not fits(encoder, manifest):
        raise IndexIncompatible(
            Translatable(
                "The index was encoded by {}, queries would be by {}; "
                "search with --model {}, or run: depeche build PATH",
                manifest.encoder,
                encoder.name,
                manifest.model or Translatable("left out"),
            )
        )
