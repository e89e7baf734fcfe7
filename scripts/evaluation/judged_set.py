"""The sets of judged queries, and their halves: a ranking is chosen on one, and judged on the other."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from search.retrieval.evaluation import JudgedQuery, Judgments, read_judgments, read_queries

OWN = Path(__file__).resolve().parents[1] / "judged"
"""The sets that the project itself keeps."""
PAGES = "pages_made_of_piaf"
"""Where, beside the indexes, is what ``evaluation.pages`` made."""


class Part(StrEnum):
    """All queries of a set, or one half of them."""

    ALL = "all"
    DEVELOPMENT = "development"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class SetFiles:
    """The folder of a set of judged queries, and the name of the index that it is asked of."""

    name: str
    folder: Path
    index: str


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """The judged queries of a set, their judgments, and by query id its type where the set tells types."""

    name: str
    queries: tuple[JudgedQuery, ...]
    judgments: Judgments
    types: Mapping[str, str]


class _Topic(msgspec.Struct, frozen=True):
    id: str
    type: str


def every_set(data: Path, made: Path, own: Path = OWN) -> list[SetFiles]:
    """The sets of ``data``, that which ``evaluation.pages`` made of one, and the project's own.

    Sets that are asked of the same articles share an index.
    """
    return [
        SetFiles("topics", data / "topics", "topics"),
        SetFiles("paraphrases", own / "paraphrases", "topics"),
        SetFiles("piaf", data / "piaf", "piaf"),
        SetFiles("faq", own / "faq", "piaf"),
        SetFiles("pages", made, "pages"),
        SetFiles("known_items", data / "known_items", "known_items"),
    ]


def read_set(files: SetFiles) -> JudgedSet:
    """Read the queries that are judged; raises OSError, and UsageError for a line that cannot be read."""
    folder = files.folder
    with (folder / "queries.jsonl").open("rb") as queries, (folder / "qrels.tsv").open("rb") as judgments:
        judged = read_judgments(judgments, str(folder / "qrels.tsv"))
        asked = [
            query for query in read_queries(queries, str(folder / "queries.jsonl")) if query.id in judged
        ]
    topics = folder / "topics.jsonl"
    lines = topics.read_bytes().splitlines() if topics.exists() else []
    types = [msgspec.json.decode(line, type=_Topic) for line in lines]
    return JudgedSet(files.name, tuple(asked), judged, {topic.id: topic.type for topic in types})


def half(query: str) -> Part:
    """The half that a query id belongs to; a checksum decides it, so a new query moves no other."""
    return Part.TEST if zlib.crc32(query.encode()) % 2 else Part.DEVELOPMENT


def part_of(queries: Sequence[str], part: Part) -> list[str]:
    """Of these query ids, those of a part, in their order."""
    return [query for query in queries if part is Part.ALL or half(query) is part]
