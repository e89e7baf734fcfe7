"""Builds a generation from a stream of articles, and publishes it."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from search.build_types import BuildReport, Change, Manifest
from search.errors import Translatable
from search.indexing.article_store import SqliteStore
from search.indexing.article_writer import open_writer
from search.indexing.pipeline import ReadSummary, chunk_articles, store_articles
from search.local import layout
from search.local.index_stages import PreviousIndex, StagedArticles, build_indexes, open_previous, validate
from search.local.manifest import seal
from search.local.published_articles import hold_published
from search.local.vector_cache import VectorCache
from search.protocols import Corpus, Encoder, Progress


def build(index: Path, corpus: Corpus, encoder: Encoder, model: str, progress: Progress) -> BuildReport:
    """Build a generation beside the published one, then publish it; a failure leaves the published one.

    Published articles stay if ``corpus`` keeps them. They and those that have not changed are copied from the
    published generation. The result is the same as if they were indexed again. ``model`` is the name that the
    user gave the encoder, ``""`` for the embedded one. Raises CorpusError when there is no article or all
    were rejected, IndexBusy, EncoderUnavailable, OSError.
    """
    with layout.build_lock(index):
        return build_while_locked(index, corpus, encoder, model, progress)


def build_while_locked(
    index: Path, corpus: Corpus, encoder: Encoder, model: str, progress: Progress
) -> BuildReport:
    """As ``build``, for a caller that has the builder's lock."""
    with (
        layout.staging_folder(index) as staging,
        closing(VectorCache(layout.vector_cache_file(index), encoder.name)) as cache,
        open_previous(index, encoder) as previous,
    ):
        with open_writer(staging.articles, previous.articles) as writer:
            published = hold_published(writer, index, previous.generation, corpus)
            summary = store_articles(writer, corpus, progress)
            corpus = corpus.joined(published.corpus)
            if (same := _unchanged(previous, corpus, summary, model)) is not None:
                cache.remove()
                return _report_unchanged(same, writer.change)
            moved = chunk_articles(writer, summary, encoder, progress)
        with closing(SqliteStore(staging.articles)) as store:
            indexed = build_indexes(StagedArticles(staging, store, previous, moved), cache, encoder, progress)
        manifest = replace(
            indexed.manifest,
            corpus=corpus.paths,
            rejected=summary.rejected,
            replaced=summary.replaced,
            passed_over=summary.passed_over,
            lost_fields=summary.lost_fields,
            digest=summary.digest,
            model=model,
        )
        seal(staging, manifest)
        validate(staging)
        layout.publish(index, staging)
        cache.remove()
        reused = manifest.chunks - indexed.encoded
        notice = published.notice or previous.notice
        return BuildReport(manifest, writer.change, indexed.encoded, reused, notice)


def _unchanged(previous: PreviousIndex, corpus: Corpus, summary: ReadSummary, model: str) -> Manifest | None:
    """The published manifest, if a build of these articles would give the same generation.

    It counts what this build did not read.
    """
    if previous.generation is None:
        return None
    manifest = previous.generation.manifest
    if manifest != replace(manifest, corpus=corpus.paths, digest=summary.digest, model=model):
        return None
    return replace(
        manifest,
        rejected=summary.rejected,
        replaced=summary.replaced,
        passed_over=summary.passed_over,
        lost_fields=summary.lost_fields,
    )


def _report_unchanged(manifest: Manifest, change: Change) -> BuildReport:
    notice = Translatable("Nothing has changed since {}: the index stays as it is.", manifest.created)
    return BuildReport(manifest, change, 0, manifest.chunks, notice)
