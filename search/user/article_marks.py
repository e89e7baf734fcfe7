"""What is known of each article for the user: whether it was read, or is news; its dossiers and notes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from search.user.dossiers import Dossier


@dataclass(frozen=True, slots=True)
class ArticleMarks:
    """By the id of an article. ``dossiers`` has the names of its dossiers, each with the article's note.

    ``news`` are the articles that were new in the saved search that the user has asked last.
    """

    read: frozenset[str] = frozenset()
    dossiers: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    news: frozenset[str] = frozenset()

    def is_read(self, article_id: str) -> bool:
        """Whether an article was read."""
        return article_id in self.read

    def is_new(self, article_id: str) -> bool:
        """Whether an article stands out as unread: only where the user has read others."""
        return bool(self.read) and article_id not in self.read

    def of(self, article_id: str) -> Sequence[tuple[str, str]]:
        """The dossiers of an article, each with its note."""
        return self.dossiers.get(article_id, ())


NO_MARKS = ArticleMarks()


def article_marks(
    read: frozenset[str], dossiers: Sequence[Dossier], news: frozenset[str] = frozenset()
) -> ArticleMarks:
    """The marks that follow from these articles and dossiers."""
    by_article: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for dossier in dossiers:
        for article in dossier.articles:
            by_article[article.id].append((dossier.name, article.note))
    return ArticleMarks(read, dict(by_article), news)
