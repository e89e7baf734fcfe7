"""Random articles over a small vocabulary, and an index of articles with a passage a paragraph."""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from search.keyword import inverter
from search.keyword.block_inverter import ArticleToIndex, BlockInverter, InvertedBlock
from search.keyword.fields import STEMMED
from search.keyword.inverter import Extent
from search.keyword.reader import KeywordReader
from search.text.sentences import Span
from search.types import Article

PLAIN = (
    "munition munitions Russie russe Russes Moscou obus Élysée élysées État cœur canons canon livrer livrée "
    "livraison livraisons Kim 3,5 2023 front frontière nord coréen coréens"
).split()
COMPOUNDS = ["nord-coréen", "nord-coréens", "États-Unis", "train-obus"]
STOPPED = ["le", "La", "de", "et", "pas"]
VOCABULARY = [*PLAIN, *COMPOUNDS, *STOPPED, "l'obus", "d'État", "aujourd’hui", "livrez-les"]
DATES = ["", "2022", "2023", "2023-09", "2023-09-11", "2024-02", "2024-02-29T08:30", "2024-12-31"]
SOURCES = ["", "AFP", "Agence Nord", "Le Nord"]
SECTIONS = ["", "monde", "Monde du travail"]
AUTHORS = ["", "Jeanne Modèle", "Paul Exemple; Jeanne Modèle", "Modèle Paul; Jeanne", "Anne-Marie Modèle; —"]
PLACES = ["", "Armeil", "Valmont-sur-Doux"]
PAGES = ["", "1", "A6", "12"]
KEYWORDS = ["", "ports; grève des ports", "grève", "Grève; ports; ports"]


def random_articles(seed: int, count: int) -> list[Article]:
    """Articles with titles that the body repeats, or not, and dates of every precision."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret

    def words(fewest: int, most: int) -> str:
        return " ".join(chance.choices(VOCABULARY, k=chance.randint(fewest, most)))

    def article(key: int) -> Article:
        body = "\n\n".join(words(1, 40) for _ in range(chance.randint(1, 4)))
        title = chance.choice([words(1, 5), words(1, 5), " ".join(body.split(" ")[:3]), ""])
        where = chance.choice(SOURCES), chance.choice(SECTIONS)
        return Article(
            f"a{key}",
            title,
            body,
            chance.choice(DATES),
            *where,
            place=chance.choice(PLACES),
            author=chance.choice(AUTHORS),
            page=chance.choice(PAGES),
            keywords=chance.choice(KEYWORDS),
        )

    return [article(key) for key in range(count)]


def spans(article: Article) -> list[Span]:
    """Its passages: every paragraph."""
    starts = [0, *(match.end() for match in re.finditer("\n\n", article.body))]
    return [(start, start + len(article.body[start:].split("\n\n")[0])) for start in starts]


def passages(articles: Sequence[Article]) -> list[str]:
    """The text of every passage, in order."""
    return [article.body[start:end] for article in articles for start, end in spans(article)]


Postings = dict[tuple[str, str, int], list[int]]
"""By field, term and document, the positions; as many zeros as tokens where the field has none."""


class Press:
    """Articles and the keyword index made of them, open."""

    def __init__(self, articles: Sequence[Article], path: Path, index: KeywordReader) -> None:
        self.articles = articles
        self.path = path
        self.index = index

    @property
    def passages(self) -> list[str]:
        """The text of every row."""
        return passages(self.articles)


def posted(articles: Iterable[Article], block: int = 7) -> tuple[Extent, list[InvertedBlock]]:
    """Articles inverted in blocks of this many, each paragraph a passage."""
    return cut(((article, spans(article)) for article in articles), block)


def cut(
    articles: Iterable[tuple[Article, Sequence[Span]]], block: int = 7
) -> tuple[Extent, list[InvertedBlock]]:
    """The same of articles whose passages these are."""
    indexed, rows = [], 0
    for key, (article, passages_of) in enumerate(articles):
        indexed.append(ArticleToIndex(key, rows, article, passages_of))
        rows += len(passages_of)
    return Extent(np.array([each.first_row for each in indexed], np.int64), rows), [*inverted(indexed, block)]


def inverted(articles: Sequence[ArticleToIndex], block: int) -> Iterator[InvertedBlock]:
    """These articles in blocks of this many."""
    inverter = BlockInverter()
    for start in range(0, len(articles), block):
        for article in articles[start : start + block]:
            inverter.add(article)
        yield inverter.finish()


def postings_of(block: InvertedBlock) -> Postings:
    """The postings of a block, which are in order."""
    postings: Postings = {}
    for name, run in block.fields.items():
        terms = block.stems if name in STEMMED else block.words
        places = [0] * int(run.counts.sum()) if run.positions is None else run.positions.tolist()
        for term, doc, count in zip(run.terms.tolist(), run.docs.tolist(), run.counts.tolist(), strict=True):
            postings[name, terms[term], doc], places = places[:count], places[count:]
        order = list(zip(run.terms.tolist(), run.docs.tolist(), strict=True))
        assert order == sorted(set(order))
        assert not places
    return postings


@contextmanager
def index_of(folder: Path, articles: Sequence[Article]) -> Iterator[Press]:
    """Write a keyword index below the folder and open it."""
    inverter.write(folder / "keyword.arrays", *posted(articles))
    with closing(
        KeywordReader(folder / "keyword.arrays", lambda keys: [articles[key] for key in keys])
    ) as index:
        yield Press(articles, folder / "keyword.arrays", index)
