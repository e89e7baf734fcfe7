"""From a stream of articles to a published generation: reading, storing, publishing."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from search.build_types import BuildReport, Change, Manifest
from search.errors import Translatable
from search.indexing.article_store import SqliteStore
from search.indexing.article_writer import writing
from search.indexing.pipeline import ReadSummary, chunk_articles, store_articles
from search.local import layout
from search.local.index_stages import Published, Stored, index_stored, published, validate
from search.local.manifest import seal
from search.local.vector_cache import EncodedTexts
from search.protocols import Corpus, Encoder, Progress


def build(index: Path, corpus: Corpus, encoder: Encoder, model: str, progress: Progress) -> BuildReport:
    """Build a generation beside the published one and publish it; whatever fails leaves the old one.

    What articles say that are as they were is taken over from the published one, and equals what would be
    made of them anew. ``model`` is what the user named the encoder by, ``""`` for the embedded one. Raises
    CorpusError when no article was found or all were rejected, IndexBusy, EncoderUnavailable, OSError.
    """
    with layout.locked(index):
        return build_locked(index, corpus, encoder, model, progress)


def build_locked(
    index: Path, corpus: Corpus, encoder: Encoder, model: str, progress: Progress
) -> BuildReport:
    """``build`` for who holds the builder's lock."""
    with (
        layout.staged(index) as staging,
        closing(EncodedTexts(layout.encoded(index), encoder.name)) as paid,
        published(index, encoder) as before,
    ):
        with writing(staging.articles, before.articles) as writer:
            read = store_articles(writer, corpus, progress)
            if (same := _unchanged(before, corpus, read, model)) is not None:
                paid.remove()
                return BuildReport(same, Change(same.articles, 0, 0, 0), 0, same.chunks, _as_it_was(same))
            moved = chunk_articles(writer, corpus, read, encoder, progress)
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
        return BuildReport(
            manifest, writer.change, made.encoded, manifest.chunks - made.encoded, before.notice
        )


def _unchanged(before: Published, corpus: Corpus, read: ReadSummary, model: str) -> Manifest | None:
    """The published manifest, when a build of what was read would only repeat its generation."""
    if before.generation is None:
        return None
    found = before.generation.manifest
    known = (found.corpus, found.rejected, found.replaced, found.digest, found.model)
    return found if known == (corpus.paths, read.rejected, read.replaced, read.digest, model) else None


def _as_it_was(manifest: Manifest) -> Translatable:
    return Translatable("Nothing has changed since {}: the index stays as it is.", manifest.created)
