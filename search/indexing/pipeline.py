"""The first steps of a build: store the articles, then cut them into passages."""

import hashlib
from collections import Counter
from dataclasses import dataclass

from search.build_types import Stage
from search.errors import CorpusError, Translatable
from search.indexing.article_store import digest
from search.indexing.article_writer import StoreWriter
from search.protocols import Corpus, Encoder, Moved, Progress
from search.text import chunking
from search.types import Article, Chunk, LostField, Rejected, Unread


class UnreadCounts:
    """Counts what was not read, by kind; ``first`` is the first rejected record."""

    def __init__(self) -> None:
        self.rejected = 0
        self.first: Rejected | None = None
        self.passed_over: Counter[str] = Counter()
        self.lost_fields: Counter[str] = Counter()

    def add(self, unread: Unread) -> None:
        """Count one of them."""
        if isinstance(unread, Rejected):
            self.rejected += 1
            self.first = self.first or unread
        elif isinstance(unread, LostField):
            self.lost_fields[unread.field] += 1
        else:
            self.passed_over[unread.kind] += 1


@dataclass(frozen=True, slots=True)
class ReadSummary:
    """How many records were rejected, and how many replaced an earlier one of the same id.

    ``passed_over`` counts by kind what holds no article, ``lost_fields`` by field what could not be read of
    an article; both are in the order of their names. ``first_rejected`` is one of the rejected records, None
    where there is none. ``digest`` is the SHA-256 of all articles, in order.
    """

    rejected: int
    replaced: int
    passed_over: dict[str, int]
    lost_fields: dict[str, int]
    first_rejected: Rejected | None
    digest: str


def store_articles(writer: StoreWriter, corpus: Corpus, progress: Progress) -> ReadSummary:
    """Store the articles in their order; call ``corpus.on_unread`` for each thing that was not read."""
    replaced = 0
    unread = UnreadCounts()
    corpus_digest = hashlib.sha256()
    for done, record in enumerate(corpus.records, start=1):
        if isinstance(record, Article):
            replaced += writer.add(record)
            corpus_digest.update(digest(record))
        else:
            corpus.on_unread(record)
            unread.add(record)
        progress(Stage.READ, done, 0)
    return ReadSummary(
        unread.rejected,
        replaced,
        dict(sorted(unread.passed_over.items())),
        dict(sorted(unread.lost_fields.items())),
        unread.first,
        corpus_digest.hexdigest(),
    )


def chunk_articles(
    writer: StoreWriter, corpus: Corpus, summary: ReadSummary, encoder: Encoder, progress: Progress
) -> Moved:
    """Give the stored articles their keys and cut them into passages.

    Gives the new places of the published articles and rows. Raises CorpusError when there is no article.
    """
    articles = writer.assign_keys()
    if not articles:
        raise _nothing_to_index(corpus, summary)
    for key, article in writer.articles():
        if article is None:
            writer.copy_chunks(key)
        else:
            _cut(writer, key, article, encoder)
        progress(Stage.CHUNK, key + 1, articles)
    writer.finish()
    return writer.moved


def _cut(writer: StoreWriter, key: int, article: Article, encoder: Encoder) -> None:
    def fits(start: int, end: int) -> bool:
        return encoder.count_tokens(chunking.encoded_text(article, start, end)) <= encoder.max_tokens

    for ordinal, (start, end) in enumerate(chunking.passage_spans(article.body, fits)):
        encoded = chunking.encoded_text(article, start, end)
        writer.add_chunk(Chunk(key, ordinal, start, end), chunking.text_hash(encoded))


def _nothing_to_index(corpus: Corpus, summary: ReadSummary) -> CorpusError:
    paths, reason = ", ".join(corpus.paths), _reason(summary)
    return CorpusError(
        Translatable(
            "Nothing to index in {}: {}; list what was left out with --rejects FILE.", paths, reason
        ),
        paths,
    )


def _reason(summary: ReadSummary) -> Translatable:
    """Why there is no article."""
    if summary.rejected == 1 and (only := summary.first_rejected):
        return Translatable("{}: {}", only.path, only.reason)
    if summary.rejected:
        return Translatable("all {} records were rejected", summary.rejected)
    if summary.passed_over:
        return Translatable("no file of a known format; passed over: {}", sum(summary.passed_over.values()))
    return Translatable("no article was found")
