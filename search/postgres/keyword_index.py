"""Ranks and filters by keywords on the servers; the scores are those of ``search.keyword.bm25``.

A term is stored with the BM25 score by it of each article and passage that has it, without the idf, which is
a fact about all shards. The program that asks multiplies and adds. A pattern matches several terms, whose
counts add up before they are scored, so the shards compute its scores from the counts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.keyword.bm25 import (
    FIELD_WEIGHTS,
    K1,
    CoveringTerm,
    QueryTerm,
    expansion_terms,
    idf,
    keyword_scores,
    query_terms,
)
from search.keyword.text_bounds import Texts
from search.lru import LruCache
from search.postgres.connections import Record, Servers
from search.postgres.constraints import Constraints
from search.postgres.lexicon import StoredLexicon
from search.postgres.schema import Field, checked_id
from search.postgres.stored_postings import (
    ARTICLES,
    ARTICLES_AND_ROWS,
    Name,
    Postings,
    StoredPostings,
    TermPostings,
)
from search.postgres.term_vectors import RANKING_FIELDS, sparsevec, stored_term
from search.postgres.wire_format import unpack_floats, unpack_ints
from search.protocols import Bools, Floats, FuzzyTerm, Ints, KeywordScores, TermMatches
from search.query.ast import Node, RankingWord

_CACHED_CONSTRAINTS = 8
_NO_NUMBERS: Ints = np.empty(0, np.int64)
_BODY, _EXACT = RANKING_FIELDS.index(Field.BODY), RANKING_FIELDS.index(Field.EXACT)
_STEMS = (Field.TITLE, Field.BODY)
_SCORED_BY_PATTERNS = """
SELECT articles.*, passages.*
FROM (SELECT string_agg(int4send(key), ''::bytea), string_agg(float4send(score), ''::bytea)
      FROM (SELECT key, ({articles})::real AS score
            FROM {id}.words JOIN {id}.written USING (key) WHERE terms && %s::int[]) AS each) AS articles,
     (SELECT string_agg(int4send("row"), ''::bytea), string_agg(float4send(score), ''::bytea)
      FROM (SELECT "row", ({passages})::real AS score
            FROM {id}.passage_words WHERE terms && %s::int[]) AS each) AS passages
"""
_STEM_COUNTS = """
SELECT term, counted.holding FROM
    (SELECT number, count(*) AS holding FROM {id}.words, unnest(terms) AS each (number)
     WHERE %s::int[] IS NULL OR key = ANY (%s::int[]) GROUP BY number) AS counted
JOIN {id}.posting USING (number) WHERE field = 'body'
"""
_Bits = npt.NDArray[np.uint8]
_Fields = Sequence[Sequence[TermPostings]]
"""By ranking field, the postings of the terms of the lexicon that one term of a query matches there."""
_Expression = tuple[str, tuple[object, ...]]  # of SQL: its text and its parameters, in order


@dataclass(frozen=True, slots=True)
class _Matching:
    """What has a term of a query, on all shards that answer.

    ``articles`` and ``rows`` have the term; ``titles`` are the articles whose title has it, ``written`` those
    that have it as written, ``accented`` and ``capital`` those that have it in these spellings; all
    ascending. ``fields`` are in the order of ``RANKING_FIELDS``.
    """

    articles: Ints
    titles: Ints
    rows: Ints
    written: Ints
    accented: Ints
    capital: Ints
    fields: _Fields


@dataclass(frozen=True, slots=True)
class _PatternScore:
    """An SQL expression for the score of a document by patterns, its parameters, the terms that it needs."""

    sql: str
    parameters: tuple[object, ...]
    terms: list[int]


class PostgresKeywordIndex:
    """Implements ``protocols.KeywordIndex`` over the shards; several threads may use it."""

    def __init__(self, servers: Servers, generation: str, articles: int, rows: int, texts: Texts) -> None:
        self._servers = servers
        self._id = checked_id(generation)
        self._articles, self._rows = articles, rows
        self._lexicon = StoredLexicon(servers, generation)
        self._constraints = Constraints(self._lexicon, servers, generation, texts)
        self._postings = StoredPostings(servers, generation, ARTICLES_AND_ROWS)
        self._expansions = StoredPostings(servers, generation, ARTICLES)
        self._allowed: LruCache[tuple[Node, tuple[str, ...]], _Bits] = LruCache(_CACHED_CONSTRAINTS)

    def score(self, words: Sequence[RankingWord]) -> KeywordScores:
        """See ``protocols.KeywordIndex.score``."""
        terms = query_terms(words, self._lexicon.expansion)
        by_term = self._matching(terms)
        asked = [(term.boost, matching.fields) for term, matching in zip(terms, by_term, strict=True)]
        by_article, by_passage = self._article_scores(asked), self._passage_scores(asked)
        for keys, article_scores, rows, passage_scores in self._query_patterns(asked):
            by_article[unpack_ints(keys)] += unpack_floats(article_scores)
            by_passage[unpack_ints(rows)] += unpack_floats(passage_scores)
        covering = [
            CoveringTerm(
                term,
                self._matches(term, matching),
                matching.articles,
                matching.written,
                matching.accented,
                matching.capital,
            )
            for term, matching in zip(terms, by_term, strict=True)
            if term.counts_for_coverage
        ]
        rows = np.concatenate([_NO_NUMBERS, *(each.rows for each in by_term)])
        return keyword_scores(by_article, by_passage, rows, covering)

    def score_stems(self, weights: Mapping[str, float]) -> Floats:
        """See ``protocols.KeywordIndex.score_stems``."""
        names = {stem: [(field.value, stored_term(stem)) for field in _STEMS] for stem in weights}
        postings = self._expansions.of(name for each in names.values() for name in each)
        by_stem = {
            stem: [[postings[n]] if n in postings else [] for n in each] for stem, each in names.items()
        }
        frequencies = {stem: sum(each.entry.rows for each in body) for stem, (_, body) in by_stem.items()}
        asked = expansion_terms(weights, frequencies, self._rows)
        return self._article_scores([(weights[stem], by_stem[stem]) for stem in asked])

    def allowed(self, constraint: Node) -> Bools:
        """See ``protocols.KeywordIndex.allowed``; a filter stays while queries change, so masks are kept."""
        key = constraint, self._servers.missing
        bits = self._allowed.get(key, lambda: np.packbits(self._query_allowed(constraint)))
        return np.unpackbits(bits, count=self._articles).astype(bool)

    def _query_allowed(self, constraint: Node) -> Bools:
        condition = self._constraints.condition(constraint)
        # The planner skips the table ``written`` when the condition does not use it.
        tables = f"{self._id}.words LEFT JOIN {self._id}.written USING (key)"
        query = f"SELECT string_agg(int4send(key), ''::bytea) FROM {tables} WHERE {condition.sql}"
        mask = np.zeros(self._articles, bool)
        for (keys,) in self._servers.query_shards(query, condition.parameters):
            mask[unpack_ints(keys)] = True
        return mask

    def lookup(self, words: Sequence[RankingWord]) -> list[TermMatches]:
        """See ``protocols.KeywordIndex.lookup``."""
        terms = [term for term in query_terms(words, self._lexicon.expansion) if term.counts_for_coverage]
        return list(map(self._matches, terms, self._matching(terms)))

    def fuzzy_terms(self, term: str, limit: int) -> list[FuzzyTerm]:
        """See ``protocols.KeywordIndex.fuzzy_terms``."""
        return self._lexicon.fuzzy_terms(term, limit)

    def articles_with(self, term: str) -> Ints:
        """See ``protocols.KeywordIndex.articles_with``."""
        name = Field.EXACT.value, stored_term(term)
        return _union([each] if (each := self._postings.of([name]).get(name)) else [])

    def stem_counts(self, articles: Bools) -> Mapping[str, int]:
        """See ``protocols.KeywordIndex.stem_counts``."""
        keys = None if articles.all() else articles.nonzero()[0].tolist()
        counts: Counter[str] = Counter()
        for term, count in self._servers.query_shards(_STEM_COUNTS.format(id=self._id), (keys, keys)):
            counts[term] += count
        return counts

    def _matches(self, term: QueryTerm, matching: _Matching) -> TermMatches:
        articles = np.zeros(self._articles, bool)
        articles[matching.articles] = True
        weight = idf(self._articles, len(matching.articles))
        return TermMatches(term.word, term.text, articles, matching.rows, weight, matching.titles)

    def _matching(self, terms: Sequence[QueryTerm]) -> list[_Matching]:
        """What has each of these terms."""
        names = list(map(_names, terms))
        stored = self._postings.of(name for by_field in names for field in by_field for name in field)
        return [_matching_of(by_field, stored) for by_field in names]

    def _article_scores(self, terms: Iterable[tuple[float, _Fields]]) -> Floats:
        """By article, its score by terms with these boosts, without what patterns add."""
        scores = np.zeros(self._articles, np.float32)
        for boost, fields in terms:
            for field, postings in zip(RANKING_FIELDS, fields, strict=False):
                if len(postings) == 1:
                    weight = idf(self._articles, postings[0].entry.articles)
                    _add(scores, _boosted(boost, field) * weight, postings[0].in_articles)
        return scores

    def _passage_scores(self, terms: Iterable[tuple[float, _Fields]]) -> Floats:
        """By row, its score by terms with these boosts, without what patterns add."""
        scores = np.zeros(self._rows, np.float32)
        for boost, fields in terms:
            if len(postings := fields[_BODY]) == 1:
                weight = idf(self._rows, postings[0].entry.rows)
                _add(scores, boost * (K1 + 1) * weight, postings[0].in_rows)
        return scores

    def _query_patterns(self, terms: Sequence[tuple[float, _Fields]]) -> list[Record]:
        """From every shard, what patterns add: keys and scores of articles, rows and scores of passages."""
        articles, passages = self._article_patterns(terms), self._passage_patterns(terms)
        if not articles.terms:  # the terms of passages are those of articles, too
            return []
        query = _SCORED_BY_PATTERNS.format(id=self._id, articles=articles.sql, passages=passages.sql)
        parameters = (*articles.parameters, articles.terms, *passages.parameters, passages.terms)
        return self._servers.query_shards(query, parameters)

    def _article_patterns(self, terms: Iterable[tuple[float, _Fields]]) -> _PatternScore:
        patterns, numbers = list[_Expression](), list[int]()
        for boost, fields in terms:
            for index, (field, postings) in enumerate(zip(RANKING_FIELDS, fields, strict=True)):
                if len(postings) > 1:
                    weight = _boosted(boost, field) * idf(self._articles, len(_union(postings)))
                    patterns.append(_pattern_score(postings, weight, f"halves[{index + 1}]"))
                    numbers += [each.entry.number for each in postings]
        return _sum(patterns, numbers)

    def _passage_patterns(self, terms: Iterable[tuple[float, _Fields]]) -> _PatternScore:
        patterns, numbers = list[_Expression](), list[int]()
        for boost, fields in terms:
            if len(postings := fields[_BODY]) > 1:
                weight = boost * (K1 + 1) * idf(self._rows, len(_union_of_rows(postings)))
                patterns.append(_pattern_score(postings, weight, "half"))
                numbers += [each.entry.number for each in postings]
        return _sum(patterns, numbers)


def _names(term: QueryTerm) -> list[list[Name]]:
    """The names of a term in the lexicon: in the ranking fields, in titles, and of its two spellings."""
    by_field = [
        *((field, term.exact if field is Field.EXACT else term.stems) for field in RANKING_FIELDS),
        (Field.TITLE_STEMS, term.stems),
        (Field.SPELLED, term.accented),
        (Field.SPELLED, term.capital),
    ]
    return [[(field.value, stored_term(text)) for text in texts] for field, texts in by_field]


def _matching_of(names: Sequence[Sequence[Name]], stored: Mapping[Name, TermPostings]) -> _Matching:
    """What has a term with these names."""
    *fields, titles, accented, capital = [[stored[n] for n in each if n in stored] for each in names]
    return _Matching(
        articles=_union([each for field in fields for each in field]),
        titles=_union(titles),
        rows=_union_of_rows(fields[_BODY]),
        written=_union(fields[_EXACT]),
        accented=_union(accented),
        capital=_union(capital),
        fields=fields,
    )


def _union(postings: Sequence[TermPostings]) -> Ints:
    """The articles that have one of these terms, ascending."""
    return _distinct([each.articles for each in postings])


def _union_of_rows(postings: Sequence[TermPostings]) -> Ints:
    """The rows that have one of these terms, ascending."""
    return _distinct([each.rows for each in postings])


def _distinct(parts: Sequence[Ints]) -> Ints:
    return parts[0] if len(parts) == 1 else np.unique(np.concatenate([_NO_NUMBERS, *parts]))


def _boosted(boost: float, field: Field) -> float:
    return boost * FIELD_WEIGHTS[field.value] * (K1 + 1)


def _add(scores: Floats, weight: float, parts: Iterable[Postings]) -> None:
    for part in parts:
        scores[part.documents] += np.float32(weight) * part.scores


def _sum(patterns: Sequence[_Expression], terms: list[int]) -> _PatternScore:
    """The sum of the scores of patterns."""
    parameters = tuple(value for _, values in patterns for value in values)
    return _PatternScore(" + ".join(sql for sql, _ in patterns) or "0", parameters, terms)


def _pattern_score(terms: Sequence[TermPostings], weight: float, saturation: str) -> _Expression:
    """The score of several terms that count as one; ``saturation`` is an SQL expression."""
    ones = sparsevec({each.entry.number: 1 for each in terms})
    count = "-(counts <#> %s::sparsevec)"
    return f"%s * ({count}) / ({count} + {saturation})", (weight, ones, ones)
