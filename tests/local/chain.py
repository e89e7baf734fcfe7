"""One index folder through many builds that are killed, read by another process all the while."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

from search.local import layout
from search.local.vector_cache import VectorCache
from search.types import Article
from tests.fakes import FakeEncoder, build_index
from tests.press import PRESS

from .contents import Contents, contents, generations, leftovers
from .doomed import Task, build_killed, read_on

FORMER = (*PRESS[:4], *(Article(f"old{n}", f"Ancienne dépêche {n}", "Elle a disparu." * n) for n in range(6)))
"""Articles that in part are those of ``PRESS``: some texts have vectors already, some are gone."""


@dataclass(frozen=True)
class Kill:
    """When a build is killed: before one of its steps, or after so many seconds; 0 is never."""

    step: int = 0
    seconds: float = 0.0


@dataclass
class Figures:
    """How many builds were killed, how many had published by then, how many vectors were not made twice."""

    killed: int = 0
    published: int = 0
    taken_over: int = 0
    readings: set[tuple[str, str]] = field(default_factory=set)


@contextmanager
def reader(index: Path, figures: Figures) -> Iterator[None]:
    """Read an index in another process meanwhile."""
    task = Task(read_on, index)
    assert task.told() == "reads"
    yield
    task.answer()
    seen = task.told()
    assert isinstance(seen, set)
    assert task.exit_code() == 0
    figures.readings |= seen


class Chain:
    """Two sets of articles, each built over the other, or where there is no index yet."""

    def __init__(self, folder: Path) -> None:
        self.index = folder / "index"
        self.figures = Figures()
        self._corpora: tuple[Sequence[Article], ...] = (FORMER, PRESS)
        self._whole = tuple(_undisturbed(folder / str(n), corpus) for n, corpus in enumerate(self._corpora))

    @property
    def allowed(self) -> set[str]:
        """The digests that a reader may see."""
        return {found.digest for found in self._whole}

    def restart(self) -> Path:
        """Publish two generations, so that the next publication collects one; give where."""
        shutil.rmtree(self.index, ignore_errors=True)
        build_index(self.index, PRESS)
        build_index(self.index, FORMER)
        self._published = 0
        return self.index

    def steps(self) -> int:
        """How many steps a build takes that is not killed: the lesser number, of one and the other."""
        self.restart()
        return min(self._steps(articles) for articles in (PRESS, FORMER))  # and the latter is published

    def _steps(self, articles: Sequence[Article]) -> int:
        task = Task(build_killed, self.index, articles, 0)
        assert task.told() == "begins"
        steps = task.told()
        assert isinstance(steps, int)
        assert task.exit_code() == 0
        return steps

    def first(self, kill: Kill) -> None:
        """Kill the first build of an index, and let the next one complete."""
        shutil.rmtree(self.index, ignore_errors=True)
        with reader(self.index, self.figures):
            self._struck(1, kill)
            whole = self._found()
            assert whole in (None, self._whole[1])
            self._complete(1, whole)

    def rebuild(self, kill: Kill) -> None:
        """Kill a build of the other articles than those published, and let the next one complete."""
        wanted = 1 - self._published
        self._struck(wanted, kill)
        whole = self._found()
        assert whole in self._whole
        self._complete(wanted, whole)

    def _struck(self, wanted: int, kill: Kill) -> None:
        task = Task(build_killed, self.index, self._corpora[wanted], kill.step)
        assert task.told() == "begins"
        if kill.seconds:
            sleep(kill.seconds)
            task.kill()
        self.figures.killed += task.exit_code() != 0

    def _found(self) -> Contents | None:
        return contents(self.index) if layout.published_id(self.index) else None

    def _complete(self, wanted: int, found: Contents | None) -> None:
        """Build again; what was paid for is not encoded again, and the result is as if nothing had been."""
        paid = _paid_for(layout.vector_cache_file(self.index))
        hashes = set(self._whole[wanted].text_hashes)
        missing = hashes - set(found.text_hashes if found else ()) - paid
        built = build_index(self.index, self._corpora[wanted])
        assert built.encoded == len(missing)
        assert self._found() == self._whole[wanted]
        self._published = wanted
        assert leftovers(self.index) == set()
        assert 1 <= len(generations(self.index)) <= 4  # the reader may hold one that is to be collected
        self.figures.published += found == self._whole[wanted]
        self.figures.taken_over += len(paid & hashes)


def _undisturbed(index: Path, articles: Sequence[Article]) -> Contents:
    build_index(index, articles)
    return contents(index)


def _paid_for(encoded: Path) -> set[bytes]:
    """The hashes of the texts that an interrupted build has encoded, read in a copy."""
    with TemporaryDirectory() as folder:
        for file in encoded.parent.glob(f"{encoded.name}*"):
            shutil.copy(file, folder)
        with closing(VectorCache(Path(folder) / encoded.name, FakeEncoder.name)) as texts:
            return texts.hashes()
