"""Hits to export: authors of every kind, dates of every precision, signs that formats obey."""

import io
from collections.abc import Iterable

from search.export import Content, Export, Notes, format_named
from search.types import Article, Hit, Hits, Leg, Mode, Passage, Snippet

ARTICLES = (
    Article(
        "sha-0123456789abcdef",
        "« L’eau » : 50 % des nappes & 3 {digues} sous_pression #1",
        "Les nappes baissent de 50 %.\n\nLe préfet a écrit : ``fermez'' -- C:\\temp ~ ^ $5 & 1 < _x_ > 2.",
        "2023-09-12T14:30",
        "L’Écho du Val",
        "Société",
        "https://exemple.test/eau_50%25?a={b}&c=1",
        "fr",
        "Valmont",
        "Jeanne Modèle; Agence Exemple; Jean de La Colline; AFP",
        "3-4",
        "",
        "Les nappes baissent de 50 %.",
        "eau; sécheresse, nappes",
        "Valmont",
    ),
    Article("a b/ç,1", "Un mois", "Texte seul.", "2023-09", "Gazette", author="Paul DURAND MARTIN"),
    Article("annee", "Une année", "**** *piège\n-*thème\nFin.", "2023", "Gazette", author="Émile d'Aubert"),
    Article("inconnue", "Sans date", "Rien d’autre.\n\nFin\u00a0!"),
)


def hits_of(articles: Iterable[Article]) -> tuple[Hit, ...]:
    """Each article as a hit whose passage is its whole text and whose snippet is its first sentence."""
    return tuple(
        Hit(
            article,
            1.0,
            Passage(article.body, 0, len(article.body)),
            Snippet(article.body.split("\n")[0], 0, len(article.body.split("\n")[0]), Leg.KEYWORD),
            (),
            (),
        )
        for article in articles
    )


def answer_of(articles: Iterable[Article] = ARTICLES) -> Hits:
    hits = hits_of(articles)
    return Hits("eau", "eau", Mode.KEYWORD, hits, len(hits), "generation", 1.0)


def written(
    name: str,
    content: Content = Content.WHOLE_TEXTS,
    articles: Iterable[Article] = ARTICLES,
    notes: Notes | None = None,
) -> bytes:
    """An export in a format; its hits can be read once only."""
    answer = answer_of(articles)
    stream = io.BytesIO()
    format_named(name).write(Export(iter(answer.hits), answer, notes, content), stream)
    return stream.getvalue()
