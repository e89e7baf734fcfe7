from collections.abc import Iterable, Iterator, Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from search.keyword.block_inverter import ArticleToIndex
from search.keyword.fields import GAP
from search.keyword.names import name_tokens, names
from search.text.analyzer import Token, tokenise
from search.text.chunking import own_title, passage_spans
from search.text.dates import published_days
from search.types import Article

from .corpus import Postings, inverted, postings_of

WORDS = "obus L'Élysée nord-coréennes l'U.R.S.S. cœur\u200bs E\u0301te mi-".split()
SIGNS = (
    "10 000",
    "3,5 %",
    "recons-\n",
    "truction",
    " ",
    "\n\n",
    ". ",
    "…",
    "ﬁn",
    "-",
    "'",
    "1 ",
    ",2",
    "a" * 70,
)
PIECES = st.sampled_from([*WORDS, *SIGNS, "mi- neurs", "dit-il", "Paris"])
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=40).map("".join)
DATES = st.sampled_from(["", "2024", "2024-05", "2024-05-17"])
ARTICLES = st.lists(
    st.builds(Article, st.just("id"), TEXTS, TEXTS, DATES, author=st.sampled_from(["", "A B|C-D", "A B"])),
    max_size=5,
)


@given(ARTICLES, st.integers(1, 3), st.integers(1, 30))
@example(
    [Article("a", "", "10 000 obus, mi- neurs"), Article("b", "\ufeffÉte\u0301", "\u200bpré-\ncis dit-il")],
    1,
    4,
)
def test_blocks_have_the_postings_of_articles_inverted_token_by_token(
    articles: Sequence[Article], block_size: int, longest: int
) -> None:
    indexed = list(_indexed(articles, longest))
    postings: Postings = {}
    days: dict[int, tuple[int, int]] = {}
    for block in inverted(indexed, block_size):
        of_block = postings_of(block)
        assert postings.keys().isdisjoint(of_block)
        assert {term for _, term, _ in of_block} == {*block.words, *block.stems}
        postings |= of_block
        days |= {key: (first, last) for key, first, last in block.days.tolist()}
    assert postings == _slowly(indexed)
    assert days == dict(_days(indexed))


def _days(indexed: Iterable[ArticleToIndex]) -> Iterator[tuple[int, tuple[int, int]]]:
    for each in indexed:
        if (days := published_days(each.article.published)) is not None:
            yield each.key, (days.first.toordinal(), days.last.toordinal())


def _indexed(articles: Iterable[Article], longest: int) -> Iterator[ArticleToIndex]:
    row = 7
    for key, article in enumerate(articles, start=3):
        spans = passage_spans(article.body, lambda start, end: end - start <= longest)
        yield ArticleToIndex(key, row, article, spans)
        row += len(spans) + 1


def _slowly(indexed: Iterable[ArticleToIndex]) -> Postings:
    postings: Postings = {}
    for each in indexed:
        for name, term, doc, position in (*_in_texts(each), *_in_titles_and_names(each)):
            if term:
                postings.setdefault((name, term, doc), []).append(position)
    return postings


def _in_texts(indexed: ArticleToIndex) -> Iterator[tuple[str, str, int, int]]:
    article, key = indexed.article, indexed.key
    title = list(tokenise(article.title)) if own_title(article) else []
    body = list(tokenise(article.body))
    for token in title:
        yield "exact", token.term, key, token.position
        yield "title", token.stem, key, 0
    for token in body:
        yield "exact", token.term, key, token.position + (title[-1].position if title else -1) + GAP
        yield "passage", token.stem, indexed.first_row + _passage(indexed, token), 0
    for token in [*title, *body]:
        for spelling in token.spellings:
            yield "spelled", spelling, key, 0


def _in_titles_and_names(indexed: ArticleToIndex) -> Iterator[tuple[str, str, int, int]]:
    for token in tokenise(indexed.article.title):
        yield "title_exact", token.term, indexed.key, token.position
        yield "title_stems", token.stem, indexed.key, 0
    for name, values in names(indexed.article).items():
        for token in name_tokens(values):
            yield name, token.term, indexed.key, token.position


def _passage(indexed: ArticleToIndex, token: Token) -> int:
    return sum(start <= token.start for start, _ in indexed.spans) - 1
