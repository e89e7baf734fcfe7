"""Reads what a build needs of the published generation on servers, also of an older version."""

from collections.abc import Iterator

import msgspec

from search.errors import IndexCorrupt, Translatable
from search.indexing.article_store import ARTICLE_FIELDS
from search.postgres.loader import Connection
from search.postgres.schema import checked_id
from search.retention import place_of_old
from search.types import Article

_BATCH = 500  # articles that a server sends together
_PUBLISHED = "SELECT id, manifest FROM depeche.generation WHERE state = 'published'"


class PublishedFacts(msgspec.Struct, frozen=True):
    """What manifests of every version say of a generation; of none, all is empty."""

    id: str = ""
    format: int = 0
    encoder: str = ""
    model: str = ""
    corpus: tuple[str, ...] = ()
    articles: int = 0


def published_facts(coordinator: Connection) -> PublishedFacts:
    """The facts of the published generation."""
    record = coordinator.execute(_PUBLISHED).fetchone()
    if record is None:
        return PublishedFacts()
    return msgspec.structs.replace(msgspec.json.decode(record[1], type=PublishedFacts), id=str(record[0]))


def published_articles(coordinator: Connection, published: PublishedFacts) -> Iterator[Article]:
    """Every published article, by key; raises IndexCorrupt when the servers lack some.

    Older versions do not store the file of an article. Then it is the only path that the index was made from.
    """
    place = place_of_old(published.corpus)
    query = f"SELECT * FROM {checked_id(published.id)}.article ORDER BY key"
    count = 0
    with coordinator.transaction(), coordinator.cursor(name="published") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(query)
        names = [column.name for column in cursor.description or ()]
        for record in cursor:
            values = {"file": place} | dict(zip(names, record, strict=True))
            yield Article(**{name: values[name] for name in ARTICLE_FIELDS if name in values})
            count += 1
    if count != published.articles:
        raise IndexCorrupt(
            Translatable(
                "The servers have {} of {} articles; to build the index anew from its files, "
                "run: depeche sync --database … PATH",
                count,
                published.articles,
            )
        )
