"""Counts made again from the texts, slowly and in another way."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from search.text.analyzer import stemmed
from search.types import Article


def stems(article: Article) -> set[str]:
    """The stems of a body, without stop words."""
    return {token.term for token in stemmed(article.body)}


def stem_counts(articles: Iterable[Article]) -> Counter[str]:
    """In how many of these articles each stem is."""
    return Counter(stem for article in articles for stem in stems(article))


def weeks(first: date, last: date) -> list[str]:
    """The ISO weeks of these days, found day by day."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return list(dict.fromkeys(day.strftime("%G-W%V") for day in days))


def by_period(articles: Sequence[Article], pattern: str) -> Counter[str]:
    """How many of the articles with a whole date are in each period."""
    days = (article.published[:10] for article in articles)
    return Counter(date.fromisoformat(day).strftime(pattern) for day in days if len(day) == 10)
