"""What a build says of itself: its stages, what it did not read, the manifest it leaves, and reports."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """What a build does, in the order it is done; only servers are sent articles and given indexes.

    ``SEARCHABLE`` begins when a generation is published whose passages are not all encoded yet.
    """

    READ = "read"
    CHUNK = "chunk"
    WORDS = "words"
    LOAD = "load"
    COPIES = "copies"
    SEARCHABLE = "searchable"
    ENCODE = "encode"
    INDEX = "index"
    CHECK = "check"


Progress = Callable[[Stage, int, int], None]
"""Called with ``(stage, done, total)`` as a build advances; total is 0 when it is not known."""

STAGE_LABELS: Mapping[Stage, str] = {
    Stage.READ: "reading",
    Stage.CHUNK: "cutting into passages",
    Stage.WORDS: "indexing words",
    Stage.LOAD: "sending to the servers",
    Stage.COPIES: "looking for copies",
    Stage.SEARCHABLE: "words are searchable now",
    Stage.ENCODE: "encoding meaning",
    Stage.INDEX: "indexing on the servers",
    Stage.CHECK: "checking",
}
"""What the user is told of each stage, in English."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not become an article; ``line`` counts from 1, 0 when there is none.

    ``column`` is one that holds a text and that no field takes, where only a headline would be left; a build
    stops there, so that the user can name the field.
    """

    path: str
    line: int
    reason: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file, or a part of one, that holds no article; ``kind`` is what it is counted by, as ``.jpg``."""

    path: str
    line: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class LostField:
    """A field of an article that could not be read; the article is kept without it.

    Of a text, it is the end that is lost: there was only the beginning.
    """

    path: str
    line: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """An article that a later one with the same id replaced; ``path`` is its file."""

    path: str
    line: int
    reason: str


Unread = Rejected | PassedOver | LostField | Replaced
"""What a build could not read, or did not keep."""


class UnreadCounts:
    """Counts what was not read or was replaced, by kind; ``first`` is the first rejected record."""

    def __init__(self) -> None:
        self.rejected = 0
        self.first: Rejected | None = None
        self.replaced = 0
        self.passed_over: Counter[str] = Counter()
        self.lost_fields: Counter[str] = Counter()

    def add(self, unread: Unread) -> None:
        """Count one of them."""
        if isinstance(unread, Rejected):
            self.rejected += 1
            self.first = self.first or unread
        elif isinstance(unread, Replaced):
            self.replaced += 1
        elif isinstance(unread, LostField):
            self.lost_fields[unread.field] += 1
        else:
            self.passed_over[unread.kind] += 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is made of and by what; ``created`` is ISO 8601 in UTC.

    ``probe`` are the vectors that the encoder gave to a fixed query and a fixed passage: another
    encoder under the same name is known by them. ``digest`` is the SHA-256 of all articles as they were
    read. ``vectors`` tells what kind of index they are kept in. ``encoded`` of the ``chunks`` have a vector:
    a build publishes the words of many new articles before their meaning. ``passed_over`` counts by kind
    the files and parts of files that hold no article, ``lost_fields`` by field what could not be read of an
    article. ``checksums`` are SHA-256 by file, relative to the generation's folder.
    """

    format: int
    id: str
    created: str
    corpus: tuple[str, ...]
    articles: int
    chunks: int
    rejected: int
    replaced: int
    passed_over: dict[str, int]
    lost_fields: dict[str, int]
    analyser: str
    chunking: str
    model: str
    encoder: str
    dimension: int
    digest: str
    probe: tuple[tuple[float, ...], ...]
    vectors: str
    encoded: int
    checksums: dict[str, str]

    @property
    def complete(self) -> bool:
        """Whether every passage has its vector."""
        return self.encoded == self.chunks


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the articles of the index before.

    ``unchanged`` articles were read again, ``kept`` ones were not read and stay, ``gone`` ones do not.
    ``outdated`` tells how many of the kept lie in files that were read, and that no longer hold them.
    """

    unchanged: int
    new: int
    changed: int
    gone: int
    kept: int = 0
    outdated: int = 0


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: how many texts were encoded, how many vectors were reused.

    ``notice`` says why nothing of the index before could be reused, or that nothing has changed.
    """

    manifest: Manifest
    change: Change
    encoded: int
    reused: int
    notice: str


class RepairOutcome(StrEnum):
    """What a repair did."""

    SOUND = "sound"
    REBUILT = "rebuilt"
    ROLLED_BACK = "rolled back"


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What a repair did, and to which generation; ``lost`` are the ids of articles that cannot be read."""

    outcome: RepairOutcome
    manifest: Manifest
    lost: tuple[str, ...] = ()
    encoded: int = 0
    reused: int = 0
