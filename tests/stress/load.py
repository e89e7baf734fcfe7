"""Many questions from several threads at once: the same answers as from one, and no memory or file is kept.

The index is one of random articles, the encoder a stand-in; memory is that of this process alone
(anonymous pages), after a full collection.
"""

import argparse
import gc
import random
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from search.query.parser import parse
from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.types import Copies, Mode, Sort
from tests.fakes import engine_over
from tests.keyword.corpus import COMPOUNDS, PLAIN, STOPPED, random_articles

_TODAY = date(2024, 3, 1)
_STATUS = Path("/proc/self/status")
_OPEN = Path("/proc/self/fd")
_FORMS = (
    "{0}", "{0} {1}", "{0} {1} {2}", '"{0} {1}"', "{0} ET {1}", "{0} SAUF {1}", "+{0} {1}", "{0}* {1}",
    "titre:{0} {1}", "{0} source:AFP", "{0} date:2023", "date:2022..2023", "{0}~ {1}", "({0} OU {1}) {2}",
)  # fmt: skip

Answer = tuple[int, tuple[tuple[str, float], ...]]


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a process holds: MiB of memory of its own, and open files."""

    memory: float
    files: int

    @classmethod
    def now(cls) -> "Footprint":
        """That of this process."""
        gc.collect()
        (own,) = (line for line in _STATUS.read_text().splitlines() if line.startswith("RssAnon"))
        return cls(int(own.split()[1]) / 1024, len(list(_OPEN.iterdir())))


def requests(count: int, seed: int) -> list[Request]:
    """So many different requests, in every mode and order."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    words = [*PLAIN, *COMPOUNDS, *STOPPED]
    return [
        Request(
            parse(chance.choice(_FORMS).format(*chance.sample(words, 3)), _TODAY),
            chance.choice(list(Mode)),
            chance.choice(list(Sort)),
            limit=chance.choice([1, 10, 30]),
            offset=chance.choice([0, 0, 10]),
            copies=chance.choice(list(Copies)),
        )
        for _ in range(count)
    ]


def answer(engine: Engine, request: Request) -> Answer:
    """What is compared of an answer: how many articles there are, and those shown with their scores."""
    found = engine.search(request)
    return found.total, tuple((one.article.id, one.score) for one in found.shown)


def differing(engine: Engine, asked: Sequence[Request], wanted: Sequence[Answer], threads: int) -> int:
    """How many requests are not answered as wanted when several threads ask at once."""
    with ThreadPoolExecutor(threads) as pool:
        answers = pool.map(lambda request: answer(engine, request), asked, chunksize=1)
        return sum(found != known for found, known in zip(answers, wanted, strict=True))


def main() -> None:
    """Ask, compare, and tell what the process holds meanwhile."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--queries", type=int, default=100_000)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)  # noqa: S311 - nothing secret
    kinds = requests(2000, given.seed)
    articles = random_articles(given.seed, given.articles)
    with TemporaryDirectory() as folder, engine_over(Path(folder), articles) as engine:
        wanted = [answer(engine, request) for request in kinds]
        wrong, rounds = 0, 10
        for number in range(rounds):
            picked = [chance.randrange(len(kinds)) for _ in range(given.queries // rounds)]
            wrong += differing(engine, [kinds[p] for p in picked], [wanted[p] for p in picked], given.threads)
            held = Footprint.now()
            done = (number + 1) * len(picked)
            sys.stdout.write(f"{done} queries, {wrong} differ; {held.memory:.1f} MiB, {held.files} files\n")


if __name__ == "__main__":
    main()
