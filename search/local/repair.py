"""Builds an index again from its intact parts, when it is damaged or has an older format."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from search.build_types import Manifest, Progress, RepairOutcome, RepairReport
from search.errors import IndexCorrupt, IndexMissing, IndexProblem, Translatable
from search.local import integrity, layout
from search.local.article_recovery import RecoveredArticles, recovered_articles
from search.local.builder import build_while_locked
from search.local.manifest import FORMAT, read_any_manifest, read_manifest
from search.local.reader import verify_generation
from search.protocols import Corpus, Encoder


@dataclass(frozen=True, slots=True)
class RepairContext:
    """``load_encoder`` loads an encoder by the name that the user gave it."""

    load_encoder: Callable[[str], Encoder]
    progress: Progress


def repair(index: Path, context: RepairContext) -> RepairReport:
    """Publish a generation made from the intact parts of an index; nothing is deleted before that.

    An index without damage is not changed. Else the repair does the first of these that it can: it builds an
    index from all articles, if the store is intact; it goes back to the newest older generation without
    damage; it builds an index from those articles of a damaged store whose digests match. Raises
    IndexMissing, IndexCorrupt when nothing can be repaired, IndexIncompatible for the index of a newer
    program, IndexBusy, EncoderUnavailable, OSError.
    """
    if not layout.generations(index):
        raise IndexMissing(
            Translatable("There is no index in {}; run: depeche build PATH --index {}", index, index)
        )
    with layout.build_lock(index):
        folder, *older = layout.candidates(index)
        if not layout.is_current(index, folder):
            layout.set_current(index, folder)
        if (manifest := _verified_manifest(folder)) is not None:
            return RepairReport(RepairOutcome.SOUND, manifest)
        return _repair_from(index, folder, older, context)


def _repair_from(index: Path, folder: Path, older: list[Path], context: RepairContext) -> RepairReport:
    with ExitStack() as stack:
        recovered = _recover_articles(stack, folder)
        if recovered is not None and not recovered.lost:
            return _rebuild(index, recovered, context)
        for other in older:
            if (manifest := _verified_manifest(other)) is not None:
                layout.set_current(index, other)
                return RepairReport(RepairOutcome.ROLLED_BACK, manifest)
        if recovered is not None:
            return _rebuild(index, recovered, context)
    raise IndexCorrupt(
        Translatable("Nothing in {} can be repaired; run: depeche build PATH --index {}", index, index)
    )


def _verified_manifest(folder: Path) -> Manifest | None:
    """The manifest of a generation, None if it is damaged; raises IndexIncompatible for a newer program's."""
    manifest = _manifest(folder)
    if manifest is not None and manifest.format > FORMAT:
        return read_manifest(folder)
    try:
        return verify_generation(folder)
    except IndexProblem:
        return None


def _manifest(folder: Path) -> Manifest | None:
    try:
        return read_any_manifest(folder)
    except IndexCorrupt:
        return None


def _is_intact(path: Path, manifest: Manifest | None) -> bool:
    return manifest is not None and integrity.matches_checksum(path, manifest.checksums.get(path.name, ""))


def _recover_articles(stack: ExitStack, folder: Path) -> RecoveredArticles | None:
    """The articles that are certainly as they were published; None when there are none."""
    manifest, path = _manifest(folder), layout.Layout(folder).articles
    expected = 0 if manifest is None else manifest.articles
    try:
        recovered = stack.enter_context(recovered_articles(path, expected))
    except IndexCorrupt:
        return None
    confirmed = recovered.has_digests or _is_intact(path, manifest)
    return recovered if confirmed and recovered.keys else None


def _rebuild(index: Path, recovered: RecoveredArticles, context: RepairContext) -> RepairReport:
    manifest = next(filter(None, map(_manifest, layout.candidates(index))), None)
    model = "" if manifest is None else manifest.model
    encoder = context.load_encoder(model)
    paths = () if manifest is None else manifest.corpus
    corpus = Corpus(paths, recovered.articles(paths), lambda rejected: None)
    report = build_while_locked(index, corpus, encoder, model, context.progress)
    return RepairReport(RepairOutcome.REBUILT, report.manifest, recovered.lost, report.encoded, report.reused)
