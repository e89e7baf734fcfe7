"""Concordances: every occurrence of the words of a query, with what stands left and right of it (KWIC)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from search.counting.occurrences import occurrences
from search.query.ast import RankingWord
from search.retrieval.request import Request
from search.text.analyzer import fold
from search.text.chunking import own_title
from search.text.sentences import Span
from search.types import Article, Sort

if TYPE_CHECKING:
    from search.protocols import ArticleStore
    from search.retrieval.engine import Engine

_BATCH = 200  # articles that are read together
_CHARACTERS_A_WORD = 40  # of a text that are looked at for one word of a context


class ConcordanceOrder(StrEnum):
    """The order of the lines of a concordance."""

    RELEVANCE = "relevance"
    DATE = "date"
    OLDEST = "oldest"
    SOURCE = "source"
    KEYWORD = "keyword"
    LEFT = "left"
    RIGHT = "right"


class ContextUnit(StrEnum):
    """What the length of a context is measured by."""

    CHARACTERS = "characters"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Context:
    """How much is given on each side of an occurrence; a context never begins or ends inside a word."""

    size: int = 60
    unit: ContextUnit = ContextUnit.CHARACTERS


@dataclass(frozen=True, slots=True)
class ConcordanceLine:
    """An occurrence: ``text[start:end]`` of the body of an article, or of its title where ``in_title``.

    ``left``, ``keyword`` and ``right`` have single spaces for white space.
    """

    article_id: str
    title: str
    source: str
    published: str
    in_title: bool
    start: int
    end: int
    left: str
    keyword: str
    right: str


def concordance(
    engine: "Engine", request: Request, order: ConcordanceOrder, context: Context
) -> Iterator[ConcordanceLine]:
    """Every occurrence in the articles of an answer, in this order; within an article as they stand in it.

    Articles are read as the lines are taken, in the orders by relevance and by date; the other orders need
    all lines in memory. Equal lines stay in the order of relevance. Raises what ``Engine.search`` does.
    """
    streamed = order.value in {sort.value for sort in Sort}
    sort = Sort(order) if streamed else Sort.RELEVANCE
    keys = engine.results(replace(request, sort=sort)).in_order()
    lines = _lines(engine.collection.store, keys, request.query.words, context)
    return lines if streamed else iter(_in_order(lines, order))


def lines_of(article: Article, words: Sequence[RankingWord], context: Context) -> Iterator[ConcordanceLine]:
    """The occurrences in one article: those in its title first, unless its body begins with it."""
    for in_title, text in ((True, own_title(article)), (False, article.body)):
        for span in occurrences(words, text):
            left, keyword, right = _in_context(text, span, context)
            about = article.id, article.title, article.source, article.published
            yield ConcordanceLine(*about, in_title, *span, left, keyword, right)


def _lines(
    store: "ArticleStore", keys: Iterator[int], words: Sequence[RankingWord], context: Context
) -> Iterator[ConcordanceLine]:
    while batch := list(islice(keys, _BATCH)):
        for article in store.articles(batch):
            yield from lines_of(article, words, context)


def _in_order(lines: Iterable[ConcordanceLine], order: ConcordanceOrder) -> list[ConcordanceLine]:
    def key(line: ConcordanceLine) -> tuple[str, ...]:
        match order:
            case ConcordanceOrder.LEFT:
                return tuple(reversed(_words(line.left)))
            case ConcordanceOrder.RIGHT:
                return _words(line.right)
            case ConcordanceOrder.SOURCE:
                return _words(line.source)
            case _:
                return _words(line.keyword)

    return sorted(lines, key=key)


def _words(text: str) -> tuple[str, ...]:
    """The words of a text to sort by: without accents, capitals and signs around them."""
    words = (word.strip("«»“”\"'’()[].,;:!?…-–—") for word in fold(text).split())
    return tuple(filter(None, words))


def _in_context(text: str, span: Span, context: Context) -> tuple[str, str, str]:
    start, end = span
    by_words = context.unit is ContextUnit.WORDS
    reach = context.size * (_CHARACTERS_A_WORD if by_words else 2) + _CHARACTERS_A_WORD
    before, after = text[max(0, start - reach) : start], text[end : end + reach]
    cut = _last_words if by_words else _last_characters
    left = cut(_flat(before), context.size)
    right = cut(_flat(after)[::-1], context.size)[::-1]
    return left, _flat(text[start:end]), right


def _flat(text: str) -> str:
    """The text with single spaces; one at its beginning or end stays."""
    words = " ".join(text.split())
    before, after = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' * before}{words}{' ' * after}" if words else " " * bool(text)


def _last_words(text: str, count: int) -> str:
    words = text.split()
    kept = " ".join(words[-count:]) if count else ""
    return kept + " " * (bool(kept) and text[-1:].isspace())


def _last_characters(text: str, count: int) -> str:
    """The last characters, without the rest of a word that began before them."""
    if len(text) <= count:
        return text
    kept = text[len(text) - count :]
    if text[len(text) - count - 1].isspace() or kept[:1].isspace():
        return kept.lstrip()
    _, space, rest = kept.partition(" ")
    return rest if space else kept
