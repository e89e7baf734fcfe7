"""Builds a generation from a stream of articles, and publishes it."""

from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from search.build_types import BuildReport, Change, Manifest, Progress, Stage
from search.errors import Translatable
from search.indexing.article_store import SqliteStore
from search.indexing.article_writer import open_writer
from search.indexing.pipeline import ReadSummary, chunk_articles, store_articles
from search.local import layout
from search.local.analysis_pool import analysis_pool
from search.local.encoding_steps import encode_in_steps
from search.local.index_stages import (
    PreviousIndex,
    StagedArticles,
    open_previous,
    validate,
    write_vectors,
    write_words,
)
from search.local.manifest import last_complete, published_vectors, seal
from search.local.published_articles import hold_published
from search.local.vector_cache import VectorCache
from search.local.vector_stages import StoreVectors
from search.protocols import Corpus, Encoder

FEW = 512
"""So many texts are encoded before their articles are published; of more, the words are published first."""


def build(index: Path, corpus: Corpus, encoder: Encoder, model: str, progress: Progress) -> BuildReport:
    """Build a generation beside the published one, then publish it; a failure leaves what is published.

    Published articles stay if ``corpus`` keeps them. They and those that have not changed are copied from the
    published generation. The result is the same as if they were indexed again. Of many new articles the words
    are published before they are encoded; their vectors follow in further generations. ``model`` is the name
    that the user gave the encoder, ``""`` for the embedded one. Raises CorpusError when there is no article
    or all were rejected, IndexBusy, EncoderUnavailable, OSError.
    """
    with layout.build_lock(index):
        return build_while_locked(index, corpus, encoder, model, progress)


def build_while_locked(
    index: Path, corpus: Corpus, encoder: Encoder, model: str, progress: Progress
) -> BuildReport:
    """As ``build``, for a caller that has the builder's lock."""
    report = _publish_articles(index, corpus, encoder, model, progress)
    if report.manifest.complete:
        return report
    last, encoded = encode_in_steps(index, encoder, progress)
    manifest = _counting(last, report.manifest)
    return replace(report, manifest=manifest, encoded=encoded, reused=manifest.chunks - encoded)


def _publish_articles(
    index: Path, corpus: Corpus, encoder: Encoder, model: str, progress: Progress
) -> BuildReport:
    """Publish a generation of these articles, which may lack vectors; if no article has changed, none."""
    with (
        layout.staging_folder(index) as staging,
        closing(VectorCache(layout.vector_cache_file(index), encoder.name)) as cache,
        ExitStack() as stack,
    ):
        with open_previous(index, encoder) as previous:
            with open_writer(staging.articles, previous.articles) as writer:
                published = hold_published(writer, index, previous.generation, corpus)
                summary = store_articles(writer, corpus, progress)
                corpus = corpus.joined(published.corpus)
                if (same := _unchanged(previous, corpus, summary, model)) is not None:
                    if same.complete:
                        cache.remove()
                    return _report_unchanged(same, writer.change)
                pool = stack.enter_context(analysis_pool(staging.articles, writer.new_bytes))
                moved = chunk_articles(writer, summary, encoder, progress)
            with closing(SqliteStore(staging.articles)) as store:
                write_words(StagedArticles(staging, store, previous, moved), pool, progress)
                vectors = StoreVectors(store, previous.vectors, cache, encoder)
                encoded = _encode_unless_many(index, vectors, progress)
                manifest = write_vectors(staging, vectors)
        manifest = _counting(
            replace(manifest, corpus=corpus.paths, digest=summary.digest, model=model), summary
        )
        progress(Stage.CHECK, 0, 0)
        seal(staging, manifest)
        validate(staging, pool)
        layout.publish(index, staging, last_complete(index))
        if manifest.complete:
            cache.remove()
    notice = published.notice or previous.notice
    return BuildReport(manifest, writer.change, encoded, manifest.chunks - encoded, notice)


def _encode_unless_many(index: Path, vectors: StoreVectors, progress: Progress) -> int:
    """Encode the texts that have no vector, unless the words are to be published before; give their number.

    The words of many new texts are published before, unless searches would then lose most of the vectors that
    they have, as with another encoder.
    """
    batches = vectors.missing()
    total, done = sum(map(len, batches)), 0
    if total > FEW and 2 * np.count_nonzero(vectors.encoded()) >= published_vectors(index):
        return 0
    progress(Stage.ENCODE, 0, total)
    for batch in batches:
        vectors.encode(batch)
        done += len(batch)
        progress(Stage.ENCODE, done, total)
    return done


def _unchanged(previous: PreviousIndex, corpus: Corpus, summary: ReadSummary, model: str) -> Manifest | None:
    """The published manifest, if a build of these articles would give the same generation.

    It counts what this build did not read.
    """
    if previous.generation is None:
        return None
    manifest = previous.generation.manifest
    if manifest != replace(manifest, corpus=corpus.paths, digest=summary.digest, model=model):
        return None
    return _counting(manifest, summary)


def _counting(manifest: Manifest, unread: ReadSummary | Manifest) -> Manifest:
    """The manifest with these counts of what was not read."""
    return replace(
        manifest,
        rejected=unread.rejected,
        replaced=unread.replaced,
        passed_over=unread.passed_over,
        lost_fields=unread.lost_fields,
    )


def _report_unchanged(manifest: Manifest, change: Change) -> BuildReport:
    notice = (
        Translatable("Nothing has changed since {}: the index stays as it is.", manifest.created)
        if manifest.complete
        else Translatable(
            "No article has changed since {}: encoding goes on where it stopped.", manifest.created
        )
    )
    return BuildReport(manifest, change, 0, manifest.chunks, notice)
