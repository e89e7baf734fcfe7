"""Where a benchmark finds its data and works."""

import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.entrants import Entrant
from benchmarks.revisions import Revision
from search.errors import IndexProblem
from search.local.reader import open_current

ARTICLES = {
    "topics": "news.jsonl.gz",
    "piaf": "piaf/passages.jsonl.gz",
    "known_items": "known_items/articles.jsonl.gz",
}
"""By judged set, the articles that are searched, as ``scripts/evaluate`` has them."""
DEPECHE = Path(sys.executable).with_name("depeche")


@dataclass(frozen=True, slots=True)
class Bench:
    """Folders of the data, of the indexes kept, and of this run; how many queries of a set are asked.

    ``against`` is a previous version that is measured, too. With ``reuse``, what stands in ``work`` is used.
    """

    data: Path
    indexes: Path
    work: Path
    queries: int
    against: Revision | None = None
    reuse: bool = False

    def work_of(self, section: str) -> Path:
        """The folder of what a section builds."""
        folder = self.work / section
        if not self.reuse:
            shutil.rmtree(folder, ignore_errors=True)
        return folder

    def previous(self, entrants: Iterable[Entrant]) -> list[Entrant]:
        """The previous version, if there is one, of those of the entrants that are Dépêche."""
        if self.against is None:
            return []
        return [self.against.of(entrant) for entrant in entrants if entrant.name.startswith("depeche")]

    def index_of(self, name: str) -> Path:
        """The index of a judged set, built when there is none that this version can read."""
        index = self.indexes / name
        try:
            open_current(index).close()
        except IndexProblem:
            sys.stderr.write(f"  {name}: builds the index\n")
            build(self.articles_of(name), index)
        return index

    def articles_of(self, name: str) -> Path:
        """The articles of a judged set."""
        return self.data / ARTICLES[name]


def build(articles: Path, index: Path) -> None:
    """Build an index by the command line; raises CalledProcessError."""
    command = [str(DEPECHE), "build", str(articles), "--quiet", "--index", str(index)]
    subprocess.run(command, check=True, stdout=sys.stderr)  # noqa: S603 - our own program
