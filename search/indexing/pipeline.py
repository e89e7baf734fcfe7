"""The first steps of a build, the same for every backend: articles are stored, then cut into passages."""

import hashlib
from dataclasses import dataclass

from search.build_types import Stage
from search.errors import CorpusError, Translatable
from search.indexing.article_store import digest
from search.indexing.article_writer import StoreWriter
from search.protocols import Corpus, Encoder, Moved, Progress
from search.text import chunking
from search.types import Article, Chunk, Rejected


@dataclass(frozen=True, slots=True)
class ReadSummary:
    """What was read; ``digest`` is that of every article in order."""

    rejected: int
    replaced: int
    digest: str


def store_articles(writer: StoreWriter, corpus: Corpus, progress: Progress) -> ReadSummary:
    """Store the articles in the order they come; tell ``corpus.on_rejected`` of each rejected record."""
    rejected = replaced = 0
    whole = hashlib.sha256()
    for seen, record in enumerate(corpus.records, start=1):
        if isinstance(record, Rejected):
            corpus.on_rejected(record)
            rejected += 1
        else:
            replaced += writer.add(record)
            whole.update(digest(record))
        progress(Stage.READ, seen, 0)
    return ReadSummary(rejected, replaced, whole.hexdigest())


def chunk_articles(
    writer: StoreWriter, corpus: Corpus, read: ReadSummary, encoder: Encoder, progress: Progress
) -> Moved:
    """Number what was read and cut it into passages; give where what was published is now.

    Raises CorpusError when there is no article.
    """
    articles = writer.assign_keys()
    if not articles:
        raise _nothing_to_index(corpus, read)
    for key, article in writer.articles():
        if article is None:
            writer.keep_chunks(key)
        else:
            _chunk(writer, key, article, encoder)
        progress(Stage.CHUNK, key + 1, articles)
    writer.finish()
    return writer.moved


def _chunk(writer: StoreWriter, key: int, article: Article, encoder: Encoder) -> None:
    def fits(start: int, end: int) -> bool:
        return encoder.count_tokens(chunking.encoded_text(article, start, end)) <= encoder.max_tokens

    for ordinal, (start, end) in enumerate(chunking.passage_spans(article.body, fits)):
        encoded = chunking.encoded_text(article, start, end)
        writer.add_chunk(Chunk(key, ordinal, start, end), chunking.text_hash(encoded))


def _nothing_to_index(corpus: Corpus, read: ReadSummary) -> CorpusError:
    paths = ", ".join(corpus.paths)
    reason = (
        Translatable("all {} records were rejected", read.rejected)
        if read.rejected
        else Translatable("no article was found")
    )
    return CorpusError(
        Translatable("Nothing to index in {}: {}; see why with --rejects FILE.", paths, reason), paths
    )
