"""Builds that are killed, or whose disk refuses, while others read: the long version of tests/generation."""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.generation.chain import Chain, Kill, reader

_LONGEST = 0.15  # seconds until a kill: a little more than a build of a dozen articles takes


def kills(steps: int, every: int, random_ones: int, chance: random.Random) -> Iterator[Kill]:
    """One kill before each step, or each so many steps, then some at random moments."""
    for step in range(1, steps + 1, every):
        yield Kill(step)
    for _ in range(random_ones):
        yield Kill(seconds=chance.uniform(0, _LONGEST))


def rebuilds(folder: Path, options: argparse.Namespace) -> str:
    """Kill builds over a published index: the old generation answers, the next build completes."""
    chain = Chain(folder)
    steps = chain.steps()
    chain.rebuild(0, Kill())
    with reader(chain.index, chain.figures):
        for number, kill in enumerate(kills(steps, options.every, options.random, options.chance), start=1):
            chain.rebuild(number, kill)
    assert {digest for _, digest in chain.figures.readings} <= chain.allowed
    return _told(chain, steps)


def first_builds(folder: Path, options: argparse.Namespace) -> str:
    """Kill the first build of an index: there is none, or the whole."""
    chain = Chain(folder)
    steps = chain.steps()
    for kill in kills(steps, options.every * 4, options.random // 4, options.chance):
        chain.first(kill)
    assert {digest for _, digest in chain.figures.readings} <= chain.allowed | {""}
    return _told(chain, steps)


def _told(chain: Chain, steps: int) -> str:
    figures = chain.figures
    return (
        f"{figures.killed} killed ({steps} steps), {figures.published} after publication, "
        f"{figures.taken_over} vectors taken over, {len(figures.readings)} generations read"
    )


_PARTS: dict[str, Callable[[Path, argparse.Namespace], str]] = {
    "rebuilds": rebuilds,
    "first_builds": first_builds,
}


def main() -> None:
    """Run the parts that were asked for and print their figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="kill before every so many steps")
    parser.add_argument("--random", type=int, default=150, help="how many kills at random moments")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--part", choices=_PARTS, help="this only")
    options = parser.parse_args()
    options.chance = random.Random(options.seed)  # noqa: S311 - not a secret
    for name in [options.part] if options.part else _PARTS:
        started = time.monotonic()
        with TemporaryDirectory() as folder:
            figures = _PARTS[name](Path(folder), options)
        sys.stdout.write(f"{name}: {figures}; {time.monotonic() - started:.0f} s\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
