"""Reads damaged files: they must give articles or rejected records, without exceptions, in time."""

import argparse
import faulthandler
import gzip
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from search.build_types import Rejected, Unread
from search.corpus import read
from search.text.dates import partial_date
from search.text.sanitize import flat
from search.types import Article

from .mutation import mutated

LIMIT = 10.0
"""Seconds that a file may take."""
SAMPLES = {
    ".txt": " date 2023-09 Séoul, Corée du Sud –\n\nLe pays s’apprête à livrer des munitions.\n\nFin.",
    ".md": "---\ntitle: 'Grève : suite'\ndate: 2023-09-12\nsource: &s Gazette\ntags: [a, {b: *s}]\n---\n"
    "# Grève\n\nLes trains **s’arrêtent**.\n",
    ".jsonl": '{"id": 1, "titre": "Un", "texte": "L\\u2019été\\ud83d\\ude00.", "date": "2023-09-12T10:30"}\n'
    '{"id": "deux", "text": "Un texte.", "published": "12 septembre 2023", "lang": "fr-FR"}\n',
    ".json": '{"articles": [{"title": "Un", "body": "Le corps.", "date": "2023"}, {"chapo": "Seul."}, 3]}',
    ".csv": 'id;titre;texte;date\n1;Un;"Le ""corps"";\nsuite.";2023-09\n2;Deux;Autre.;12/09/2023\n',
    ".tsv": "id\ttexte\theure\tdate\n1\tLe corps.\t10h30\t2023-09-12\n",
    ".html": "<!doctype html><html lang=fr><head><meta charset=utf-8><title>Un titre</title>"
    '<meta property="article:published_time" content="2023-09-12"></head><body><nav>Accueil</nav>'
    "<article><h1>Un titre</h1><p>Le premier paragraphe de l’article, assez long pour compter.</p>"
    "<p>Le second &amp; dernier <b>paragraphe</b>, qui en dit plus.</p></article></body></html>",
}
"""A small file for each general format."""
_FOLDER = Path(__file__).parents[1] / "corpus" / "samples"


@dataclass
class Outcome:
    """The results of the files."""

    files: int = 0
    articles: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")

    def add(self, path: Path) -> None:
        """Read a file and check its records; a file that takes too long ends the program."""
        started = time.perf_counter()
        faulthandler.dump_traceback_later(3 * LIMIT, exit=True)
        for record in read([str(path)]):
            check(record, str(path))
            self.articles += isinstance(record, Article)
            if isinstance(record, Rejected):
                self.reasons[" ".join(record.reason.split()[:4])] += 1
        faulthandler.cancel_dump_traceback_later()
        self.files += 1
        self.slowest = max(self.slowest, (time.perf_counter() - started, path.name))
        assert self.slowest[0] < LIMIT, self.slowest


def check(record: Article | Unread, path: str) -> None:
    """Check that an article can be stored and shown, and that what is not read says where and why."""
    if not isinstance(record, Article):
        assert record.path.startswith(path)
        assert record.line >= 0
        assert record.reason.strip()
        assert flat(record.reason).encode()
        return
    assert record.id.strip()
    assert record.title.strip()
    assert len(record.title) <= 1000
    assert any(map(str.isalnum, record.body))
    assert "\n" not in record.title + record.source + record.section + record.id
    assert "\0" not in "".join(map(str, astuple(record))).encode().decode()
    if record.published:
        assert partial_date(record.published[:10]).first.year


def samples(folders: list[str]) -> Iterator[tuple[str, bytes]]:
    """The names and bytes of small files of every format, and of the files in these folders."""
    for extension, text in SAMPLES.items():
        yield f"a{extension}", text.encode()
    everywhere = (file for folder in (str(_FOLDER), *folders) for file in Path(folder).rglob("*"))
    for path in sorted(file for file in everywhere if file.is_file()):
        if not path.name.endswith(".expected.json"):
            yield path.name, path.read_bytes()[: 1 << 16]


def damaged(name: str, data: bytes, random: Random) -> tuple[str, bytes]:
    """A damaged file; one in five is compressed, before the damage or after it."""
    match random.randrange(10):
        case 0:
            return f"{name}.gz", mutated(gzip.compress(data), random)
        case 1:
            return f"{name}.gz", gzip.compress(mutated(data, random))
        case _:
            return name, mutated(data, random)


def fuzz(folder: Path, files: list[tuple[str, bytes]], count: int, seed: int) -> Outcome:
    """Read ``count`` damaged files."""
    outcome = Outcome()
    for number in range(count):
        random = Random(seed * 1_000_003 + number)  # noqa: S311
        name, data = damaged(*files[number % len(files)], random)
        path = folder / f"{number:06}-{name}"
        path.write_bytes(data)
        outcome.add(path)
        path.unlink()
    return outcome


def giant(folder: Path, size: int) -> Path:
    """A JSONL file with a first line of about ``size`` bytes, and a valid record after it."""
    path = folder / "geant.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "')
        for _ in range(size >> 20):
            file.write(b"munitions " * 104857 + b"......")
        file.write(b'"}\n{"id": "dernier", "text": "Le dernier."}\n')
    return path


def tiny(folder: Path, count: int) -> Path:
    """A folder of ``count`` files of a few words, a thousand in each subfolder."""
    root = folder / "petits"
    for number in range(count):
        if number % 1000 == 0:
            (root / f"{number // 1000:04}").mkdir(parents=True)
        (root / f"{number // 1000:04}" / f"{number}.txt").write_text(f"Dépêche {number}.", encoding="utf-8")
    return root


def peak() -> int:
    """The most memory that the program has used, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def main() -> None:
    """Run with the options of the command line, and print the figures."""
    parser = argparse.ArgumentParser(prog="scripts/stress readers", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="damaged files (20,000)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", action="append", default=[], help="damage the files there too")
    parser.add_argument("--giant", type=int, default=1 << 30, help="bytes of a line of JSON (1 GB)")
    parser.add_argument("--tiny", type=int, default=1_000_000, help="files of a few words (1,000,000)")
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        outcome = fuzz(folder, list(samples(options.folder)), options.count, options.seed)
        _print(
            f"{outcome.files} damaged files: {outcome.articles} articles, {outcome.reasons.total()} rejected"
        )
        _print(f"slowest {outcome.slowest[0]:.2f} s ({outcome.slowest[1]}), at most {peak()} MB")
        _print(json.dumps(dict(outcome.reasons.most_common(12)), ensure_ascii=False))
        for label, path in (("giant", giant(folder, options.giant)), ("tiny", tiny(folder, options.tiny))):
            started, before = time.perf_counter(), peak()
            counts = Counter(type(record).__name__ for record in read([str(path)]))
            seconds = time.perf_counter() - started
            _print(f"{label}: {dict(counts)} in {seconds:.1f} s; {before} MB at most before, {peak()} after")


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
