"""An engine and an index that a test controls."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from search.build_types import Manifest, Progress
from search.errors import SearchError
from search.index import Index
from search.query.ast import Query
from search.query.matcher import matches
from search.query.plain import plain_query
from search.retrieval.engine import Engine
from search.retrieval.hit_stream import HitStream
from search.retrieval.overview import ArchiveCounts, Overview
from search.retrieval.request import Request
from search.retrieval.timeline import Timeline
from search.text.sentences import Span, sentence_spans
from search.tui.services.index_client import IndexClient
from search.types import Article, Facet, Hit, Hits, Leg, Mode, Passage, Snippet

TRAIN = Article(
    "train",
    "Un train nord-coréen en Russie",
    "Le train a quitté Pyongyang dimanche soir.\n\n" * 30
    + "La Russie cherche des Munitions pour ses réserves.\n\n"
    + "Rien d'autre n'a filtré.\n\n" * 29
    + "Fin de la dépêche.",
    "2023-09-11T08:30",
    "AFP",
    "Monde",
    "https://exemple.fr/train",
    place="Séoul",
)
ALLIES = Article(
    "allies", "La Russie rassemble ses alliés", "Moscou parle de munitions.", "2023-09", "Reuters", "Monde"
)
OBUS = Article("obus", "Des obus livrés", "Des millions d'obus et une munition.", "", "AFP")


def hit_of(article: Article, request: Request) -> Hit:
    """A hit; its best passage is the first paragraph that contains a word of the query."""
    paragraphs = article.body.split("\n\n")
    answering = (text for text in paragraphs if matches(request.query.words, text))
    text = next(answering, paragraphs[0])
    start = article.body.index(text)
    passage = Passage(text, start, start + len(text))
    marked = matches(request.query.words, text)
    snippet = Snippet(text, start, start + len(text), Leg.KEYWORD if marked else None)
    more = 3 if article is TRAIN else 0
    return Hit(article, 1.0, passage, snippet, marked, (), more)


_UNASKED = Request(plain_query(""))
ARCHIVE = Overview(
    ArchiveCounts(Timeline((("", 1), ("2023-09", 1), ("2023-09-11", 1))), (("AFP", 2), ("Reuters", 1))),
    tuple(hit_of(article, _UNASKED) for article in (TRAIN, ALLIES, OBUS)),
    ("munitions", '"obus livrés" source:"AFP"'),
)
"""What the home shows of the three articles: their period, sources, and two examples."""


def by_mode(request: Request) -> list[Article]:
    """Two articles by keywords; in other modes a third one, and another order."""
    return [ALLIES, TRAIN] if request.mode is Mode.KEYWORD else [TRAIN, OBUS, ALLIES]


class FakeEngine(Engine):
    """Answers with the articles that ``find`` returns, and records the requests."""

    def __init__(
        self, find: Callable[[Request], list[Article]] = by_mode, degraded: tuple[str, ...] = ()
    ) -> None:
        self.requests: list[Request] = []
        self.scored: list[tuple[str, str]] = []
        self.correction: str | None = None
        self.archive = ARCHIVE
        self.overviews = 0
        self.warmed = False
        self.values: dict[Facet, tuple[tuple[str, int], ...]] = dict.fromkeys(Facet, ())
        self.dates = Timeline()
        self._find = find
        self._degraded = degraded

    def search(self, request: Request) -> Hits:
        self.requests.append(request)
        results = tuple(hit_of(article, request) for article in self._find(request))
        raw = request.query.raw
        return Hits(raw, f"<{raw}>", request.mode, results, len(results), "generation", 12.4, self._degraded)

    def all_hits(self, request: Request) -> HitStream:
        answer = self.search(request)
        return HitStream(answer, [answer.hits])

    def warm(self) -> None:
        self.warmed = True

    def pinpoint(self, query: Query, hit: Hit) -> Hit:
        """The last sentence is the nearest."""
        if hit.snippet.leg is not None:
            return hit
        start, end = sentence_spans(hit.passage.text)[-1]
        text, before = hit.passage.text[start:end], hit.passage.start
        return replace(hit, snippet=Snippet(text, before + start, before + end, Leg.SEMANTIC))

    def overview(self, newest: int) -> Overview:
        self.overviews += 1
        return self.archive

    def known(self, ids: frozenset[str]) -> frozenset[str]:
        return ids & {article.id for article in (TRAIN, OBUS, ALLIES)}

    def suggest(self, query: Query) -> str | None:
        return None if self.correction == query.raw else self.correction

    def facets(self, request: Request) -> dict[Facet, tuple[tuple[str, int], ...]]:
        return self.values

    def disjunctive_facets(self, request: Request) -> dict[Facet, tuple[tuple[str, int], ...]]:
        return self.facets(request)

    def timeline(self, request: Request) -> Timeline:
        return self.dates

    def names(self, facet: Facet) -> tuple[str, ...]:
        return tuple(name for name, _ in self.values.get(facet, ()) if name)

    def rank(self, request: Request) -> list[tuple[str, float]]:
        return [(article.id, 1.0) for article in self._find(request)]

    def sentence_scores(self, query: Query, article: Article, first: int = 0) -> Iterator[tuple[Span, float]]:
        self.scored.append((query.raw, article.id))
        for start, end in sentence_spans(article.body):
            yield (start, end), 0.9 if "munition" in article.body[start:end].lower() else 0.7

    @property
    def queries(self) -> list[tuple[str, Mode]]:
        """The text and mode of each request."""
        return [(request.query.raw, request.mode) for request in self.requests]


def manifest(generation_id: str = "generation", encoded: int = 310) -> Manifest:
    """The manifest of a small generation."""
    return Manifest(
        format=1,
        id=generation_id,
        created="2026-11-22T12:00:00+00:00",
        corpus=("/corpus/été", "-"),
        articles=66,
        chunks=310,
        rejected=2,
        replaced=1,
        passed_over={},
        lost_fields={},
        analyser="",
        chunking="",
        model="",
        encoder="multilingual-e5-small-q4@3f2a",
        dimension=384,
        digest="00",
        probe=(),
        vectors="exact fp16",
        encoded=encoded,
        checksums={},
    )


class FakeIndex(Index):
    """An index of 52 MB."""

    def __init__(self, engine: Engine, made: Manifest) -> None:
        self.engine, self.manifest = engine, made

    @property
    def size(self) -> int:
        return 52_400_000


class FakeIndexClient(IndexClient):
    """First raises the given errors, then opens the engine. ``now`` is the published generation.

    A build runs ``work``, which may report progress, wait or raise, and then publishes ``built``. ``alone``
    is whether the index was to hold these paths only.
    """

    def __init__(self, engine: Engine, *errors: SearchError) -> None:
        self.now = "generation"
        self.paths: tuple[str, ...] = ()
        self.encoded = 310
        self.alone = False
        self.work: Callable[[Progress], None] = lambda progress: None
        self.before_opening: Callable[[], object] = lambda: None
        self._engine = engine
        self._errors = list(errors)

    def open(self) -> Index:
        self.before_opening()
        if self._errors:
            raise self._errors.pop(0)
        return FakeIndex(self._engine, manifest(self.now, self.encoded))

    def published(self) -> str:
        return self.now

    def build(self, paths: tuple[str, ...], progress: Progress) -> Manifest:
        self.paths = paths
        self.work(progress)
        self.now = "built"
        return manifest(self.now)

    def sync(self, paths: tuple[str, ...], progress: Progress) -> Manifest:
        self.alone = True
        return self.build(paths, progress)

    def repair(self, progress: Progress) -> Manifest:
        self.work(progress)
        self.now = "repaired"
        return manifest(self.now)
