"""Makes the set ``pages``: the questions of ``piaf`` over whole pages of the encyclopaedia.

python -m evaluation.pages PIAF FOLDER. In ``piaf`` an article is one passage: its best passage is its mean. A
page joins the passages of one encyclopaedia article, where the answer is a small part of a long text.
"""

import argparse
import gzip
import shutil
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import msgspec

from search.retrieval.evaluation import Judgments, read_judgments


class Passage(msgspec.Struct, frozen=True):
    """A passage of a page, and its place in it."""

    id: str
    article_id: str
    paragraph_index: int
    title: str
    text: str


class Page(msgspec.Struct, frozen=True):
    """A page of the encyclopaedia as an article."""

    id: str
    title: str
    text: str


def pages_of(passages: Iterable[Passage]) -> list[Page]:
    """The pages, in the order of their first passages; the passages of a page in theirs."""
    by_page: defaultdict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        by_page[passage.article_id].append(passage)
    return [_joined(name, own) for name, own in by_page.items()]


def judgments_of(passages: Iterable[Passage], judged: Judgments) -> Judgments:
    """The judgments of pages: each page counts as its best passage."""
    page_of = {passage.id: passage.article_id for passage in passages}
    of_pages: Judgments = {}
    for query, grades in judged.items():
        own = of_pages.setdefault(query, {})
        for passage, grade in grades.items():
            page = page_of[passage]
            own[page] = max(grade, own.get(page, grade))
    return of_pages


def main() -> None:
    """Write the articles, the queries and the judgments of the set into a folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("piaf", type=Path)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    write(asked.piaf, asked.folder)


def write(piaf: Path, folder: Path) -> None:
    """Write ``articles.jsonl``, ``queries.jsonl`` and ``qrels.tsv``, from the files of ``piaf``."""
    with gzip.open(piaf / "passages.jsonl.gz") as lines:
        passages = [msgspec.json.decode(line, type=Passage) for line in lines]
    with (piaf / "qrels.tsv").open("rb") as lines:
        judged = judgments_of(passages, read_judgments(lines, str(piaf / "qrels.tsv")))
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(piaf / "queries.jsonl", folder / "queries.jsonl")
    articles = b"".join(msgspec.json.encode(page) + b"\n" for page in pages_of(passages))
    (folder / "articles.jsonl").write_bytes(articles)
    rows = (f"{query} 0 {page} {grade}\n" for query, own in judged.items() for page, grade in own.items())
    (folder / "qrels.tsv").write_text("".join(rows))


def _joined(name: str, passages: list[Passage]) -> Page:
    in_order = sorted(passages, key=lambda passage: passage.paragraph_index)
    return Page(name, in_order[0].title, "\n\n".join(passage.text for passage in in_order))


if __name__ == "__main__":
    main()
