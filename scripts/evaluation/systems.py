"""What is compared: both legs, their merge by reciprocal ranks, the first default, and today's ranking."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from evaluation.first_default import FirstDefault
from evaluation.judged_set import JudgedSet
from search.config import Settings
from search.index import backend, engine_over, installed_encoder
from search.retrieval.engine import Engine
from search.retrieval.evaluation import Run, rank, systems
from search.types import Copies, Fusion

HYBRID, FOLDED, FIRST_DEFAULT = "hybrid", "folded", "first default"
SYSTEMS = ("keyword", "semantic", "rrf", FIRST_DEFAULT, HYBRID, FOLDED)
"""``folded`` is ``hybrid`` as a reader sees it, with copies folded: a judged copy may be hidden."""

Ranking = Callable[[str], dict[str, float]]
"""Gives the first articles for plain words by id, with their scores."""


def run_all(settings: Settings, judged: JudgedSet) -> dict[str, Run]:
    """By system, its ranking of every query, in the index that the settings name."""
    opened = backend(settings).open()
    try:
        first_default = FirstDefault(opened, installed_encoder(settings).encode_query)
        rankings = _rankings(engine_over(opened, settings), settings.fusion)
        return _runs({**rankings, FIRST_DEFAULT: first_default.rank}, judged)
    finally:
        opened.close()


def _rankings(engine: Engine, fusion: Fusion) -> dict[str, Ranking]:
    requests = systems(fusion)
    folded = replace(requests[HYBRID], copies=Copies.FOLDED)
    return {name: partial(rank, engine, system=it) for name, it in {**requests, FOLDED: folded}.items()}


def _runs(rankings: Mapping[str, Ranking], judged: JudgedSet) -> dict[str, Run]:
    """Query by query, since the engine remembers the vector of the latest."""
    runs: dict[str, Run] = {name: {} for name in SYSTEMS}
    for query in judged.queries:
        for name in SYSTEMS:
            runs[name][query.id] = rankings[name](query.text)
    return runs
