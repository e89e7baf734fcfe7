"""The operations over one article: show and similar."""

from typing import TYPE_CHECKING

from search import export
from search.errors import UsageError
from search.operations.answer import Answer
from search.operations.parameters import ShowParameters, SimilarParameters
from search.operations.problems import UnknownArticle
from search.types import Sort

if TYPE_CHECKING:
    from search.index import Index
    from search.types import Article


def show(index: "Index", parameters: ShowParameters) -> Answer:
    """An article with ``text[start:end]``; ``length`` is that of the whole text, in characters."""
    article = _article(index, parameters.id)
    length = len(article.body)
    start, end = min(parameters.start, length), min(parameters.end, length)
    document = export.article_document(article) | {
        "lang": article.lang,
        "length": length,
        "start": start,
        "end": max(start, end),
        "text": article.body[start:end],
        "generation": index.manifest.id,
    }
    return Answer(document, is_repeatable=True)


def similar(index: "Index", parameters: SimilarParameters) -> Answer:
    """The articles nearest in meaning to an article, without its copies."""
    _article(index, parameters.id)
    result = index.engine.similar(parameters.id, parameters.limit, Sort(parameters.sort))
    return Answer(export.hits_document(result), not result.degraded)


def _article(index: "Index", article_id: str) -> "Article":
    """The article with this id; raises UnknownArticle."""
    try:
        return index.article(article_id)
    except UsageError as exc:
        raise UnknownArticle(exc.message) from exc
