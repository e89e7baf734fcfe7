"""An engine that answers what a test tells it to."""

from collections.abc import Callable
from dataclasses import replace

from search.engine import Engine, Request
from search.model import Article, Mode, Passage, Result, SearchResult
from search.query.matching import matches

TRAIN = Article(
    "train",
    "Un train nord-coréen en Russie",
    "Le train a quitté Pyongyang dimanche soir.\n\n" * 30
    + "La Russie cherche des Munitions pour reconstituer ses réserves.\n\n"
    + "Rien d'autre n'a filtré.\n\n" * 30,
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


def result(article: Article, request: Request, more: int = 0) -> Result:
    """The article found, its best passage the first paragraph that holds a word of the query."""
    start = 0
    for paragraph in article.body.split("\n\n"):
        if matches(request.query.words, paragraph):
            break
        start += len(paragraph) + 2
    else:
        start = 0
    text = article.body[start:].split("\n\n")[0]
    passage = Passage(text, start, start + len(text))
    return Result(article, 1.0, passage, matches(request.query.words, text), (), more)


def answer(request: Request, *results: Result) -> SearchResult:
    """These results as the whole answer to a request."""
    understood = " ".join(request.query.raw.split())
    return SearchResult(
        request.query.raw, understood, request.mode, results, len(results), "generation", 12.4
    )


class FakeEngine(Engine):
    """Finds three articles, in another order by keywords than otherwise; remembers what was asked."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.on_search: Callable[[Request], None] = lambda request: None
        self.amend: Callable[[SearchResult], SearchResult] = lambda found: found

    def search(self, request: Request) -> SearchResult:
        self.requests.append(request)
        self.on_search(request)
        articles = [ALLIES, TRAIN] if request.mode is Mode.KEYWORD else [TRAIN, OBUS, ALLIES]
        found = [result(article, request, more=3 if article is TRAIN else 0) for article in articles]
        return self.amend(answer(request, *found))

    @property
    def asked(self) -> list[tuple[str, str]]:
        """The text and mode of each request."""
        return [(request.query.raw, request.mode.value) for request in self.requests]


def finding(*articles: Article) -> FakeEngine:
    """An engine that finds exactly these, whatever is asked."""

    class Found(FakeEngine):
        def search(self, request: Request) -> SearchResult:
            self.requests.append(request)
            return answer(request, *(result(article, request) for article in articles))

    return Found()


def without_results(found: SearchResult) -> SearchResult:
    """The same answer, empty."""
    return replace(found, results=(), total=0)
