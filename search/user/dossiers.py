"""The dossiers of the user in one index, in one JSON file: named sets of articles, with notes."""

import unicodedata
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import msgspec

from search.errors import Translatable, UsageError
from search.query.article_sets import dossier_key, unknown_dossier
from search.text.sanitize import flat
from search.types import Article
from search.user.storage import current_time, file_version, locked, read_document, write_document

_NAME_LENGTH = 100  # characters


class DossierArticle(msgspec.Struct, frozen=True):
    """An article of a dossier, with what is shown of it when the index no longer has it.

    ``added`` is ISO 8601 in UTC; ``note`` is free text of the user, ``""`` for none.
    """

    id: str
    title: str
    date: str = ""
    note: str = ""
    added: str = msgspec.field(default_factory=current_time)

    @classmethod
    def of(cls, article: Article) -> "DossierArticle":
        """The entry of an article, without a note."""
        return cls(article.id, article.title, article.published)


class Dossier(msgspec.Struct, frozen=True):
    """A named set of articles, in the order added; times are ISO 8601 in UTC."""

    name: str
    articles: tuple[DossierArticle, ...] = ()
    created: str = msgspec.field(default_factory=current_time)
    changed: str = msgspec.field(default_factory=current_time)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its articles, in their order."""
        return tuple(article.id for article in self.articles)

    def article(self, article_id: str) -> DossierArticle | None:
        """The entry of an article; None where it is not in the dossier."""
        return next((article for article in self.articles if article.id == article_id), None)


class Dossiers:
    """The file of dossiers. Names are compared without case and accents.

    ``notice`` is a message for the user about the file; ``""`` when there is none. The file is read again
    only when it has changed. Methods raise UsageError when the folder cannot be written, for a name that no
    dossier has or can have, and for one that is taken.
    """

    def __init__(self, folder: Path) -> None:
        self.notice = ""
        self._path = folder / "dossiers.json"
        self._version: tuple[int, ...] = ()
        self._dossiers: tuple[Dossier, ...] = ()

    @property
    def version(self) -> tuple[int, ...]:
        """A value that changes when the dossiers do."""
        return file_version(self._path)

    def all(self) -> tuple[Dossier, ...]:
        """Every dossier, in the order of creation."""
        if self.version != self._version:
            with locked(self._path.parent):
                self._refresh()
        return self._dossiers

    def get(self, name: str) -> Dossier:
        """The dossier of this name."""
        return _named(name, self.all())

    def create(self, name: str) -> None:
        """Create an empty dossier."""
        with locked(self._path.parent):
            self._refresh()
            self._write((*self._dossiers, Dossier(self._free(name))))

    def rename(self, name: str, new_name: str) -> None:
        """Give a dossier another name; it keeps its place."""
        with locked(self._path.parent):
            self._refresh()
            renamed = _named(name, self._dossiers)
            free = self._free(new_name, besides=renamed)
            self._replace(renamed, msgspec.structs.replace(renamed, name=free))

    def delete(self, name: str) -> None:
        """Delete a dossier, with its notes."""
        with locked(self._path.parent):
            self._refresh()
            deleted = _named(name, self._dossiers)
            self._write(tuple(each for each in self._dossiers if each is not deleted))

    def add(self, name: str, articles: Iterable[DossierArticle]) -> None:
        """Add articles at the end of a dossier, which is created if need be; those in it stay as they are."""
        with locked(self._path.parent):
            self._refresh()
            known = any(dossier_key(each.name) == dossier_key(name) for each in self._dossiers)
            dossier = _named(name, self._dossiers) if known else Dossier(self._free(name))
            by_id = {article.id: article for article in dossier.articles}
            for article in articles:
                by_id.setdefault(article.id, article)
            added = _with(dossier, by_id.values())
            if known:
                self._replace(dossier, added)
            else:
                self._write((*self._dossiers, added))

    def remove(self, name: str, ids: Collection[str]) -> None:
        """Take articles out of a dossier, with their notes; the dossier stays."""
        self._change(name, lambda articles: [each for each in articles if each.id not in ids])

    def note(self, name: str, article_id: str, text: str) -> None:
        """Write the note of an article of a dossier; ``""`` removes it."""

        def noted(articles: Iterable[DossierArticle]) -> Iterable[DossierArticle]:
            for each in articles:
                yield msgspec.structs.replace(each, note=text.strip()) if each.id == article_id else each

        self._change(name, noted)

    def _change(
        self, name: str, change: Callable[[Iterable[DossierArticle]], Iterable[DossierArticle]]
    ) -> None:
        with locked(self._path.parent):
            self._refresh()
            dossier = _named(name, self._dossiers)
            self._replace(dossier, _with(dossier, change(dossier.articles)))

    def _free(self, name: str, besides: Dossier | None = None) -> str:
        """The name as it is written, if a dossier can have it and none has."""
        written = checked_name(name)
        for other in self._dossiers:
            if other is not besides and dossier_key(other.name) == dossier_key(written):
                raise UsageError(
                    Translatable("There is a dossier {} already; choose another name.", other.name)
                )
        return written

    def _replace(self, old: Dossier, new: Dossier) -> None:
        if new != old:
            changed = msgspec.structs.replace(new, changed=current_time())
            self._write(tuple(changed if each is old else each for each in self._dossiers))

    def _refresh(self) -> None:
        """Read the file if it has changed; the folder is locked."""
        if self.version != self._version:
            self._dossiers, self.notice = read_document(self._path, tuple[Dossier, ...], ())
            self._version = self.version

    def _write(self, dossiers: tuple[Dossier, ...]) -> None:
        write_document(self._path, dossiers)
        self._dossiers, self._version = dossiers, self.version


def checked_name(name: str) -> str:
    """A name as a dossier can have it; raises UsageError for another."""
    written = flat(unicodedata.normalize("NFC", name)).strip()
    if not any(map(str.isalnum, written)) or '"' in written or len(written) > _NAME_LENGTH:
        raise UsageError(
            Translatable(
                'A dossier cannot be named {!r}: write a letter or a digit, no ", and at most {} characters.',
                written[:_NAME_LENGTH],
                _NAME_LENGTH,
            )
        )
    return written


def _named(name: str, dossiers: Iterable[Dossier]) -> Dossier:
    known = tuple(dossiers)
    for dossier in known:
        if dossier_key(dossier.name) == dossier_key(name):
            return dossier
    message, advice = unknown_dossier(name, [dossier.name for dossier in known])
    raise UsageError(Translatable("{} ({})", message, advice))


def _with(dossier: Dossier, articles: Iterable[DossierArticle]) -> Dossier:
    return msgspec.structs.replace(dossier, articles=tuple(articles))
