"""The questions of a contest: judged ones, and others made of the titles of the articles."""

import random
from collections.abc import Sequence
from pathlib import Path

from search.retrieval.evaluation import JudgedQuery, Judgments, read_judgments, read_queries
from search.text.analyzer import tokenise
from search.text.chunking import own_title
from search.text.stopwords import STOP_WORDS
from search.types import Article

_SEED = 7
_SHORTEST = 3  # letters of a word that somebody would type


def judged(folder: Path) -> tuple[list[JudgedQuery], Judgments]:
    """The queries and judgments in a folder of data; raises OSError, UsageError."""
    queries, qrels = folder / "queries.jsonl", folder / "qrels.tsv"
    with queries.open("rb") as asked, qrels.open("rb") as grades:
        return read_queries(asked, str(queries)), read_judgments(grades, str(qrels))


def sample(queries: Sequence[JudgedQuery], count: int) -> list[JudgedQuery]:
    """At most so many of the queries, the same ones each time, in their order."""
    draw = random.Random(_SEED)  # noqa: S311 - no secret
    chosen = draw.sample(range(len(queries)), min(count, len(queries)))
    return [queries[place] for place in sorted(chosen)]


def from_titles(articles: Sequence[Article], count: int) -> dict[str, list[JudgedQuery]]:
    """Two sets of queries: one to three neighbouring words of a title, and whole titles."""
    titles = sorted({title for article in articles if (title := own_title(article)) and words_of(title)})
    draw = random.Random(_SEED)  # noqa: S311 - no secret
    chosen = draw.sample(titles, min(count, len(titles)))
    short = [_some_words(words_of(title), draw) for title in chosen]
    return {"short": _numbered(short), "headline": _numbered(chosen)}


def words_of(title: str) -> list[str]:
    """The words of a title that say something, as they are written there."""
    return [
        title[token.start : token.end]
        for token in tokenise(title)
        if token.term not in STOP_WORDS and len(token.term) >= _SHORTEST and not token.compound
    ]


def _some_words(words: Sequence[str], draw: random.Random) -> str:
    count = min(draw.randint(1, 3), len(words))
    first = draw.randrange(len(words) - count + 1)
    return " ".join(words[first : first + count])


def _numbered(texts: Sequence[str]) -> list[JudgedQuery]:
    return [JudgedQuery(str(number), text) for number, text in enumerate(texts, start=1)]
