"""A corpus of any size: articles of real shapes, each sentence drawn from real articles.

Run as ``python -m benchmarks.compose NEWS CHUNKS FILE``: JSON lines. Words are as frequent as in
real articles, but their number does not grow with the corpus as it would in a real one.
"""

import gzip
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from search.text.chunking import passage_spans
from search.text.sentences import paragraph_spans, sentence_spans

_SEED = 7


@dataclass(frozen=True, slots=True)
class Stock:
    """What articles are made of: titles, sentences, and for each shape the sentences of every paragraph."""

    titles: list[str]
    sentences: list[str]
    shapes: list[tuple[int, ...]]


def stock(records: Iterator[dict[str, str]]) -> Stock:
    """Take articles apart: records with ``title`` and ``text``."""
    found = Stock([], [], [])
    for record in records:
        shape = []
        for start, end in paragraph_spans(record["text"]):
            paragraph = record["text"][start:end]
            sentences = [paragraph[first:last] for first, last in sentence_spans(paragraph)]
            found.sentences.extend(sentences)
            shape.append(len(sentences))
        found.titles.append(record["title"])
        found.shapes.append(tuple(shape))
    return found


def composed(stock: Stock, chunks: int) -> Iterator[dict[str, str]]:
    """New articles until they are cut into so many chunks or a few more; the same ones each time."""
    draw = random.Random(_SEED)  # noqa: S311 - no secret
    made = number = 0
    while made < chunks:
        number += 1
        body = _body(draw.choice(stock.shapes), stock.sentences, draw)
        made += len(passage_spans(body, lambda start, end: True))
        day = f"{draw.randint(2000, 2025)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        yield {"id": f"composed-{number}", "title": draw.choice(stock.titles), "date": day, "text": body}


def write(news: Path, chunks: int, target: Path) -> None:
    """Compose a file of JSON lines from a compressed one; raises OSError."""
    with gzip.open(news, "rt", encoding="utf-8") as lines:
        taken = stock(json.loads(line) for line in lines)
    unfinished = target.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8") as file:
        for record in composed(taken, chunks):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    unfinished.rename(target)


def _body(shape: Sequence[int], sentences: Sequence[str], draw: random.Random) -> str:
    return "\n\n".join(" ".join(draw.choices(sentences, k=count)) for count in shape)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
