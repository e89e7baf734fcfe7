"""The front door of changes: build an index, add to it, make it equal to files, remove articles.

``import search`` gives all of it.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from search.build_types import BuildReport, Manifest, Progress, Unread
from search.config import Settings
from search.errors import IndexMissing, IndexProblem, Translatable, UsageError
from search.index import (
    Index,
    backend,
    build_encoder,
    build_index,
    installed_encoder,
    open_index,
    records,
    settings_for,
)
from search.protocols import Corpus
from search.retention import Keeps, OnGone, ignore_gone, keep_all, keep_none, lies_under

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
"""One path, or several."""


def _silent(_stage: object, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def _unwatched(_unread: Unread) -> None:
    """Nobody asks what was not read."""


def build(
    paths: Paths,
    *,
    index: str | os.PathLike[str] | None = None,
    model: str | None = None,
    source: str | None = None,
    lang: str | None = None,
    columns: Mapping[str, str] | None = None,
    on_unread: Callable[[Unread], None] = _unwatched,
    progress: Progress = _silent,
) -> BuildReport:
    """Read files and folders into an index and publish it; whatever fails leaves the one before.

    Articles of the index before stay, also those of other files, unless an article with their id is read.
    ``index`` is a folder or ``postgresql://…``; without it, the index that the configuration names.
    ``source`` and ``lang`` stand in where articles name none; ``columns`` gives our fields the names of your
    columns or keys, as ``{"text": "contenu"}``. ``on_unread`` is called with each record, file or field that
    was not read, ``progress`` with each step: ``(stage, done, total)``. Raises CorpusError when there is
    nothing to index, IndexBusy, EncoderUnavailable, and UsageError.
    """
    flags = {"model": model, "source": source, "lang": lang, "columns": columns and dict(columns)}
    settings = settings_for(index, flags)
    corpus = corpus_of(settings, _names(paths), on_unread, keep_all)
    return build_index(settings, corpus, build_encoder(settings), progress)


def add(
    paths: Paths,
    *,
    index: str | os.PathLike[str] | None = None,
    source: str | None = None,
    lang: str | None = None,
    columns: Mapping[str, str] | None = None,
    on_unread: Callable[[Unread], None] = _unwatched,
    progress: Progress = _silent,
) -> BuildReport:
    """Add files and folders to an existing index, with its model; see ``build``.

    Raises what ``build`` does, and IndexMissing.
    """
    flags = {"source": source, "lang": lang, "columns": columns and dict(columns)}
    settings = with_published_model(settings_for(index, flags))
    corpus = corpus_of(settings, _names(paths), on_unread, keep_all)
    return build_index(settings, corpus, build_encoder(settings), progress)


def sync(
    paths: Paths,
    *,
    index: str | os.PathLike[str] | None = None,
    model: str | None = None,
    source: str | None = None,
    lang: str | None = None,
    columns: Mapping[str, str] | None = None,
    on_unread: Callable[[Unread], None] = _unwatched,
    on_gone: OnGone = ignore_gone,
    progress: Progress = _silent,
) -> BuildReport:
    """Make an index hold exactly the articles of these files and folders; see ``build``.

    ``on_gone`` is called with how many articles of each file go, before they do; what it raises stops the
    build. Raises what ``build`` does.
    """
    flags = {"model": model, "source": source, "lang": lang, "columns": columns and dict(columns)}
    settings = settings_for(index, flags)
    corpus = corpus_of(settings, _names(paths), on_unread, keep_none, on_gone)
    return build_index(settings, corpus, build_encoder(settings), progress)


def remove(
    ids: str | Iterable[str] = (),
    *,
    files: Paths = (),
    index: str | os.PathLike[str] | None = None,
    progress: Progress = _silent,
) -> BuildReport:
    """Remove the articles with these ids, and all of these files and folders, from an index.

    Raises UsageError for an id or a file of which the index has no article, and where no article would be
    left; and what ``open`` and ``build`` raise, except CorpusError.
    """
    settings = settings_for(index, {})
    with open_index(settings) as opened:
        removal = removal_from(opened, (ids,) if isinstance(ids, str) else tuple(ids), _names(files))
    return remove_from(settings, removal, progress)


@dataclass(frozen=True, slots=True)
class Removal:
    """The articles to remove: those with these ``ids``, and those of ``files``; ``counts`` is by file."""

    ids: frozenset[str]
    files: tuple[str, ...]
    counts: Mapping[str, int]

    def keeps(self, article_id: str, file: str) -> bool:
        """Whether an article stays."""
        return article_id not in self.ids and not lies_under(file, self.files)


def removal_from(index: Index, ids: Iterable[str], files: Iterable[str]) -> Removal:
    """What goes from an open index with these articles; raises UsageError as ``remove`` does."""
    from search.corpus import absolute_paths

    wanted, places = frozenset(ids), absolute_paths(tuple(files))
    removal = Removal(wanted, places, {})
    gone = [(article_id, file) for article_id, file in index.files() if not removal.keeps(article_id, file)]
    if unknown := sorted(wanted - {article_id for article_id, _ in gone}):
        raise UsageError(
            Translatable(
                "the index has no article {}; find its id with: depeche find QUERY", ", ".join(unknown)
            )
        )
    for place in places:
        if not any(lies_under(file, (place,)) for _, file in gone):
            raise UsageError(
                Translatable("the index has no article of {}; see its files with: depeche status", place)
            )
    if len(gone) == len(index):
        raise UsageError("no article would be left; to index other files instead, type: depeche sync PATH")
    return Removal(wanted, places, Counter(file for _, file in gone))


def remove_from(settings: Settings, removal: Removal, progress: Progress) -> BuildReport:
    """Publish the index without these articles; raises what ``build_index`` does."""
    chosen = with_published_model(settings)
    corpus = Corpus((), (), _unwatched, removal.keeps)
    return build_index(chosen, corpus, installed_encoder(chosen), progress)


def corpus_of(
    settings: Settings,
    paths: Sequence[str],
    on_unread: Callable[[Unread], None],
    keeps: Keeps,
    on_gone: OnGone = ignore_gone,
) -> Corpus:
    """What a build of these files, folders or ``-`` reads and keeps; raises what ``records`` does."""
    from search.corpus import absolute_paths

    return Corpus(absolute_paths(paths), records(settings, paths), on_unread, keeps, on_gone)


def rebuild(settings: Settings, paths: tuple[str, ...], keeps: Keeps, progress: Progress) -> Manifest:
    """Read these files and folders into the index, and publish it, with the model of the one before.

    What ``progress`` raises stops it and leaves the published generation. Raises what ``build_index`` does.
    """
    corpus = corpus_of(settings, paths, _unwatched, keeps)
    model = settings.model or backend(settings).published_model()
    chosen = msgspec.structs.replace(settings, model=model)
    return build_index(chosen, corpus, installed_encoder(chosen), progress).manifest


def with_published_model(settings: Settings) -> Settings:
    """The settings, with the model of the published index; raises IndexMissing where there is none."""
    place = backend(settings)
    try:
        place.open().close()
    except IndexMissing:
        raise
    except IndexProblem:
        pass  # a build carries its articles over
    return msgspec.structs.replace(settings, model=place.published_model())


def _names(paths: Paths) -> tuple[str, ...]:
    given = (paths,) if isinstance(paths, str | os.PathLike) else tuple(paths)
    return tuple(os.fspath(path) for path in given)
