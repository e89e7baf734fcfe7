"""Publishes many generations of an index while other processes read it."""

from dataclasses import dataclass
from pathlib import Path

from search.local import layout
from search.types import Article
from tests.fakes import build_index
from tests.press import PRESS

from .contents import contents, generations, leftovers
from .tasks import Task, read_repeatedly


@dataclass(frozen=True)
class Figures:
    """How many generations were published, and how many readings all readers made together."""

    published: int
    readings: int


def read_through(index: Path, readers: int, publications: int) -> Figures:
    """Publish generations that differ in every file; check that each reading is exactly one of them."""
    build_index(index, _edition(0))
    expected = {_id_and_digest(index)}
    tasks = [Task(read_repeatedly, index) for _ in range(readers)]
    for task in tasks:
        assert task.receive() == "reads"
    for number in range(1, publications + 1):
        build_index(index, _edition(number))
        expected.add(_id_and_digest(index))
    readings = [_readings(task) for task in tasks]
    assert set().union(*readings) <= expected
    last = build_index(index, _edition(publications + 1)).manifest.id
    assert last in generations(index)
    assert len(generations(index)) == 2
    assert leftovers(index) == set()
    return Figures(publications, sum(map(len, readings)))


def _edition(number: int) -> list[Article]:
    """Articles that differ from those of every other number in each text and in their copies."""
    new = [
        Article(f"une{number}-{n}", f"Édition {number}", f"La dépêche {number} dit {n} fois ceci.")
        for n in range(number % 3, 4)
    ]
    start = number % len(PRESS)
    return [*new, *PRESS[start:], *PRESS[:start]]


def _id_and_digest(index: Path) -> tuple[str, str]:
    """The id and the digest of the published generation."""
    return layout.published_id(index), contents(index).digest


def _readings(task: Task) -> set[tuple[str, str]]:
    task.answer()
    readings = task.receive()
    assert isinstance(readings, set)
    assert task.exit_code() == 0
    return readings
