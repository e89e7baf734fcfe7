"""Makes many updates of an index, and compares each with a clean build of the same articles.

Each update changes, adds, removes and moves articles at random. The files must be the same, byte by byte, as
those of a build into an empty folder, and so must the stored articles.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from search.build_types import BuildReport
from search.local import layout
from search.local.reader import open_current
from search.types import Article
from tests.fakes import build_index
from tests.keyword.corpus import random_articles
from tests.local.contents import Contents, contents

_SHARE = 0.01
_FILES = ("keyword.arrays", "vectors.npy", "families.npy", "signatures.npy", "compared.npy")


def updated(articles: list[Article], generator: random.Random, share: float) -> list[Article]:
    """The articles after an update that touches about this share of them."""
    others = iter(random_articles(generator.randrange(1 << 30), len(articles) + 8))
    result: list[Article] = []
    for article in articles:
        if generator.random() >= share:
            result.append(article)
            continue
        other = next(others)
        match generator.randrange(6):
            case 0:
                pass  # removed
            case 1:
                result.append(replace(article, body=other.body))
            case 2:
                result.append(replace(article, title=other.title, published=other.published))
            case 3:
                result += [article, replace(other, id=f"new-{generator.randrange(1 << 60)}")]
            case 4:
                result += [
                    replace(article, id=f"copy-{generator.randrange(1 << 60)}", source="Copie"),
                    article,
                ]
            case _:
                result.insert(generator.randrange(len(result) + 1), article)
    return result or [next(others)]


def compare(index: Path, clean: Path) -> None:
    """Fail unless both folders have published the same."""
    assert _contents(index) == _contents(clean)
    for name in _FILES:
        assert _bytes(index, name) == _bytes(clean, name), f"{name} is not that of a clean build"


def _contents(index: Path) -> tuple[Contents, list[bytes]]:
    with closing(open_current(index)) as generation:
        return contents(index), generation.store.text_hashes()


def _bytes(index: Path, name: str) -> bytes:
    return (layout.current(index) / name).read_bytes()


def update(folder: Path, articles: int, updates: int, share: float, seed: int) -> Iterator[BuildReport]:
    """Build once, then update and compare ``updates`` times."""
    generator = random.Random(seed)  # noqa: S311 - nothing secret
    current = random_articles(seed, articles)
    build_index(folder / "index", current)
    for number in range(updates):
        current = updated(current, generator, share)
        yield build_index(folder / "index", current)
        build_index(folder / f"clean-{number}", current)
        compare(folder / "index", folder / f"clean-{number}")


def main() -> None:
    """Update, compare, and print a summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--updates", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    done = touched = 0
    with TemporaryDirectory() as folder:
        for report in update(Path(folder), options.articles, options.updates, _SHARE, options.seed):
            done += 1
            touched += report.change.new + report.change.changed + report.change.gone
            sys.stderr.write(f"\r{done} updates")
    summary = f"{done} updates of {options.articles} articles, {touched} touched: each equals a clean build"
    sys.stdout.write(f"\n{summary}\n")


if __name__ == "__main__":
    main()
