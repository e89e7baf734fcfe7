"""The routes of the pages."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from search.errors import EncoderUnavailable, IndexProblem, QueryError, SearchError, UsageError
from search.export import format_named
from search.index import Index
from search.language import Code, Language
from search.lru import LruCache
from search.operations.answering import Answering
from search.retrieval.overview import Overview
from search.text.sanitize import clean, flat
from search.web.pages.answer import answer_page, mode_labels
from search.web.pages.asking import answer_to, hits_around, request_of, similar_to
from search.web.pages.downloads import downloads, written
from search.web.pages.home import NEWEST, home_page
from search.web.pages.narrowing import narrowed
from search.web.pages.query_help import query_examples
from search.web.pages.reader import neighbours_in, reader_page
from search.web.pages.state import SearchState, article_state, search_state
from search.web.pages.templates import rendered
from search.web.pages.visitor_language import language_of, visitor_code

_STATIC = Path(__file__).parent.parent / "static"
_POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}
_REFUSED = 400
_UNKNOWN = 404
_UNAVAILABLE = 503


@dataclass(frozen=True, slots=True)
class _Visit:
    """One request for a page: what it asks for, and in which language."""

    parameters: Mapping[str, str]
    state: SearchState
    code: Code

    @property
    def language(self) -> Language:
        return language_of(self.code)

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """A template with these values, and with the box that every page has."""
        language = self.language
        box = {
            "state": self.state,
            "typed": clean(self.state.query).replace("\n", " "),
            "modes": mode_labels(language),
            "examples": [(flat(text), meaning) for text, meaning in query_examples(language)],
        }
        return HTMLResponse(rendered(template, self.code, box | values), status, _POLICY)


_View = Callable[[Index, _Visit], Response]


def page_routes(answering: Answering) -> list[BaseRoute]:
    """Every page of an index, and what they need."""
    pages = _Pages(answering)
    views = {
        "/": pages.home,
        "/search": pages.answer,
        "/article": pages.article,
        "/narrow": pages.narrow,
        "/download": pages.download,
    }
    routes = [Route(path, pages.endpoint(view)) for path, view in views.items()]
    return [*routes, Mount("/static", StaticFiles(directory=_STATIC))]


class _Pages:
    """The pages of an index; each is a function of the index and a visit."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._settings = answering.settings
        self._overviews: LruCache[str, Overview] = LruCache(1)

    def endpoint(self, view: _View) -> Callable[[Request], Awaitable[Response]]:
        """What starlette calls: the view, or a page that says why there is none."""

        async def answer(request: Request) -> Response:
            code = visitor_code(self._settings.language, request.headers.get("accept-language", ""))
            parameters = request.query_params
            visit = _Visit(parameters, search_state(parameters, self._settings.mode), code)
            try:
                return await self._answering.run(lambda index: view(index, visit))
            except QueryError as error:
                return _mistake(visit, error)
            except SearchError as error:
                message = flat(visit.language.translate(error.message))
                return visit.page("error.html", _status(error), message=message)

        return answer

    def home(self, index: Index, visit: _Visit) -> Response:
        """What the archive holds; it is counted once for each generation."""
        overview = self._overviews.get(index.manifest.id, lambda: index.engine.overview(NEWEST))
        if overview.missing:  # servers may answer again
            self._overviews.discard(index.manifest.id)
        page = home_page(overview, len(index), self._settings.mode, visit.language)
        return visit.page("home.html", page=page)

    def answer(self, index: Index, visit: _Visit) -> Response:
        """The answer to a search; without a query the home."""
        if not visit.state.query.strip():
            return RedirectResponse("/", 303)
        page = answer_page(answer_to(index, visit.state), visit.state, visit.language)
        return visit.page("answer.html", page=page, downloads=downloads(visit.state, visit.language))

    def article(self, index: Index, visit: _Visit) -> Response:
        """An article."""
        state = article_state(visit.parameters, self._settings.mode)
        request = request_of(index, state.search)
        hit = index.engine.hit(request, state.article_id)
        around = neighbours_in(*hits_around(index, request, state.place), state, visit.language)
        similar, missing = similar_to(index, state.article_id)
        page = reader_page(hit, request.query.words, similar, around, state, visit.language)
        notice = flat(visit.language.translate(missing))
        return visit.page("article.html", page=page, no_similar=notice)

    def narrow(self, _: Index, visit: _Visit) -> Response:
        """To the search with another filter."""
        return RedirectResponse(narrowed(visit.state, visit.parameters, date.today()).address, 303)

    def download(self, index: Index, visit: _Visit) -> Response:
        """An answer as a file."""
        chosen = format_named(visit.parameters.get("format", ""))
        named = {"Content-Disposition": f'attachment; filename="depeche.{chosen.extension}"'}
        blocks = written(index, visit.state, chosen, visit.language)
        return StreamingResponse(blocks, headers=named, media_type=chosen.media_type)


def _mistake(visit: _Visit, error: QueryError) -> Response:
    """The page that shows where the mistake of a query is."""
    typed, at = visit.state.query, error.position
    return visit.page(
        "mistake.html",
        _REFUSED,
        message=flat(visit.language.translate(error.message)),
        suggestion=flat(visit.language.translate(error.suggestion)),
        before=flat(typed[:at]),
        wrong=flat(typed[at : at + 1]),
        after=flat(typed[at + 1 :]),
    )


def _status(error: SearchError) -> int:
    match error:
        case UsageError():
            return _UNKNOWN
        case EncoderUnavailable() | IndexProblem():
            return _UNAVAILABLE
        case _:
            return _REFUSED
