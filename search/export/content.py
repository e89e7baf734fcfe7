"""What an export is made of: the hits in order, and how much of each article is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from search.language import FRENCH, Language
from search.types import Article, Hit, Hits


class Content(StrEnum):
    """What is written of the words of an article: the passage that answers, or the whole text too."""

    EXCERPTS = "excerpts"
    WHOLE_TEXTS = "texts"


Notes = Mapping[str, str]
"""The user's notes on the articles of a dossier, by their ids."""


@dataclass(frozen=True, slots=True)
class Export:
    """The hits of an answer, a choice or a dossier, in order, which may be read once only.

    ``answer`` is that of which they are hits; only its other values are read. ``notes`` are the user's, where
    they are asked for. Ranks begin after the ``offset`` of the answer. ``title`` is that of a
    press review, whose headings are in ``language``.
    """

    hits: Iterable[Hit]
    answer: Hits
    notes: Notes | None = None
    content: Content = Content.EXCERPTS
    title: str = ""
    language: Language = FRENCH

    def note(self, article: Article) -> str:
        """The note of the user on an article, ``""`` for none."""
        return (self.notes or {}).get(article.id, "")

    def text(self, hit: Hit) -> str:
        """What is written of the words of a hit: its whole text, or the passage that answers."""
        return hit.article.body if self.content is Content.WHOLE_TEXTS else hit.passage.text


def added(article: Article, notes: Notes | None, content: Content) -> dict[str, str]:
    """What is written of an article where it is asked for: the user's note, and its text."""
    noted = {} if notes is None else {"note": notes.get(article.id, "")}
    return noted | ({"text": article.body} if content is Content.WHOLE_TEXTS else {})
