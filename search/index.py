"""The front door: open an index, and ask it. ``import search`` gives all of it.

Also the one place where settings choose a backend, an encoder and a reranker.
"""

import os
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar, Unpack

from threadpoolctl import ThreadpoolController

from search import config
from search.arguments import SearchOptions, article_id, choice, count, date_text, share, values
from search.build_types import BuildReport, Progress, RepairReport, Unread
from search.config import Settings
from search.counts import Counts
from search.embedding import fetch_model, load_encoder, load_reranker
from search.errors import EncoderUnavailable, Translatable, UsageError
from search.indexing.encoder_check import check_encoder
from search.local.backend import FolderBackend
from search.protocols import Backend, Corpus, Encoder, OpenIndex, Reranker
from search.query.options import NAMED, option_filters, restrict
from search.query.parser import parse
from search.retrieval.engine import Engine
from search.retrieval.hit_stream import HitStream
from search.retrieval.relevance import RelevanceThreshold
from search.retrieval.request import Request
from search.retrieval.retriever import SemanticIndex
from search.types import Article, Copies, Explanation, Hit, Hits, Mode, Sort
from search.user.article_sets import UserArticleSets, article_sets_of

if TYPE_CHECKING:
    from search.corpus import ReadOptions
    from search.corpus.inspection import FileReport

_T = TypeVar("_T")
_BATCH = 500  # articles read together
_SERVERS = ("postgresql://", "postgres://")


class Index:
    """An index, open for searching: a context manager, for one thread or several.

    ``manifest`` says what the index was made from and by what, and how many of its passages are encoded.
    ``engine`` answers a ``Request``, the typed
    form of a query and its options; the methods make that request from plain values.
    """

    def __init__(self, opened: OpenIndex, settings: Settings, location: str) -> None:
        """Use ``open`` instead; the index takes over ``opened`` and closes it."""
        self.settings = settings
        self.location = location
        self.manifest = opened.manifest
        self.engine = engine_over(opened, settings)
        self._opened = opened
        # Threads may still search when the index is left: its files go with the last of them.
        self._closing = weakref.finalize(self.engine, opened.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        """How many articles the index holds."""
        return self.manifest.articles

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._opened.size

    def search(
        self, query: str, *, limit: int = 10, offset: int = 0, **options: Unpack[SearchOptions]
    ) -> Hits:
        """The articles that answer a query, the best first, with counts of all of them in ``facets``.

        ``mode`` is ``hybrid`` (the default unless settings say otherwise), ``keyword`` or ``semantic``;
        ``sort`` is ``relevance`` (the default), ``date`` (newest first) or ``oldest``; ``copies`` are
        ``folded`` into one hit (the default) or ``listed`` each. ``since`` and ``before``, which is
        exclusive, are ISO (``2023-09``), relative (``7j``) or ``datetime.date``. ``source``, ``section``,
        ``author``, ``place``, ``keyword`` and ``page`` are a name, or several, which must all hold.
        ``min_confidence``, from 0 to 1, leaves out what is less sure to answer. ``dossier:`` and ``lu:`` ask
        for what the user of this machine keeps of this index. Raises QueryError for a query that cannot be
        understood, UsageError for another argument, EncoderUnavailable.
        """
        request = replace(
            self._request(query, **options), limit=count("limit", limit), offset=count("offset", offset)
        )
        return replace(self.engine.search(request), facets=self.engine.facets(request))

    def iter_search(self, query: str, **options: Unpack[SearchOptions]) -> HitStream:
        """All the articles that answer a query, in the order of ``search``, whose options it has.

        They are read as they are asked for, in memory a few hundred at a time; ``len`` is known beforehand.
        Raises what ``search`` does, at once.
        """
        return self.engine.all_hits(self._request(query, **options))

    def _request(
        self,
        query: str,
        *,
        mode: str | None = None,
        since: str | date | None = None,
        before: str | date | None = None,
        source: str | Sequence[str] = (),
        section: str | Sequence[str] = (),
        author: str | Sequence[str] = (),
        place: str | Sequence[str] = (),
        keyword: str | Sequence[str] = (),
        page: str | Sequence[str] = (),
        sort: str = "relevance",
        copies: str = "folded",
        min_confidence: float = 0.0,
    ) -> Request:
        today = date.today()
        in_order = (source, section, author, page, place, keyword)
        names = dict(zip(NAMED, map(values, in_order), strict=True))
        filters = option_filters(date_text(since), date_text(before), names, today)
        return Request(
            restrict(parse(query, today), *filters),
            mode=choice(Mode, "mode", mode or self.settings.mode),
            sort=choice(Sort, "sort", sort),
            fusion=self.settings.fusion,
            rescoring=self.settings.rescoring,
            threshold=RelevanceThreshold(minimum=share("min_confidence", min_confidence)),
            copies=choice(Copies, "copies", copies),
            sets=self.article_sets(),
        )

    def warm(self) -> None:
        """Prepare for many queries, as a server does; returns at once.

        In the background, a faster route for the vectors of queries is loaded, which takes some 40 MB. Until
        it is there, and where there is none, queries are answered as before. Its vectors differ a little, so
        that nearly equal results may change places.
        """
        self.engine.warm()

    def similar(self, article: str | Article | Hit, limit: int = 10, sort: str = "relevance") -> Hits:
        """The articles nearest in meaning to an article of the index, without its copies.

        The nearest ``limit`` are given, in the order of ``sort``, which is that of ``search``.
        Raises UsageError for an id that is not in the index, EncoderUnavailable.
        """
        return self.engine.similar(article_id(article), count("limit", limit), choice(Sort, "sort", sort))

    def explain(self, query: str, article: str | Article | Hit, mode: str | None = None) -> Explanation:
        """Why an article answers a query: its score leg by leg, and the words it matches.

        ``mode`` is that of the search which gave the hit. Raises what ``search`` does, and UsageError for an
        id that is not in the index.
        """
        chosen = choice(Mode, "mode", mode or self.settings.mode)
        request = Request(
            parse(query, date.today()),
            chosen,
            fusion=self.settings.fusion,
            rescoring=self.settings.rescoring,
            sets=self.article_sets(),
        )
        hit = article if isinstance(article, Hit) else self.engine.hit(request, article_id(article))
        return self.engine.explain(request, hit)

    @property
    def counts(self) -> Counts:
        """Counts of whole answers: trends, concordances, words that mark an answer, words near a word."""
        return Counts(self.engine, self.settings, self.article_sets)

    def article(self, article_id: str) -> Article:
        """The article with this id; raises UsageError for an id that is not in the index."""
        return self.engine.article(article_id)

    def iter_articles(self) -> Iterator[Article]:
        """Every article, by file, in the order it was read; a few hundred are in memory at a time."""
        store, total = self._opened.store, self.manifest.articles
        for start in range(0, total, _BATCH):
            yield from store.articles(range(start, min(total, start + _BATCH)))

    def article_sets(self) -> UserArticleSets:
        """The dossiers and the read articles of the user in this index, as they are at first use."""
        return article_sets_of(self.settings)

    def files(self) -> list[tuple[str, str]]:
        """The id and the file of every article, in the order of ``iter_articles``."""
        return self._opened.store.files()

    def close(self) -> None:
        """Release the files or connections; nothing can be asked afterwards."""
        self._closing()


def open(index: str | os.PathLike[str] | None = None, *, model: str | None = None) -> Index:  # noqa: A001 - as gzip.open
    """Open an index: a folder or ``postgresql://…``; without one, the index that the configuration names.

    ``model`` is a sentence-transformers model, where the index was built with one that is elsewhere now.
    Raises IndexMissing, IndexCorrupt, IndexIncompatible, and UsageError for a folder that cannot be read or
    a server that does not answer.
    """
    return open_index(settings_for(index, {"model": model}))


def backend(settings: Settings) -> Backend:
    """Where the settings say that the index is kept; raises UsageError where a library is missing."""
    if not settings.database:
        return FolderBackend(settings.index)
    try:
        from search.postgres.backend import PostgresBackend
    except ModuleNotFoundError as exc:
        raise UsageError(
            Translatable(
                "--database needs {}, which is not installed; run: pip install 'depeche-search[postgres]'",
                exc.name,
            )
        ) from exc
    return PostgresBackend(settings.database, settings.workers)


def open_index(settings: Settings) -> Index:
    """Open the published generation that settings name; raises what ``Backend.open`` does."""
    place = backend(settings)
    with ExitStack() as on_failure:
        opened = place.open()
        on_failure.callback(opened.close)
        index = Index(opened, settings, place.location)
        on_failure.pop_all()
    return index


def records(settings: Settings, paths: Sequence[str]) -> Iterator[Article | Unread]:
    """What a build of these files, folders or ``-`` reads; the index folder itself is passed over.

    Raises CorpusError at once for a path that does not exist.
    """
    from search.corpus import read

    return read(paths, _read_options(settings))


def _read_options(settings: Settings) -> "ReadOptions":
    from search.corpus import ReadOptions

    return ReadOptions(settings.columns, settings.source, settings.lang, (settings.index,))


def inspections(settings: Settings, paths: Sequence[str]) -> "Iterator[FileReport | Unread]":
    """What a build of these paths would make of each file; raises CorpusError for one that does not exist."""
    from search.corpus.inspection import inspect

    return inspect(paths, _read_options(settings))


def build_encoder(settings: Settings) -> Encoder:
    """The encoder that a build uses, downloaded if need be; raises EncoderUnavailable."""
    model = settings.model or None
    fetch_model(model)
    return load_encoder(model)


def installed_encoder(settings: Settings) -> Encoder:
    """The encoder that settings name, from this machine only; raises EncoderUnavailable."""
    return load_encoder(settings.model or None)


def build_index(settings: Settings, corpus: Corpus, encoder: Encoder, progress: Progress) -> BuildReport:
    """Build and publish a generation where the settings say; raises what ``Backend.build`` does."""
    return backend(settings).build(corpus, encoder, settings.model, progress)


def repair(settings: Settings, progress: Progress) -> RepairReport:
    """Publish what is intact of an index; raises what ``Backend.repair`` does."""
    return backend(settings).repair(lambda model: load_encoder(settings.model or model or None), progress)


def engine_over(opened: OpenIndex, settings: Settings) -> Engine:
    """An engine over a generation; encoder, vectors and reranker are loaded when first asked for."""
    limit_threads()

    @_once
    def semantic() -> SemanticIndex:
        encoder = load_encoder(settings.model or opened.manifest.model or None)
        check_encoder(encoder, opened.manifest)
        return SemanticIndex(encoder, opened.vectors)

    @_once
    def reranker() -> Reranker:
        return load_reranker(settings.rerank)

    return Engine(
        opened.store,
        opened.keyword,
        semantic,
        opened.manifest.id,
        reranker if settings.rerank else None,
        opened.leaders,
        opened.missing,
        opened.begin,
        lambda: opened.vectors,
    )


def limit_threads() -> None:
    """Let numpy multiply in one thread: a query's matrices are small, and threads wait in a busy loop."""
    ThreadpoolController().select(internal_api="openblas").limit(limits=1)


def _once(load: Callable[[], _T]) -> Callable[[], _T]:
    """Load at the first call only; a model that cannot be loaded is not tried again."""

    @cache
    def attempt() -> _T | EncoderUnavailable:
        try:
            return load()
        except EncoderUnavailable as exc:
            return exc

    def loaded() -> _T:
        outcome = attempt()
        if isinstance(outcome, EncoderUnavailable):
            raise outcome
        return outcome

    return loaded


def settings_for(index: str | os.PathLike[str] | None, flags: Mapping[str, object]) -> Settings:
    """The settings of the configuration, with these flags on top."""
    if index is None:
        return config.load(flags)
    place = os.fspath(index)
    if place.startswith(_SERVERS):
        return config.load({**flags, "database": place})
    return config.load({**flags, "index": place, "database": ""})
