"""An index that is damaged, or of an older format, made anew from what is sound of it."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from search.build_types import Manifest, RepairOutcome, RepairReport
from search.errors import IndexCorrupt, IndexMissing, IndexProblem, Translatable
from search.local import integrity, layout
from search.local.article_recovery import Salvage, salvaged
from search.local.builder import build_locked
from search.local.manifest import FORMAT, read_any_manifest, read_manifest
from search.local.reader import verify_generation
from search.protocols import Corpus, Encoder, Progress


@dataclass(frozen=True, slots=True)
class RepairContext:
    """What a repair works with; ``load_encoder`` loads an encoder by the name that the user gave it."""

    load_encoder: Callable[[str], Encoder]
    progress: Progress


def repair(index: Path, context: RepairContext) -> RepairReport:
    """Publish what is sound of an index; nothing is deleted before that.

    A sound index stays as it is. Else, in this order: every article from a store that is intact, the
    newest sound generation before, and the articles of a damaged store that their digests confirm. Raises
    IndexMissing, IndexCorrupt when nothing can be repaired, IndexIncompatible for the index of a newer
    program, IndexBusy, EncoderUnavailable, OSError.
    """
    if not layout.generations(index):
        raise IndexMissing(
            Translatable("There is no index in {}; run: depeche build PATH --index {}", index, index)
        )
    with layout.locked(index):
        folder, *older = layout.candidates(index)
        if not layout.selected(index, folder):
            layout.select(index, folder)
        if (manifest := _sound(folder)) is not None:
            return RepairReport(RepairOutcome.SOUND, manifest)
        return _repair_from(index, folder, older, context)


def _repair_from(index: Path, folder: Path, older: list[Path], context: RepairContext) -> RepairReport:
    with ExitStack() as stack:
        salvage = _salvage(stack, folder)
        if salvage is not None and not salvage.lost:
            return _rebuild(index, salvage, context)
        for other in older:
            if (manifest := _sound(other)) is not None:
                layout.select(index, other)
                return RepairReport(RepairOutcome.ROLLED_BACK, manifest)
        if salvage is not None:
            return _rebuild(index, salvage, context)
    raise IndexCorrupt(
        Translatable("Nothing in {} can be repaired; run: depeche build PATH --index {}", index, index)
    )


def _sound(folder: Path) -> Manifest | None:
    """The manifest of a generation that verifies; raises IndexIncompatible for that of a newer program."""
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


def _intact(manifest: Manifest | None, path: Path) -> bool:
    return manifest is not None and integrity.has(path, manifest.checksums.get(path.name, ""))


def _salvage(stack: ExitStack, folder: Path) -> Salvage | None:
    """The articles that are known to be as they were published; None when there is none."""
    manifest, path = _manifest(folder), layout.Layout(folder).articles
    try:
        found = stack.enter_context(salvaged(path, 0 if manifest is None else manifest.articles))
    except IndexCorrupt:
        return None
    known = found.checked or _intact(manifest, path)
    return found if known and found.sound else None


def _rebuild(index: Path, salvage: Salvage, context: RepairContext) -> RepairReport:
    manifest = next(filter(None, map(_manifest, layout.candidates(index))), None)
    model = "" if manifest is None else manifest.model
    encoder = context.load_encoder(model)
    paths = () if manifest is None else manifest.corpus
    corpus = Corpus(paths, salvage.articles(), lambda rejected: None)
    built = build_locked(index, corpus, encoder, model, context.progress)
    return RepairReport(RepairOutcome.REBUILT, built.manifest, salvage.lost, built.encoded, built.reused)
