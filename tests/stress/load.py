"""Asks many queries from several threads: the answers must be those of one thread, and memory must not grow.

The index has random articles, and the encoder is a fake. Memory is that of this process alone (anonymous
pages), after a garbage collection.
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
    """The resources of a process: MiB of its own memory, and open files."""

    memory: float
    files: int

    @classmethod
    def now(cls) -> "Footprint":
        """The footprint of this process."""
        gc.collect()
        (own,) = (line for line in _STATUS.read_text().splitlines() if line.startswith("RssAnon"))
        return cls(int(own.split()[1]) / 1024, len(list(_OPEN.iterdir())))


def requests(count: int, seed: int) -> list[Request]:
    """Different requests, in every mode and order."""
    generator = random.Random(seed)  # noqa: S311 - nothing secret
    words = [*PLAIN, *COMPOUNDS, *STOPPED]
    return [
        Request(
            parse(generator.choice(_FORMS).format(*generator.sample(words, 3)), _TODAY),
            generator.choice(list(Mode)),
            generator.choice(list(Sort)),
            limit=generator.choice([1, 10, 30]),
            offset=generator.choice([0, 0, 10]),
            copies=generator.choice(list(Copies)),
        )
        for _ in range(count)
    ]


def answer(engine: Engine, request: Request) -> Answer:
    """The comparable part of an answer: the number of articles, and the ids and scores of the shown ones."""
    hits = engine.search(request)
    return hits.total, tuple((hit.article.id, hit.score) for hit in hits.shown)


def differing(engine: Engine, queries: Sequence[Request], expected: Sequence[Answer], threads: int) -> int:
    """How many answers are not as expected when several threads ask."""
    with ThreadPoolExecutor(threads) as pool:
        answers = pool.map(lambda request: answer(engine, request), queries, chunksize=1)
        return sum(given != known for given, known in zip(answers, expected, strict=True))


def main() -> None:
    """Ask, compare, and print the footprint of the process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--queries", type=int, default=100_000)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    generator = random.Random(options.seed)  # noqa: S311 - nothing secret
    kinds = requests(2000, options.seed)
    articles = random_articles(options.seed, options.articles)
    with TemporaryDirectory() as folder, engine_over(Path(folder), articles) as engine:
        expected = [answer(engine, request) for request in kinds]
        wrong, rounds = 0, 10
        for number in range(rounds):
            picked = [generator.randrange(len(kinds)) for _ in range(options.queries // rounds)]
            wrong += differing(
                engine, [kinds[p] for p in picked], [expected[p] for p in picked], options.threads
            )
            footprint = Footprint.now()
            done = (number + 1) * len(picked)
            sys.stdout.write(
                f"{done} queries, {wrong} differ; {footprint.memory:.1f} MiB, {footprint.files} files\n"
            )


if __name__ == "__main__":
    main()
