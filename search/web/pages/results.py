"""The hits of an answer as rows of a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from search.export import listed, page_label
from search.language import Language
from search.retrieval.relevance import is_sure
from search.text.sanitize import flat
from search.types import Article, Hit, Leg
from search.web.pages.dates import date_in_words
from search.web.pages.marked_text import Piece, snippet_pieces
from search.web.pages.state import ArticleState, SearchState


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article in one line; ``where`` is its source, section, place and page."""

    title: str
    address: str
    published: str
    date: str
    where: str
    authors: str
    lang: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A hit; ``rank`` is None for one that is no result.

    ``by_meaning`` says that its snippet was chosen by its meaning. A hit that is not ``sure`` is less likely
    to answer. ``more`` tells how many other passages hold a word of the query.
    """

    rank: int | None
    article: ArticleLine
    snippet: tuple[Piece, ...]
    by_meaning: bool
    sure: bool
    more: str
    copies: tuple[ArticleLine, ...]
    copy_of: str


def article_line(article: Article, state: ArticleState, language: Language) -> ArticleLine:
    """An article in one line, which leads to its page."""
    where = (article.source, article.section, article.place, page_label(article.page))
    return ArticleLine(
        title=flat(article.title).strip() or language.translate("(without a title)"),
        address=state.address,
        published=article.published,
        date=date_in_words(flat(article.published), language) or language.translate("undated"),
        where=" · ".join(flat(value) for value in where if value),
        authors=flat(listed(article.author)),
        lang=language_tag(article.lang),
    )


def language_tag(lang: str) -> str:
    """The language of an article as HTML writes it; French where it is not known, or makes no sense."""
    tag = lang.strip().replace("_", "-")
    return tag if tag and tag.isascii() and tag.replace("-", "").isalnum() else "fr"


def result_rows(
    hits: Sequence[Hit], first_place: int | None, search: SearchState, language: Language
) -> tuple[ResultRow, ...]:
    """Hits as rows. They have the places from ``first_place`` on in the answer to the search, or none."""
    return tuple(
        _row(hit, None if first_place is None else first_place + number, search, language)
        for number, hit in enumerate(hits)
    )


def _row(hit: Hit, place: int | None, search: SearchState, language: Language) -> ResultRow:
    def line(article: Article, at: int | None = None) -> ArticleLine:
        return article_line(article, ArticleState(article.id, search, at), language)

    more = language.plural("{} more passage", "{} more passages", hit.passages_more)
    return ResultRow(
        rank=None if place is None else place + 1,
        article=line(hit.article, place),
        snippet=snippet_pieces(hit),
        by_meaning=hit.snippet.leg is Leg.SEMANTIC,
        sure=is_sure(hit),
        more=more if hit.passages_more else "",
        copies=tuple(map(line, hit.copies)),
        copy_of=ArticleState(hit.copy_of, search).address if hit.copy_of else "",
    )
