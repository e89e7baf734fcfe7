"""Readers of one index in processes of their own, while one generation after the other is published."""

from dataclasses import dataclass
from pathlib import Path

from search.local import layout
from search.types import Article
from tests.fakes import build_index
from tests.press import PRESS

from .contents import contents, generations, leftovers
from .doomed import Task, read_on


@dataclass(frozen=True)
class Figures:
    """How many generations were published, and how many of them were read, by all readers together."""

    published: int
    readings: int


def read_through(index: Path, readers: int, publications: int) -> Figures:
    """Publish generations that differ in every file; check that each that was read is one of them, whole."""
    build_index(index, _edition(0))
    expected = {_known(index)}
    tasks = [Task(read_on, index) for _ in range(readers)]
    for task in tasks:
        assert task.told() == "reads"
    for number in range(1, publications + 1):
        build_index(index, _edition(number))
        expected.add(_known(index))
    seen = [_seen(task) for task in tasks]
    assert set().union(*seen) <= expected
    last = build_index(index, _edition(publications + 1)).manifest.id
    assert last in generations(index)
    assert len(generations(index)) == 2
    assert leftovers(index) == set()
    return Figures(publications, sum(map(len, seen)))


def _edition(number: int) -> list[Article]:
    """Articles that differ from those of another number in each text and in their copies."""
    fresh = [
        Article(f"une{number}-{n}", f"Édition {number}", f"La dépêche {number} dit {n} fois ceci.")
        for n in range(number % 3, 4)
    ]
    start = number % len(PRESS)
    return [*fresh, *PRESS[start:], *PRESS[:start]]


def _known(index: Path) -> tuple[str, str]:
    """The id and the digest of what is published."""
    return layout.published_id(index), contents(index).digest


def _seen(task: Task) -> set[tuple[str, str]]:
    task.answer()
    seen = task.told()
    assert isinstance(seen, set)
    assert task.exit_code() == 0
    return seen
