"""Updates one after the other, each compared with an index built anew of the same articles.

Every update changes, adds, removes and moves articles at random; the files that come of it must be those
of a build into an empty folder, byte by byte, and the articles stored must be the same.
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
_FILES = ("keyword.arrays", "vectors.faiss", "families.npy", "signatures.npy", "compared.npy")


def updated(articles: list[Article], chance: random.Random, share: float) -> list[Article]:
    """The articles after an update in which about this share of them is touched."""
    fresh = iter(random_articles(chance.randrange(1 << 30), len(articles) + 8))
    found: list[Article] = []
    for article in articles:
        if chance.random() >= share:
            found.append(article)
            continue
        other = next(fresh)
        match chance.randrange(6):
            case 0:
                pass  # it is gone
            case 1:
                found.append(replace(article, body=other.body))
            case 2:
                found.append(replace(article, title=other.title, published=other.published))
            case 3:
                found += [article, replace(other, id=f"new-{chance.randrange(1 << 60)}")]
            case 4:
                found += [replace(article, id=f"copy-{chance.randrange(1 << 60)}", source="Copie"), article]
            case _:
                found.insert(chance.randrange(len(found) + 1), article)
    return found or [next(fresh)]


def compare(index: Path, clean: Path) -> None:
    """Fail unless both folders publish the same."""
    assert _told(index) == _told(clean)
    for name in _FILES:
        assert _bytes(index, name) == _bytes(clean, name), f"{name} is not that of a build of everything"


def _told(index: Path) -> tuple[Contents, list[bytes]]:
    with closing(open_current(index)) as generation:
        return contents(index), generation.store.text_hashes()


def _bytes(index: Path, name: str) -> bytes:
    return (layout.current(index) / name).read_bytes()


def update(folder: Path, articles: int, updates: int, share: float, seed: int) -> Iterator[BuildReport]:
    """Build, then update and compare so many times."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    now = random_articles(seed, articles)
    build_index(folder / "index", now)
    for number in range(updates):
        now = updated(now, chance, share)
        yield build_index(folder / "index", now)
        build_index(folder / f"clean-{number}", now)
        compare(folder / "index", folder / f"clean-{number}")


def main() -> None:
    """Update, compare, and tell what was done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--updates", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    done = touched = 0
    with TemporaryDirectory() as folder:
        for built in update(Path(folder), asked.articles, asked.updates, _SHARE, asked.seed):
            done += 1
            touched += built.change.new + built.change.changed + built.change.gone
            sys.stderr.write(f"\r{done} updates")
    told = f"{done} updates of {asked.articles} articles, {touched} touched: each equals a clean build"
    sys.stdout.write(f"\n{told}\n")


if __name__ == "__main__":
    main()
