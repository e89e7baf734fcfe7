"""An engine that answers what a test tells it to."""

from collections.abc import Callable

from search.engine import Engine, Request
from search.model import Article, Mode, Passage, Result, SearchResult
from search.query.matching import matches

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


def result(article: Article, request: Request) -> Result:
    """The article found; its best passage is the first paragraph that holds a word of the query."""
    paragraphs = article.body.split("\n\n")
    answering = (text for text in paragraphs if matches(request.query.words, text))
    text = next(answering, paragraphs[0])
    start = article.body.index(text)
    passage = Passage(text, start, start + len(text))
    more = 3 if article is TRAIN else 0
    return Result(article, 1.0, passage, matches(request.query.words, text), (), more)


def by_mode(request: Request) -> list[Article]:
    """Two articles by keywords; otherwise a third, and another order."""
    return [ALLIES, TRAIN] if request.mode is Mode.KEYWORD else [TRAIN, OBUS, ALLIES]


class FakeEngine(Engine):
    """Finds what ``find`` gives for a request, which may also wait or raise; remembers requests."""

    def __init__(
        self, find: Callable[[Request], list[Article]] = by_mode, degraded: tuple[str, ...] = ()
    ) -> None:
        self.requests: list[Request] = []
        self._find = find
        self._degraded = degraded

    def search(self, request: Request) -> SearchResult:
        self.requests.append(request)
        results = tuple(result(article, request) for article in self._find(request))
        raw = request.query.raw
        return SearchResult(
            raw, f"<{raw}>", request.mode, results, len(results), "generation", 12.4, self._degraded
        )

    @property
    def asked(self) -> list[tuple[str, Mode]]:
        """The text and mode of each request."""
        return [(request.query.raw, request.mode) for request in self.requests]
