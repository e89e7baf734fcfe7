"""The composition root: settings to an engine."""

import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec
from threadpoolctl import ThreadpoolController

from search.config import Settings
from search.embedding import fetch_model, load_encoder, load_reranker
from search.errors import EncoderUnavailable, IndexProblem, Translatable, UsageError
from search.local import layout
from search.local.manifest import read_any_manifest
from search.local.reader import open_current, verify_current
from search.protocols import ArticleStore, Begin, Encoder, Ints, KeywordIndex, Progress, Reranker, VectorIndex
from search.retrieval.engine import Engine
from search.retrieval.retriever import SemanticIndex
from search.types import Article, Manifest, Rejected

if TYPE_CHECKING:
    from search.local.builder import Built, Corpus
    from search.local.repair import Repaired
    from search.postgres.reader import PostgresGeneration

_Loaded = TypeVar("_Loaded")


@dataclass(frozen=True, slots=True)
class Library:
    """A generation to search in, and what it is; ``size`` is in bytes."""

    engine: Engine
    manifest: Manifest
    size: int


class Opened(Protocol):
    """A published generation, open for searching, wherever it is kept."""

    @property
    def manifest(self) -> Manifest:
        """What it is made of."""

    @property
    def store(self) -> ArticleStore:
        """Its articles."""

    @property
    def keyword(self) -> KeywordIndex:
        """Its words."""

    @property
    def vectors(self) -> VectorIndex:
        """Its vectors, opened at first use."""

    @property
    def families(self) -> Ints:
        """By article key the one that stands for all that say the same."""

    @property
    def size(self) -> int:
        """Bytes on disk."""

    def missing(self) -> tuple[str, ...]:
        """What of it cannot be searched now, in words."""

    @property
    def begin(self) -> Begin:
        """How it is asked several things at a time."""

    def check_encoder(self, encoder: Encoder) -> None:
        """Refuse an encoder whose queries do not lie in its space; raises IndexIncompatible."""

    def close(self) -> None:
        """Release its files or connections."""


def open_generation(settings: Settings) -> Opened:
    """Open the published generation.

    Raises IndexMissing, IndexCorrupt, IndexIncompatible, and UsageError for a folder that cannot be read or a
    server that does not answer.
    """
    if settings.engine:
        return _on_servers(settings)
    with _readable(settings):
        return open_current(Path(settings.index))


def place(settings: Settings) -> str:
    """Where the index is, in words: its folder or its server."""
    if not settings.engine:
        return settings.index
    with _with_extra():
        from search.postgres.connections import place

    return place(settings.engine)


def _on_servers(settings: Settings) -> "PostgresGeneration":
    with _with_extra():
        from search.postgres.reader import PostgresGeneration
    return PostgresGeneration(settings.engine)


@contextmanager
def _with_extra() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as exc:
        raise UsageError(
            Translatable(
                "--engine needs {}, which is not installed; run: pip install 'depeche[postgres]'", exc.name
            )
        ) from exc


def verify(settings: Settings) -> Manifest:
    """Check the published generation whole; raises what ``open_generation`` does, with every fault."""
    if settings.engine:
        with closing(_on_servers(settings)) as generation:
            generation.verify()
            return generation.manifest
    with _readable(settings):
        return verify_current(Path(settings.index))


def repair(settings: Settings, progress: Progress) -> "Repaired":
    """Make the index anew from what is sound of it; raises what ``repairing.repair`` does, and UsageError."""
    from search.local.repair import RepairContext, repair

    if settings.engine:
        raise UsageError(
            Translatable(
                "An index on servers is made anew by: depeche build --engine … PATH; --index DIR is repaired."
            )
        )
    workshop = RepairContext(lambda model: load_encoder(settings.model or model or None), progress)
    with _writable(settings):
        return repair(Path(settings.index), workshop)


def engine(generation: Opened, settings: Settings) -> Engine:
    """An engine over a generation; encoder, vectors and reranker are loaded when first asked for."""
    one_thread_a_product()

    @_once
    def meaning() -> SemanticIndex:
        encoder = load_encoder(settings.model or generation.manifest.model or None)
        generation.check_encoder(encoder)
        return SemanticIndex(encoder, generation.vectors)

    @_once
    def reranker() -> Reranker:
        return load_reranker(settings.rerank)

    reading = reranker if settings.rerank else None
    return Engine(
        generation.store,
        generation.keyword,
        meaning,
        generation.manifest.id,
        reading,
        generation.families,
        generation.missing,
        generation.begin,
    )


def one_thread_a_product() -> None:
    """Let numpy multiply alone: a query's matrices are small, and its threads wait in a busy loop."""
    ThreadpoolController().select(internal_api="openblas").limit(limits=1)


def _once(load: Callable[[], _Loaded]) -> Callable[[], _Loaded]:
    """Load at the first call only; a model that cannot be loaded is not tried again."""

    @cache
    def attempt() -> _Loaded | EncoderUnavailable:
        try:
            return load()
        except EncoderUnavailable as exc:
            return exc

    def loaded() -> _Loaded:
        found = attempt()
        if isinstance(found, EncoderUnavailable):
            raise found
        return found

    return loaded


def encoder(settings: Settings) -> Encoder:
    """The encoder that a build uses, downloaded if need be; raises EncoderUnavailable."""
    model = settings.model or None
    fetch_model(model)
    return load_encoder(model)


def library(settings: Settings) -> Library:
    """Open the published generation to search in; raises what ``open_generation`` does.

    Its files are closed once nothing refers to its engine: threads may be searching when it is left.
    """
    generation = open_generation(settings)
    with ExitStack() as on_failure:
        on_failure.callback(generation.close)
        found = engine(generation, settings)
        on_failure.pop_all()
    weakref.finalize(found, generation.close)
    return Library(found, generation.manifest, generation.size)


def published_id(settings: Settings) -> str:
    """The id of the generation that is published now; ``""`` when there is none that could be opened."""
    if settings.engine:
        with _with_extra():
            from search.postgres.reader import published_id
        return published_id(settings.engine)
    try:
        return layout.current(Path(settings.index)).name
    except (IndexProblem, OSError):
        return ""


def records(settings: Settings, paths: Sequence[str]) -> Iterator[Article | Rejected]:
    """What a build of these files, folders or ``-`` reads, the index folder itself passed over.

    Raises CorpusError at once for a path that does not exist.
    """
    from search.corpus import ReadOptions, read

    return read(paths, ReadOptions(settings.columns, settings.source, settings.lang, (settings.index,)))


def rebuild(settings: Settings, paths: tuple[str, ...], progress: Progress) -> Manifest:
    """Build and publish a generation of these files and folders, by the model of the one before.

    What ``progress`` raises interrupts it and leaves the published generation. Raises what ``build`` does.
    """
    from search.local import builder

    corpus = builder.Corpus(paths, records(settings, paths), lambda rejected: None)
    model = settings.model or _published_model(settings)
    chosen = msgspec.structs.replace(settings, model=model)
    return build(chosen, corpus, load_encoder(model or None), progress).manifest


def build(settings: Settings, corpus: "Corpus", encoder: Encoder, progress: Progress) -> "Built":
    """Build and publish a generation where the settings say.

    Raises CorpusError, IndexBusy, EncoderUnavailable, and UsageError for a folder or server that cannot be
    written.
    """
    if settings.engine:
        with _with_extra():
            from search.postgres.builder import Encoding
            from search.postgres.builder import build as build_on_servers
        return build_on_servers(
            settings.engine, corpus, Encoding(encoder, settings.model, settings.workers), progress
        )
    from search.local import builder

    with _writable(settings):
        return builder.build(Path(settings.index), corpus, encoder, settings.model, progress)


@contextmanager
def _readable(settings: Settings) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise UsageError(
            Translatable(
                "The index folder {} cannot be read: {}; give another with --index DIR.",
                settings.index,
                exc.strerror or exc,
            )
        ) from exc


@contextmanager
def _writable(settings: Settings) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise UsageError(
            Translatable(
                "{} cannot be written: {}; make room there, or give another folder with --index DIR.",
                settings.index,
                exc.strerror or exc,
            )
        ) from exc


def _published_model(settings: Settings) -> str:
    try:
        if settings.engine:
            with closing(_on_servers(settings)) as generation:
                return generation.manifest.model
        return read_any_manifest(layout.current(Path(settings.index))).model
    except IndexProblem:
        return ""
