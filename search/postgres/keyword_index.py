"""Ranks and filters by keywords on the servers; the scores are those of ``search.keyword.bm25``.

A term is stored with the BM25 score by it of each article and passage that has it, without the idf, which is
a fact about all shards. The program that asks multiplies and adds. A pattern matches several terms, whose
counts add up before they are scored, so the shards compute its scores from the counts.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

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
from search.postgres.connections import Record, Servers
from search.postgres.constraints import Constraints
from search.postgres.lexicon import StoredLexicon, TermEntry, names_as_columns
from search.postgres.schema import Field, checked_id
from search.postgres.term_vectors import RANKING_FIELDS, sparsevec, stored_term
from search.postgres.wire_format import unpack_floats, unpack_ints
from search.protocols import Bools, Floats, FuzzyTerm, Ints, KeywordScores, TermMatches
from search.query.ast import Node, RankingWord

_CACHED_TERMS = 128
_NO_NUMBERS: Ints = np.empty(0, np.int64)
_BODY, _EXACT = RANKING_FIELDS.index(Field.BODY), RANKING_FIELDS.index(Field.EXACT)
_POSTINGS = """
SELECT field, term, number, articles, rows, keys, scores, in_rows, row_scores FROM {id}.posting
WHERE (field, term) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""
_SCORED_BY_PATTERNS = """
SELECT articles.*, passages.*
FROM (SELECT string_agg(int4send(key), ''::bytea), string_agg(float4send(score), ''::bytea)
      FROM (SELECT key, ({articles})::real AS score
            FROM {id}.words JOIN {id}.written USING (key) WHERE terms && %s::int[]) AS each) AS articles,
     (SELECT string_agg(int4send("row"), ''::bytea), string_agg(float4send(score), ''::bytea)
      FROM (SELECT "row", ({passages})::real AS score
            FROM {id}.passage_words WHERE terms && %s::int[]) AS each) AS passages
"""
_Name = tuple[str, str]  # of a term in the lexicon: its field and its text
_CacheKey = tuple[tuple[str, ...], ...]
_Expression = tuple[str, tuple[object, ...]]  # of SQL: its text and its parameters, in order


@dataclass(frozen=True, slots=True)
class _Scored:
    """Documents, and the score of each by one term, without the idf."""

    documents: Ints
    scores: Floats


@dataclass(frozen=True, slots=True)
class _TermPostings:
    """The postings of one query term on all shards that answer.

    ``articles`` and ``rows`` have the term; ``titles`` are the articles whose title has it, ``written`` those
    that have it as written, ``accented`` and ``capital`` those that have it in these spellings; all
    ascending. ``frequencies``, ``entries`` and ``scored`` are in the order of ``RANKING_FIELDS``: how many
    articles have the term in the field, the lexicon's entries of the term there, and the articles of each
    entry; ``scored_rows`` are the rows of each entry of the body.
    """

    articles: Ints
    titles: Ints
    rows: Ints
    written: Ints
    accented: Ints
    capital: Ints
    frequencies: tuple[int, ...]
    entries: tuple[list[TermEntry], ...]
    scored: tuple[list[_Scored], ...]
    scored_rows: list[_Scored]


@dataclass(frozen=True, slots=True)
class _PatternScore:
    """An SQL expression for the score of a document by patterns, its parameters, the terms that it needs."""

    sql: str
    parameters: tuple[object, ...]
    terms: list[int]


class PostgresKeywordIndex:
    """Implements ``protocols.KeywordIndex`` over the shards; several threads may use it."""

    def __init__(self, servers: Servers, generation: str, articles: int, rows: int) -> None:
        self._servers = servers
        self._id = checked_id(generation)
        self._articles, self._rows = articles, rows
        self._lexicon = StoredLexicon(servers, generation)
        self._constraints = Constraints(self._lexicon, generation)
        self._cache: OrderedDict[_CacheKey, _TermPostings] = OrderedDict()
        self._cache_lock = Lock()

    def score(self, words: Sequence[RankingWord]) -> KeywordScores:
        """See ``protocols.KeywordIndex.score``."""
        terms = query_terms(words, self._lexicon.expansion)
        with_postings = list(zip(terms, self._postings(terms), strict=True))
        by_article, by_passage = self._article_scores(with_postings), self._passage_scores(with_postings)
        for keys, article_scores, rows, passage_scores in self._query_patterns(with_postings):
            by_article[unpack_ints(keys)] += unpack_floats(article_scores)
            by_passage[unpack_ints(rows)] += unpack_floats(passage_scores)
        covering = [
            CoveringTerm(
                term,
                self._matches(term, postings),
                postings.articles,
                postings.written,
                postings.accented,
                postings.capital,
            )
            for term, postings in with_postings
            if term.counts_for_coverage
        ]
        return keyword_scores(by_article, by_passage, covering)

    def score_stems(self, weights: Mapping[str, float]) -> Floats:
        """See ``protocols.KeywordIndex.score_stems``."""
        terms = {stem: QueryTerm(0, stem, (stem,), (), weight) for stem, weight in weights.items()}
        postings = dict(zip(terms, self._postings(list(terms.values())), strict=True))
        frequencies = {stem: len(each.rows) for stem, each in postings.items()}
        asked = expansion_terms(weights, frequencies, self._rows)
        return self._article_scores([(terms[stem], postings[stem]) for stem in asked])

    def allowed(self, constraint: Node) -> Bools:
        """See ``protocols.KeywordIndex.allowed``."""
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
        return [
            self._matches(term, postings) for term, postings in zip(terms, self._postings(terms), strict=True)
        ]

    def fuzzy_terms(self, term: str, limit: int) -> list[FuzzyTerm]:
        """See ``protocols.KeywordIndex.fuzzy_terms``."""
        return self._lexicon.fuzzy_terms(term, limit)

    def articles_with(self, term: str) -> Ints:
        """See ``protocols.KeywordIndex.articles_with``."""
        (postings,) = self._postings([QueryTerm(0, term, (), (term,), 1.0)])
        return postings.written

    def _matches(self, term: QueryTerm, postings: _TermPostings) -> TermMatches:
        articles = np.zeros(self._articles, bool)
        articles[postings.articles] = True
        weight = idf(self._articles, len(postings.articles))
        return TermMatches(term.word, term.text, articles, postings.rows, weight, postings.titles)

    def _postings(self, terms: Sequence[QueryTerm]) -> list[_TermPostings]:
        """The postings of each term; one query loads all that are not cached."""
        while new := self._not_cached(terms):  # again, if another thread removes some or a shard fails
            self._load_postings(new)
        with self._cache_lock:
            cached = [self._cache.get(self._cache_key(term)) for term in terms]
        complete = [postings for postings in cached if postings is not None]
        return complete if len(complete) == len(terms) else self._postings(terms)

    def _not_cached(self, terms: Sequence[QueryTerm]) -> list[QueryTerm]:
        with self._cache_lock:
            return [term for term in terms if self._cache_key(term) not in self._cache]

    def _cache_key(self, term: QueryTerm) -> _CacheKey:
        return term.stems, term.exact, term.accented, term.capital, self._servers.missing

    def _load_postings(self, terms: Sequence[QueryTerm]) -> None:
        names = [[_names(term, field) for field in (*RANKING_FIELDS, Field.TITLE_STEMS)] for term in terms]
        spelled = [_spelled_names(term) for term in terms]
        distinct = list({name for by_field in (*names, *spelled) for field in by_field for name in field})
        entries: dict[_Name, TermEntry] = {}
        keys, rows = defaultdict[_Name, list[_Scored]](list), defaultdict[_Name, list[_Scored]](list)
        records = self._servers.query_shards(_POSTINGS.format(id=self._id), names_as_columns(distinct))
        for field, term_text, number, articles, passages, *packed in records:
            entries[field, term_text] = TermEntry(number, articles, passages)
            for by_name, documents, scores in ((keys, *packed[:2]), (rows, *packed[2:])):
                by_name[field, term_text].append(_Scored(unpack_ints(documents), unpack_floats(scores)))
        with self._cache_lock:
            while len(self._cache) > _CACHED_TERMS:
                self._cache.popitem(last=False)
            for term, (*by_field, title), (accented, capital) in zip(terms, names, spelled, strict=True):
                articles_by_field = [_union(keys, field) for field in by_field]
                self._cache[self._cache_key(term)] = _TermPostings(
                    articles=np.unique(np.concatenate(articles_by_field)),
                    titles=_union(keys, title),
                    rows=_union(rows, by_field[_BODY]),
                    written=articles_by_field[_EXACT],
                    accented=_union(keys, accented),
                    capital=_union(keys, capital),
                    frequencies=tuple(map(len, articles_by_field)),
                    entries=tuple([entries[name] for name in field if name in entries] for field in by_field),
                    scored=tuple(_scored(keys, field) for field in by_field),
                    scored_rows=_scored(rows, by_field[_BODY]),
                )

    def _article_scores(self, terms: Sequence[tuple[QueryTerm, _TermPostings]]) -> Floats:
        """By article, its score by these terms, without what patterns add."""
        scores = np.zeros(self._articles, np.float32)
        for term, postings in terms:
            for index, field in enumerate(RANKING_FIELDS):
                if len(entries := postings.entries[index]) == 1:
                    weight = _field_weight(term, field) * idf(self._articles, entries[0].articles)
                    _add(scores, weight, postings.scored[index])
        return scores

    def _passage_scores(self, terms: Sequence[tuple[QueryTerm, _TermPostings]]) -> Floats:
        """By row, its score by these terms, without what patterns add."""
        scores = np.zeros(self._rows, np.float32)
        for term, postings in terms:
            if len(entries := postings.entries[_BODY]) == 1:
                weight = term.boost * (K1 + 1) * idf(self._rows, entries[0].rows)
                _add(scores, weight, postings.scored_rows)
        return scores

    def _query_patterns(self, terms: Sequence[tuple[QueryTerm, _TermPostings]]) -> list[Record]:
        """From every shard, what patterns add: keys and scores of articles, rows and scores of passages."""
        articles, passages = self._article_patterns(terms), self._passage_patterns(terms)
        if not articles.terms:  # each term of a passage is one of its article
            return []
        query = _SCORED_BY_PATTERNS.format(id=self._id, articles=articles.sql, passages=passages.sql)
        parameters = (*articles.parameters, articles.terms, *passages.parameters, passages.terms)
        return self._servers.query_shards(query, parameters)

    def _article_patterns(self, terms: Sequence[tuple[QueryTerm, _TermPostings]]) -> _PatternScore:
        patterns, numbers = list[_Expression](), list[int]()
        for term, postings in terms:
            for index, field in enumerate(RANKING_FIELDS):
                if len(entries := postings.entries[index]) > 1:
                    weight = _field_weight(term, field) * idf(self._articles, postings.frequencies[index])
                    patterns.append(_pattern_score(entries, weight, f"halves[{index + 1}]"))
                    numbers += [entry.number for entry in entries]
        return _sum(patterns, numbers)

    def _passage_patterns(self, terms: Sequence[tuple[QueryTerm, _TermPostings]]) -> _PatternScore:
        patterns, numbers = list[_Expression](), list[int]()
        for term, postings in terms:
            if len(entries := postings.entries[_BODY]) > 1:
                weight = term.boost * (K1 + 1) * idf(self._rows, len(postings.rows))
                patterns.append(_pattern_score(entries, weight, "half"))
                numbers += [entry.number for entry in entries]
        return _sum(patterns, numbers)


def _names(term: QueryTerm, field: Field) -> list[_Name]:
    """The names of a term in a field of the lexicon."""
    texts = term.exact if field is Field.EXACT else term.stems
    return [(field.value, stored_term(text)) for text in texts]


def _spelled_names(term: QueryTerm) -> tuple[list[_Name], list[_Name]]:
    """The names of the spellings of a term in the lexicon: with accents, and with a capital."""
    accented, capital = (
        [(Field.SPELLED.value, stored_term(text)) for text in texts]
        for texts in (term.accented, term.capital)
    )
    return accented, capital


def _union(postings: Mapping[_Name, list[_Scored]], names: Sequence[_Name]) -> Ints:
    """The documents that have one of these terms, ascending."""
    parts = (part.documents for part in _scored(postings, names))
    return np.unique(np.concatenate([_NO_NUMBERS, *parts]))


def _scored(postings: Mapping[_Name, list[_Scored]], names: Sequence[_Name]) -> list[_Scored]:
    """The documents that have one of these terms, by term and shard."""
    return [part for name in names for part in postings[name]]


def _field_weight(term: QueryTerm, field: Field) -> float:
    return term.boost * FIELD_WEIGHTS[field.value] * (K1 + 1)


def _add(scores: Floats, weight: float, parts: Sequence[_Scored]) -> None:
    """Add to the scores of the documents that have one term; each part is of another shard."""
    for part in parts:
        scores[part.documents] += np.float32(weight) * part.scores


def _sum(patterns: Sequence[_Expression], terms: list[int]) -> _PatternScore:
    """The sum of the scores of patterns."""
    parameters = tuple(value for _, values in patterns for value in values)
    return _PatternScore(" + ".join(sql for sql, _ in patterns) or "0", parameters, terms)


def _pattern_score(terms: Sequence[TermEntry], weight: float, saturation: str) -> _Expression:
    """The score of several terms that count as one; ``saturation`` is an SQL expression."""
    ones = sparsevec({entry.number: 1 for entry in terms})
    count = "-(counts <#> %s::sparsevec)"
    return f"%s * ({count}) / ({count} + {saturation})", (weight, ones, ones)
