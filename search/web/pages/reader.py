"""The page of an article: its whole text with what answers the query in it, and what is around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from search.export import citation, edition_label, listed
from search.language import Language
from search.query.ast import RankingWord
from search.query.matcher import matches
from search.text.sanitize import flat, printable
from search.types import Article, Hit
from search.web.pages.marked_text import Paragraph, paragraphs
from search.web.pages.results import ArticleLine, ResultRow, article_line, result_rows
from search.web.pages.state import ArticleState


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of an article beside its text."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The addresses around an article in an answer, ``""`` where there is none.

    ``place`` tells which article of how many it is.
    """

    previous: str = ""
    next: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class ReaderPage:
    """An article as its page shows it.

    ``back`` leads to the answer that it was opened from, ``original`` to the page that it was published on;
    both are ``""`` where there is none. ``matching`` are the numbers of the paragraphs that hold a word of
    the query.
    """

    line: ArticleLine
    kicker: str
    paragraphs: tuple[Paragraph, ...]
    matching: tuple[int, ...]
    has_passage: bool
    facts: tuple[Fact, ...]
    original: str
    citation: str
    copies: tuple[ArticleLine, ...]
    similar: tuple[ResultRow, ...]
    neighbours: Neighbours
    back: str


def reader_page(
    hit: Hit,
    words: Sequence[RankingWord],
    similar: Sequence[Hit],
    neighbours: Neighbours,
    state: ArticleState,
    language: Language,
) -> ReaderPage:
    """The page of a hit of a search, in which the words of its query are marked."""
    article = hit.article
    passage = (hit.passage.start, hit.passage.end) if words else (0, 0)
    text = paragraphs(article.body, matches(words, article.body) if words else (), passage)
    return ReaderPage(
        line=article_line(article, state, language),
        kicker=flat(article.kicker),
        paragraphs=text,
        matching=tuple(each.number for each in text if each.has_match),
        has_passage=any(piece.in_passage for each in text for piece in each.pieces),
        facts=_facts(article, language),
        original=_web_address(article.url),
        citation=citation(article),
        copies=tuple(
            article_line(copy, ArticleState(copy.id, state.search), language) for copy in hit.copies
        ),
        similar=result_rows(similar, None, state.search, language),
        neighbours=neighbours,
        back=_back(state),
    )


def neighbours_in(
    answer: Sequence[Hit], first: int, total: int, state: ArticleState, language: Language
) -> Neighbours:
    """What is around an article in an answer, of which these hits begin at the place ``first``.

    Nothing where the answer has another article at the place that the address gives.
    """
    place = state.place
    if place is None or not first <= place < first + len(answer):
        return Neighbours()
    if answer[place - first].article.id != state.article_id:
        return Neighbours()

    def at(other: int) -> str:
        inside = first <= other < first + len(answer)
        return ArticleState(answer[other - first].article.id, state.search, other).address if inside else ""

    numbers = language.translate("{} of {}").format(language.number(place + 1), language.number(total))
    return Neighbours(at(place - 1), at(place + 1), numbers)


def _back(state: ArticleState) -> str:
    if state.place is not None:
        return f"{state.search.page_with(state.place).address}#r{state.place + 1}"
    return state.search.address if state.search.query else ""


def _facts(article: Article, language: Language) -> tuple[Fact, ...]:
    words = language.plural("{} word", "{} words", article.word_count) if article.word_count else ""
    values = {
        language.translate("Keywords"): listed(article.keywords),
        language.translate("Edition"): edition_label(article.edition),
        language.translate("Length"): words,
        language.translate("File"): printable(article.file),
        language.translate("Identifier"): article.id,
    }
    return tuple(Fact(name, flat(value)) for name, value in values.items() if value)


def _web_address(url: str) -> str:
    """An address that a browser may open, else ``""``: an article could name a script."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""
