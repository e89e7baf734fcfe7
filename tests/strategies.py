"""Scores of the legs over the articles of a small generation, as hypothesis writes them."""

import numpy as np
from hypothesis import strategies as st

from search.protocols import Floats, Ints
from search.retrieval.fusion import LegScores
from search.types import Fusion, FusionMethod, Leg

BM25 = st.sampled_from([0.0, 0.5, 1.0, 7.25]) | st.floats(0, 40, width=32)
COSINES = st.sampled_from([0.0, 0.5, 0.875]) | st.floats(-1, 1, width=32)
DEVIATIONS = st.just(0.0) | st.floats(0.01, 3)
SHARES = st.sampled_from([0.0, 0.25, 1.0]) | st.floats(0, 1, width=32)
WEIGHTS = st.floats(0, 2)

FUSIONS = st.builds(
    Fusion, st.sampled_from(FusionMethod), WEIGHTS, WEIGHTS, st.floats(0, 1), st.integers(1, 100)
)

NO_KEYS: Ints = np.empty(0, np.int64)


def floats(values: list[float]) -> Floats:
    return np.array(values, np.float32)


def lists(of: st.SearchStrategy[float], size: int) -> st.SearchStrategy[list[float]]:
    return st.lists(of, min_size=size, max_size=size)


@st.composite
def answers(draw: st.DrawFn) -> tuple[list[LegScores], Floats]:
    """Three legs' opinions of the same one to six candidates, and the coverage of each."""
    size = draw(st.integers(1, 6))
    legs = [
        LegScores(leg, floats(draw(lists(scores, size))), draw(st.floats(-1, 5)), draw(DEVIATIONS))
        for leg, scores in ((Leg.KEYWORD, BM25), (Leg.PASSAGE, BM25), (Leg.SEMANTIC, COSINES))
    ]
    return legs, floats(draw(lists(SHARES, size)))
