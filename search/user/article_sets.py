"""The sets of articles that the user keeps in one index, for queries that name them."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from search.config import Settings
from search.query.article_sets import dossier_key, sets_named
from search.query.ast import InDossier, Query
from search.user.dossiers import Dossiers
from search.user.index_folder import index_folder
from search.user.read_articles import ReadArticles
from search.user.storage import default_folder


class UserArticleSets:
    """Implements ``query.article_sets.ArticleSets``: the sets as they are when they are first asked for.

    Its files are read only then; raises UsageError where they cannot be.
    """

    def __init__(self, read_articles: ReadArticles, dossiers: Dossiers) -> None:
        self._read_articles = read_articles
        self._dossiers = dossiers

    @cached_property
    def read(self) -> frozenset[str]:
        """See ``ArticleSets.read``."""
        return frozenset(self._read_articles.all())

    @cached_property
    def dossiers(self) -> Mapping[str, frozenset[str]]:
        """See ``ArticleSets.dossiers``."""
        return {dossier.name: frozenset(dossier.ids) for dossier in self._dossiers.all()}

    @property
    def notices(self) -> tuple[str, ...]:
        """Messages for the user about the files that were read so far."""
        return tuple(filter(None, (self._read_articles.notice, self._dossiers.notice)))

    def notes(self, query: Query) -> Mapping[str, str] | None:
        """By the id of an article, its notes in the dossiers that a query names; None where it names none."""
        named = {dossier_key(each.name) for each in sets_named(query) if isinstance(each, InDossier)}
        if not named:
            return None
        notes: dict[str, list[str]] = defaultdict(list)
        for dossier in self._dossiers.all():
            if dossier_key(dossier.name) in named or "*" in named:
                for article in dossier.articles:
                    notes[article.id] += [article.note] if article.note else []
        return {article_id: "; ".join(each) for article_id, each in notes.items()}


def article_sets_of(settings: Settings) -> UserArticleSets:
    """The sets of the user in the index that settings name."""
    folder = index_folder(default_folder(), settings)
    return UserArticleSets(ReadArticles(folder), Dossiers(folder))
