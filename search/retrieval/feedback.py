"""Feedback: the first articles of the merged answer say what else answers.

It is the relevance model of Lavrenko & Croft (SIGIR 2001) over vectors in place of words, as in the pseudo
relevance feedback of Li et al. (TOIS 2023). The centres of the first articles, each weighted by the softmax
of its score, make one vector. A candidate gains as far as its own centre is near this vector.
"""

import numpy as np

from search.protocols import Floats, Ints
from search.retrieval.first_articles import first_of_families, softmax_weights
from search.retrieval.fusion import Fused, FusedLeg, ranks
from search.retrieval.score_stats import Doubles
from search.retrieval.semantic_scores import normalised
from search.retrieval.term_support import EmbeddingStats
from search.types import Leg

_FEEDBACK_ARTICLES = 5


def feed_back(fused: Fused, centres: Floats, families: Ints, stats: EmbeddingStats, weight: float) -> Fused:
    """Add to each candidate how near it is to the first ones, as a leg of its own.

    ``centres`` are the unit vectors of the candidates, a row of NaN for one that is not encoded: it neither
    gains nor loses. ``families`` is equal for copies: of a family one is among the first. The nearness is
    standardised by ``stats``; its mean over the candidates is 0.
    """
    encoded = np.flatnonzero(~np.isnan(centres[:, 0]))
    if not weight or not len(encoded):
        return fused
    vectors = centres[encoded]
    model = relevance_model(fused.scores[encoded], vectors, families[encoded])
    products = vectors @ model
    nearness = stats.standardised(products[np.newaxis], model[np.newaxis])[0]
    places, similarity = np.zeros(fused.size, np.int64), np.zeros(fused.size, np.float32)
    compared, weights = np.zeros(fused.size), np.zeros(fused.size)
    places[encoded], similarity[encoded] = ranks(nearness), products
    compared[encoded], weights[encoded] = nearness - nearness.mean(), weight
    return Fused((*fused.legs, FusedLeg(Leg.FEEDBACK, places, similarity, compared, weights)), fused.size)


def relevance_model(scores: Doubles, centres: Floats, families: Ints) -> Floats:
    """The vector of the first articles, one of a family, each weighted by the softmax of its score."""
    first = first_of_families(scores, families, _FEEDBACK_ARTICLES)
    model = softmax_weights(scores[first]).astype(np.float32) @ centres[first]
    return normalised(model)
