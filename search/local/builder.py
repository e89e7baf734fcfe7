"""From a stream of articles to a published generation: reading, storing, publishing."""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from search.errors import CorpusError, Translatable
from search.indexing.article_store import Change, SqliteStore, StoreWriter, digest, writing
from search.local import layout
from search.local.index_stages import Published, Stored, index_stored, published, validate
from search.local.manifest import seal
from search.local.vector_cache import EncodedTexts
from search.protocols import Encoder, Moved, Progress
from search.text import chunking
from search.types import Article, Chunk, Manifest, Rejected, Stage


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a build reads: where it comes from, its records, and who is told of each rejected one."""

    paths: tuple[str, ...]
    records: Iterable[Article | Rejected]
    on_rejected: Callable[[Rejected], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: what became of the articles, how many vectors were made, how many were there.

    ``notice`` says why nothing of the published generation could be used, or that nothing has changed, so
    that it stays the published one.
    """

    manifest: Manifest
    change: Change
    encoded: int
    reused: int
    notice: str


@dataclass(frozen=True, slots=True)
class Read:
    """What was read; ``digest`` is that of every article in order."""

    rejected: int
    replaced: int
    digest: str


def build(index: Path, corpus: Corpus, encoder: Encoder, model: str, progress: Progress) -> Built:
    """Build a generation beside the published one and publish it; whatever fails leaves the old one.

    What articles say that are as they were is taken over from the published one, and equals what would be
    made of them anew. ``model`` is what the user named the encoder by, ``""`` for the embedded one. Raises
    CorpusError when no article was found or all were rejected, IndexBusy, EncoderUnavailable, OSError.
    """
    with layout.locked(index):
        return build_locked(index, corpus, encoder, model, progress)


def build_locked(index: Path, corpus: Corpus, encoder: Encoder, model: str, progress: Progress) -> Built:
    """``build`` for who holds the builder's lock."""
    with (
        layout.staged(index) as staging,
        closing(EncodedTexts(layout.encoded(index), encoder.name)) as paid,
        published(index, encoder) as before,
    ):
        with writing(staging.articles, before.articles) as writer:
            read = take(writer, corpus, progress)
            if (same := _unchanged(before, corpus, read, model)) is not None:
                paid.remove()
                return Built(same, Change(same.articles, 0, 0, 0), 0, same.chunks, _as_it_was(same))
            moved = cut(writer, corpus, read, encoder, progress)
        with closing(SqliteStore(staging.articles)) as store:
            made = index_stored(Stored(staging, store, before, moved), paid, encoder, progress)
        manifest = replace(
            made.manifest,
            corpus=corpus.paths,
            rejected=read.rejected,
            replaced=read.replaced,
            digest=read.digest,
            model=model,
        )
        seal(staging, manifest)
        validate(staging)
        layout.publish(index, staging)
        paid.remove()
        return Built(manifest, writer.change, made.encoded, manifest.chunks - made.encoded, before.notice)


def take(writer: StoreWriter, corpus: Corpus, progress: Progress) -> Read:
    """Store the articles as they come."""
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
    return Read(rejected, replaced, whole.hexdigest())


def _unchanged(before: Published, corpus: Corpus, read: Read, model: str) -> Manifest | None:
    """The published manifest, when a build of what was read would only repeat its generation."""
    if before.generation is None:
        return None
    found = before.generation.manifest
    known = (found.corpus, found.rejected, found.replaced, found.digest, found.model)
    return found if known == (corpus.paths, read.rejected, read.replaced, read.digest, model) else None


def _as_it_was(manifest: Manifest) -> Translatable:
    return Translatable("Nothing has changed since {}: the index stays as it is.", manifest.created)


def cut(writer: StoreWriter, corpus: Corpus, read: Read, encoder: Encoder, progress: Progress) -> Moved:
    """Number what was read and cut it into chunks; tell where what was published is now."""
    articles = writer.assign_keys()
    if not articles:
        paths = ", ".join(corpus.paths)
        reason = (
            Translatable("all {} records were rejected", read.rejected)
            if read.rejected
            else Translatable("no article was found")
        )
        raise CorpusError(
            Translatable("Nothing to index in {}: {}; see why with --rejects FILE.", paths, reason),
            paths,
        )
    for key, article in writer.articles():
        if article is None:
            writer.keep_chunks(key)
        else:
            _cut_one(writer, key, article, encoder)
        progress(Stage.CHUNK, key + 1, articles)
    writer.finish()
    return writer.moved


def _cut_one(writer: StoreWriter, key: int, article: Article, encoder: Encoder) -> None:
    def fits(start: int, end: int) -> bool:
        return encoder.count_tokens(chunking.encoded_text(article, start, end)) <= encoder.max_tokens

    spans = chunking.passage_spans(article.body, fits)
    for ordinal, (start, end) in enumerate(spans):
        encoded = chunking.encoded_text(article, start, end)
        writer.add_chunk(Chunk(key, ordinal, start, end), chunking.text_hash(encoded))
