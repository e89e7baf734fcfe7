"""Kills many builds of one index folder, one after the other, while another process reads it."""

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
from .tasks import Task, build_killed, read_repeatedly

FORMER = (*PRESS[:4], *(Article(f"old{n}", f"Ancienne dépêche {n}", "Elle a disparu." * n) for n in range(6)))
"""Articles of an earlier build: some are also in ``PRESS``, the others are not."""


@dataclass(frozen=True)
class Kill:
    """When to kill a build: before this step, or after these seconds; 0 means never."""

    step: int = 0
    seconds: float = 0.0


@dataclass
class Figures:
    """How many builds were killed, how many of them had published, and how many vectors were reused."""

    killed: int = 0
    published: int = 0
    reused: int = 0
    readings: set[tuple[str, str]] = field(default_factory=set)


@contextmanager
def reader(index: Path, figures: Figures) -> Iterator[None]:
    """Read an index in another process during the block."""
    task = Task(read_repeatedly, index)
    assert task.receive() == "reads"
    yield
    task.answer()
    readings = task.receive()
    assert isinstance(readings, set)
    assert task.exit_code() == 0
    figures.readings |= readings


class Chain:
    """Two sets of articles; each is built over the other, or as the first index of a folder."""

    def __init__(self, folder: Path) -> None:
        self.index = folder / "index"
        self.figures = Figures()
        self._corpora: tuple[Sequence[Article], ...] = (FORMER, PRESS)
        self._expected = tuple(
            _contents_after_build(folder / str(n), corpus) for n, corpus in enumerate(self._corpora)
        )

    @property
    def allowed(self) -> set[str]:
        """The digests that a reader may see."""
        return {expected.digest for expected in self._expected}

    def restart(self) -> Path:
        """Publish two generations, so that the next publication removes one; give the index folder."""
        shutil.rmtree(self.index, ignore_errors=True)
        build_index(self.index, PRESS)
        build_index(self.index, FORMER)
        self._published = 0
        return self.index

    def steps(self) -> int:
        """The number of steps of a build that is not killed; the lower one of both sets of articles."""
        self.restart()
        return min(self._steps(articles) for articles in (PRESS, FORMER))  # the last one is published

    def _steps(self, articles: Sequence[Article]) -> int:
        task = Task(build_killed, self.index, articles, 0)
        assert task.receive() == "begins"
        steps = task.receive()
        assert isinstance(steps, int)
        assert task.exit_code() == 0
        return steps

    def first(self, kill: Kill) -> None:
        """Kill the first build of an index, then run a complete one."""
        shutil.rmtree(self.index, ignore_errors=True)
        with reader(self.index, self.figures):
            self._kill_build(1, kill)
            published = self._published_contents()
            assert published in (None, self._expected[1])
            self._complete_build(1, published)

    def rebuild(self, kill: Kill) -> None:
        """Kill a build of the set of articles that is not published, then run a complete one."""
        corpus = 1 - self._published
        self._kill_build(corpus, kill)
        published = self._published_contents()
        assert published in self._expected
        self._complete_build(corpus, published)

    def _kill_build(self, corpus: int, kill: Kill) -> None:
        task = Task(build_killed, self.index, self._corpora[corpus], kill.step)
        assert task.receive() == "begins"
        if kill.seconds:
            sleep(kill.seconds)
            task.kill()
        self.figures.killed += task.exit_code() != 0

    def _published_contents(self) -> Contents | None:
        return contents(self.index) if layout.published_id(self.index) else None

    def _complete_build(self, corpus: int, published: Contents | None) -> None:
        """Build again: no text is encoded twice, and the killed build does not change the result."""
        cached = _cached_hashes(layout.vector_cache_file(self.index))
        hashes = set(self._expected[corpus].text_hashes)
        missing = hashes - set(published.text_hashes if published else ()) - cached
        report = build_index(self.index, self._corpora[corpus])
        assert report.encoded == len(missing)
        assert self._published_contents() == self._expected[corpus]
        self._published = corpus
        assert leftovers(self.index) == set()
        assert 1 <= len(generations(self.index)) <= 4  # the reader may have locked an old one
        self.figures.published += published == self._expected[corpus]
        self.figures.reused += len(cached & hashes)


def _contents_after_build(index: Path, articles: Sequence[Article]) -> Contents:
    build_index(index, articles)
    return contents(index)


def _cached_hashes(file: Path) -> set[bytes]:
    """The hashes of the texts that an interrupted build has encoded, read from a copy of the cache."""
    with TemporaryDirectory() as folder:
        for part in file.parent.glob(f"{file.name}*"):
            shutil.copy(part, folder)
        with closing(VectorCache(Path(folder) / file.name, FakeEncoder.name)) as cache:
            return cache.hashes()
