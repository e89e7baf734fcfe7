"""Gives a build the articles of the published index, also of one that is damaged or has an older format."""

from dataclasses import dataclass
from pathlib import Path

from search.build_types import Manifest
from search.errors import IndexCorrupt, Translatable
from search.indexing.article_writer import StoreWriter
from search.local import integrity, layout
from search.local.article_recovery import recovered_articles
from search.local.manifest import FORMAT, read_any_manifest, read_manifest
from search.local.reader import Generation
from search.protocols import Corpus
from search.retention import keep_none

_NAMED = 10  # lost articles that a notice names


@dataclass(frozen=True, slots=True)
class PublishedArticles:
    """The paths that the published index was made from; ``notice`` says which articles cannot be read."""

    corpus: tuple[str, ...] = ()
    notice: str = ""


def hold_published(
    writer: StoreWriter, index: Path, generation: Generation | None, corpus: Corpus
) -> PublishedArticles:
    """Give the writer the published articles, unless it can copy them from ``generation``.

    Without such a generation, they are those of the newest one whose articles can be read, one by one.
    Raises IndexIncompatible for the index of a newer program, if some of its articles are to be kept.
    """
    if generation is not None:
        return PublishedArticles(generation.manifest.corpus)
    for folder in layout.candidates(index):
        manifest = _manifest(folder)
        if manifest is not None and manifest.format > FORMAT and corpus.keeps is not keep_none:
            read_manifest(folder)
        recovered_corpus = _recover(writer, folder, manifest)
        if recovered_corpus is not None:
            return recovered_corpus
    return PublishedArticles()


def _manifest(folder: Path) -> Manifest | None:
    try:
        return read_any_manifest(folder)
    except IndexCorrupt:
        return None


def _recover(writer: StoreWriter, folder: Path, manifest: Manifest | None) -> PublishedArticles | None:
    path = layout.Layout(folder).articles
    paths, expected = ((), 0) if manifest is None else (manifest.corpus, manifest.articles)
    try:
        with recovered_articles(path, expected) as recovered:
            sums = {} if manifest is None else manifest.checksums
            intact = recovered.has_digests or integrity.matches_checksum(path, sums.get(path.name, ""))
            if not intact or not recovered.keys:
                return None
            writer.hold(recovered.articles(paths))
            return PublishedArticles(paths, _lost_notice(recovered.lost))
    except IndexCorrupt:
        return None


def _lost_notice(lost: tuple[str, ...]) -> str:
    """Say which articles of a damaged index are lost; ``""`` when none is."""
    if not lost:
        return ""
    named = ", ".join(lost[:_NAMED]) + (", …" if len(lost) > _NAMED else "")
    return Translatable(
        "The index was damaged: of its articles, {} could not be read ({}); build their files again.",
        len(lost),
        named,
    )
