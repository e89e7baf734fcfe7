"""Damages files of an index at random: verify must find it, a search must give no wrong answer."""

import argparse
import hashlib
import multiprocessing
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from search.errors import IndexCorrupt
from search.local import integrity, layout
from search.local.reader import open_current, verify_current
from search.local.repair import RepairContext, repair
from search.query.parser import parse
from search.retrieval.request import Request
from search.types import Mode
from tests.fakes import FakeEncoder, build_index, engine_of, silent
from tests.press import PRESS

_QUERIES = ("munitions Russie", '"obus d\'artillerie"', "+céréales", "rubrique:monde hôpital", "muni*")
_TICK = 0.02  # seconds; longer than the resolution of file times
_REPAIR_EVERY = 10  # one of ten damaged indexes is also repaired
_TIMEOUT = 120  # seconds
_TODAY = date(2023, 9, 20)
_COMMAND = re.compile(r"run: depeche (repair --index \S|build PATH)")

Damage = Callable[[random.Random, Path, Path], str]


def make(index: Path) -> None:
    """Make an index with two generations; the published one has two more articles."""
    build_index(index, PRESS[:-2])
    build_index(index, PRESS)


def _span(generator: random.Random, size: int) -> slice:
    start = generator.randrange(max(1, size))
    return slice(start, min(size, start + generator.choice((1, 1, 7, 64, 512, 4096, size))))


def _bit(generator: random.Random, file: Path, _: Path) -> str:
    content = bytearray(file.read_bytes())
    content[generator.randrange(len(content))] ^= 1 << generator.randrange(8)
    file.write_bytes(content)
    return "a bit flipped"


def _zeros(generator: random.Random, file: Path, _: Path) -> str:
    content = bytearray(file.read_bytes())
    span = _span(generator, len(content))
    content[span] = bytes(span.stop - span.start)
    file.write_bytes(content)
    return "zeros"


def _noise(generator: random.Random, file: Path, _: Path) -> str:
    content = bytearray(file.read_bytes())
    span = _span(generator, len(content))
    content[span] = generator.randbytes(span.stop - span.start)
    file.write_bytes(content)
    return "noise"


def _truncated(generator: random.Random, file: Path, _: Path) -> str:
    with file.open("r+b") as stream:
        stream.truncate(generator.randrange(file.stat().st_size))
    return "truncated"


def _extended(generator: random.Random, file: Path, _: Path) -> str:
    with file.open("ab") as stream:
        stream.write(generator.randbytes(generator.choice((1, 8, 5000))))
    return "extended"


def _deleted(_generator: random.Random, file: Path, _: Path) -> str:
    file.unlink()
    return "deleted"


def _ranges_swapped(generator: random.Random, file: Path, _: Path) -> str:
    content = file.read_bytes()
    first, second, third = sorted(generator.randrange(len(content) + 1) for _ in range(3))
    swapped = content[:first] + content[second:third] + content[first:second] + content[third:]
    file.write_bytes(swapped)
    return "two ranges swapped"


def _files_swapped(generator: random.Random, file: Path, index: Path) -> str:
    other = generator.choice([path for path in _files(index) if path != file])
    mine, theirs = file.read_bytes(), other.read_bytes()
    file.write_bytes(theirs)
    other.write_bytes(mine)
    return "two files swapped"


def _of_another_generation(_generator: random.Random, file: Path, index: Path) -> str:
    older = layout.generations(index)[-1] / file.name
    if older.is_file():
        shutil.copyfile(older, file)
    return "that of another generation"


_DAMAGES: tuple[Damage, ...] = (
    *(_bit, _zeros, _noise, _truncated, _extended),
    *(_deleted, _ranges_swapped, _files_swapped, _of_another_generation),
)


def _files(index: Path) -> list[Path]:
    """CURRENT and the files of the published generation."""
    newest = layout.generations(index)[0]
    return [path for path in (index / "CURRENT", *sorted(newest.iterdir())) if path.exists()]


def damage(generator: random.Random, index: Path) -> str:
    """Damage a file of the index; give the file and the damage in words."""
    before = _contents(index)
    while True:
        file = generator.choice(_files(index))
        kind = generator.choice(_DAMAGES)(generator, file, index)
        if _contents(index) != before:
            return f"{file.name}: {kind}"


def _contents(index: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in _files(index)}


def answers(index: Path) -> str:
    """A digest of the answers to all queries; raises the errors of opening and searching."""
    digest = hashlib.sha256()
    with closing(open_current(index)) as generation:
        engine = engine_of(generation)
        for text in _QUERIES:
            for mode in Mode:
                result = engine.search(Request(parse(text, _TODAY), mode))
                digest.update(repr((result.total, result.hits, result.below)).encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Trial:
    """The results of one damaged index; a result that must not occur is in capitals."""

    damage: str
    verified: str
    searched: str
    repaired: str

    @property
    def faults(self) -> list[str]:
        """The results that must not occur."""
        return [each for each in (self.verified, self.searched, self.repaired) if each.isupper()]


@dataclass(frozen=True, slots=True)
class Examiner:
    """Damages copies of an index in ``folder``; ``known`` are the answers of its two generations."""

    index: Path
    folder: Path
    known: tuple[str, ...]

    def examine(self, seed: int) -> Trial:
        """Copy, damage, verify, search, repair."""
        copy = self.folder / str(seed)
        shutil.copytree(self.index, copy)
        answers(copy)  # writes the notes that its files are intact
        time.sleep(_TICK)
        generator = random.Random(seed)  # noqa: S311 - nothing secret
        damaged = damage(generator, copy)
        verified, searched = self._verify(copy), self._search(copy)
        repaired = self._repair(copy) if seed % _REPAIR_EVERY == 0 else "not tried"
        shutil.rmtree(copy)
        return Trial(damaged, verified, searched, repaired)

    def _verify(self, copy: Path) -> str:
        try:
            verify_current(copy)
        except IndexCorrupt as exc:
            return "found" if _COMMAND.search(str(exc)) else "NOT TOLD WHAT TO RUN"
        return "NOT FOUND"

    def _search(self, copy: Path) -> str:
        try:
            digest = answers(copy)
        except IndexCorrupt as exc:
            return "refused" if _COMMAND.search(str(exc)) else "NOT TOLD WHAT TO RUN"
        return "same answers" if digest == self.known[-1] else "WRONG ANSWERS"

    def _repair(self, copy: Path) -> str:
        try:
            repaired = repair(copy, RepairContext(lambda _: FakeEncoder(), silent))
        except IndexCorrupt:
            return "nothing to repair it from"
        verify_current(copy)
        complete = not repaired.lost and answers(copy) in self.known
        if not complete and not repaired.lost:
            return "WRONGLY REPAIRED"
        return f"{repaired.outcome.value}{'' if complete else ' in part'}"


def work(index: Path, folder: Path, connection: Connection) -> None:
    """Receive seeds and send their trials, until None comes; runs in another process."""
    integrity._RACY_NANOSECONDS = 0
    integrity._notes_folder = lambda: folder / "notes"
    make(index)
    older, published = layout.generations(index)[-1], layout.current(index)
    layout.set_current(index, older)
    before = answers(index)
    layout.set_current(index, published)
    examiner = Examiner(index, folder, (before, answers(index)))
    while (seed := connection.recv()) is not None:
        connection.send(examiner.examine(seed))


def trials(seeds: Iterable[int], folder: Path) -> Iterator[Trial]:
    """The trial of each seed; one that crashes the process or takes too long gives a trial too."""
    worker: _Worker | None = None
    for seed in seeds:
        worker = worker or _Worker(folder / f"from-{seed}")
        try:
            yield worker.trial(seed)
        except (EOFError, TimeoutError) as exc:
            worker.kill()
            worker = None
            yield Trial(f"seed {seed}", "", "CRASHED" if isinstance(exc, EOFError) else "HUNG", "")
    if worker is not None:
        worker.kill()


class _Worker:
    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(folder / "index", folder, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def trial(self, seed: int) -> Trial:
        """The trial of a seed; raises EOFError when the process dies, TimeoutError when it is silent."""
        self._ours.send(seed)
        if not self._ours.poll(_TIMEOUT):
            raise TimeoutError
        trial = self._ours.recv()
        assert isinstance(trial, Trial)
        return trial

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        self._ours.close()


def main() -> None:
    """Run the trials and print the results; exit code 1 if one must not occur."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="damaged indexes (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the first of them (default: %(default)s)")
    options = parser.parse_args()
    verified, searched, repaired = Counter[str](), Counter[str](), Counter[str]()
    faulty = False
    with tempfile.TemporaryDirectory() as folder:
        for trial in trials(range(options.seed, options.seed + options.count), Path(folder)):
            verified[trial.verified] += 1
            searched[trial.searched] += 1
            repaired[trial.repaired] += 1
            if trial.faults:
                faulty = True
                print(trial)  # noqa: T201 - a program
    for name, counts in (("verify", verified), ("search", searched), ("repair", repaired)):
        print(f"{name}: " + ", ".join(f"{count} {what}" for what, count in counts.most_common()))  # noqa: T201
    sys.exit(faulty)


if __name__ == "__main__":
    main()
