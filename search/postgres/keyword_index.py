"""The keyword leg: BM25F by sparse vectors, the idf in the query's; GIN finds who holds a word.

As ``search.keyword.bm25``, and to the same scores: what a term says of an article but for its idf is kept
with the article, the idf is global. A pattern stands for many terms whose counts add up before they saturate,
so it is worked out from the counts.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from search.keyword.bm25 import FIELD_WEIGHTS, K1, Unit, UnitMatches, idf, keyword_scores, units
from search.postgres.connections import Record, Servers
from search.postgres.constraints import Constraints
from search.postgres.lexicon import Known, Terms, as_kept
from search.postgres.schema import DIMENSIONS, Field, checked
from search.postgres.term_vectors import RANKING, kept, sparse
from search.postgres.wire_format import decimals, numbers
from search.protocols import Bools, FuzzyTerm, Ints, KeywordScores, TermMatches
from search.query.ast import Node, RankingWord

_REMEMBERED = 128  # words whose holders are kept
_NOBODY: Ints = np.empty(0, np.int64)
_BODY, _EXACT = RANKING.index(Field.BODY), RANKING.index(Field.EXACT)
_POSTINGS = """
SELECT field, term, number, articles, rows, keys, in_rows FROM {id}.posting
WHERE (field, term) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""
_SCORED = """
SELECT articles.*, passages.*
FROM (SELECT string_agg(int4send(key), ''::bytea), string_agg(float4send(score), ''::bytea)
      FROM (SELECT key, ({articles})::real AS score
            FROM {id}.words LEFT JOIN {id}.written USING (key) WHERE terms && %s::int[]) AS each) AS articles,
     (SELECT string_agg(int4send("row"), ''::bytea), string_agg(float4send(score), ''::bytea)
      FROM (SELECT "row", ({passages})::real AS score
            FROM {id}.passage_words WHERE terms && %s::int[]) AS each) AS passages
"""
_Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Posted:
    """Who holds a word: articles, rows, and articles that hold it as it is written.

    In the order of ``RANKING``, ``terms`` are those that it may be there, and ``by_field`` how many articles
    hold one of them.
    """

    articles: Ints
    rows: Ints
    written: Ints
    by_field: tuple[int, ...]
    terms: tuple[list[Known], ...]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A sum of SQL that gives the score of a document, its parameters, and the terms that it looks at."""

    sql: str
    parameters: tuple[object, ...]
    terms: list[int]


class PostgresWords:
    """Implements ``protocols.KeywordIndex`` over the shards; may be used from several threads."""

    def __init__(self, servers: Servers, generation: str, articles: int, rows: int) -> None:
        self._servers = servers
        self._id = checked(generation)
        self._articles, self._rows = articles, rows
        self._terms = Terms(servers, generation)
        self._constraints = Constraints(self._terms, generation)
        self._remembered: OrderedDict[tuple[tuple[str, ...], ...], _Posted] = OrderedDict()
        self._one_at_a_time = Lock()

    def score(self, words: Sequence[RankingWord]) -> KeywordScores:
        """See ``protocols.KeywordIndex.score``."""
        query_units = units(words, self._terms.expansion)
        postings = list(zip(query_units, self._postings(query_units), strict=True))
        by_article = np.zeros(self._articles, np.float32)
        by_passage = np.zeros(self._rows, np.float32)
        for keys, of_articles, rows, of_passages in self._scored(postings):
            by_article[numbers(keys)] = decimals(of_articles)
            by_passage[numbers(rows)] = decimals(of_passages)
        matches = [
            UnitMatches(unit, self._matches(unit, posted), posted.written)
            for unit, posted in postings
            if unit.covers
        ]
        return keyword_scores(by_article, by_passage, matches)

    def allowed(self, constraint: Node) -> Bools:
        """See ``protocols.KeywordIndex.allowed``."""
        condition = self._constraints.condition(constraint)
        tables = f"{self._id}.words LEFT JOIN {self._id}.written USING (key)"  # of which one is seldom asked
        query = f"SELECT string_agg(int4send(key), ''::bytea) FROM {tables} WHERE {condition.sql}"
        found = np.zeros(self._articles, bool)
        for (keys,) in self._servers.ask_shards(query, condition.parameters):
            found[numbers(keys)] = True
        return found

    def lookup(self, words: Sequence[RankingWord]) -> list[TermMatches]:
        """See ``protocols.KeywordIndex.lookup``."""
        covering = [unit for unit in units(words, self._terms.expansion) if unit.covers]
        postings = self._postings(covering)
        return [self._matches(unit, posted) for unit, posted in zip(covering, postings, strict=True)]

    def fuzzy_terms(self, term: str, limit: int) -> list[FuzzyTerm]:
        """See ``protocols.KeywordIndex.fuzzy_terms``."""
        return self._terms.fuzzy_terms(term, limit)

    def articles_with(self, term: str) -> Ints:
        """See ``protocols.KeywordIndex.articles_with``."""
        (posted,) = self._postings([Unit(0, term, (), (term,), 1.0)])
        return posted.written

    def _matches(self, unit: Unit, posted: _Posted) -> TermMatches:
        articles = np.zeros(self._articles, bool)
        articles[posted.articles] = True
        weight = idf(self._articles, len(posted.articles))
        return TermMatches(unit.word, unit.text, articles, posted.rows, weight)

    def _postings(self, asked: Sequence[Unit]) -> list[_Posted]:
        """Who holds each of these words; those that are not remembered are asked for together."""
        while new := self._new(asked):  # others may push them out again, or a shard go meanwhile
            self._look_up(new)
        with self._one_at_a_time:
            held = [self._remembered.get(self._name(unit)) for unit in asked]
        found = [each for each in held if each is not None]
        return found if len(found) == len(asked) else self._postings(asked)

    def _new(self, asked: Sequence[Unit]) -> list[Unit]:
        """Those of these words whose holders are not remembered."""
        with self._one_at_a_time:
            return [unit for unit in asked if self._name(unit) not in self._remembered]

    def _name(self, unit: Unit) -> tuple[tuple[str, ...], ...]:
        return unit.stems, unit.exact, self._servers.missing

    def _look_up(self, asked: Sequence[Unit]) -> None:
        """Ask who holds these words, and keep it."""
        names = [[_names(unit, field) for field in RANKING] for unit in asked]
        every = list({name for unit in names for field in unit for name in field})
        known: dict[_Name, Known] = {}
        keys, rows = defaultdict[_Name, list[Ints]](list), defaultdict[_Name, list[Ints]](list)
        postings = self._servers.ask_shards(_POSTINGS.format(id=self._id), as_kept(every))
        for field, term, number, articles, in_all, in_articles, in_rows in postings:
            known[field, term] = Known(number, articles, in_all)
            keys[field, term].append(numbers(in_articles))
            rows[field, term].append(numbers(in_rows))
        with self._one_at_a_time:
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
            for unit, by_field in zip(asked, names, strict=True):
                holding = [_together(keys, field) for field in by_field]
                self._remembered[self._name(unit)] = _Posted(
                    articles=np.unique(np.concatenate(holding)),
                    rows=_together(rows, by_field[_BODY]),
                    written=holding[_EXACT],
                    by_field=tuple(map(len, holding)),
                    terms=tuple([known[name] for name in field if name in known] for field in by_field),
                )

    def _scored(self, held: Sequence[tuple[Unit, _Posted]]) -> list[Record]:
        """From every shard, keys and scores of the articles that hold a word, rows and scores of passages."""
        articles, passages = self._weighed_articles(held), self._weighed_passages(held)
        query = _SCORED.format(id=self._id, articles=articles.sql, passages=passages.sql)
        told = (*articles.parameters, articles.terms, *passages.parameters, passages.terms)
        return self._servers.ask_shards(query, told)

    def _weighed_articles(self, held: Sequence[tuple[Unit, _Posted]]) -> _Weighed:
        weights: dict[int, float] = {}
        patterns: list[tuple[str, tuple[object, ...]]] = []
        terms: list[int] = []
        for unit, found in held:
            for place, field in enumerate(RANKING):
                known, says = found.terms[place], unit.boost * FIELD_WEIGHTS[field.value] * (K1 + 1)
                terms += [each.number for each in known]
                if len(known) == 1:
                    _weigh(weights, known[0].number, says * idf(self._articles, known[0].articles))
                elif known:
                    tells = idf(self._articles, found.by_field[place])
                    patterns.append(_summed(known, says * tells, f"halves[{place + 1}]"))
        return _weighed(weights, patterns, terms)

    def _weighed_passages(self, held: Sequence[tuple[Unit, _Posted]]) -> _Weighed:
        weights: dict[int, float] = {}
        patterns: list[tuple[str, tuple[object, ...]]] = []
        terms: list[int] = []
        for unit, found in held:
            known, says = found.terms[_BODY], unit.boost * (K1 + 1)
            terms += [each.number for each in known]
            if len(known) == 1:
                _weigh(weights, known[0].number, says * idf(self._rows, known[0].rows))
            elif known:
                patterns.append(_summed(known, says * idf(self._rows, len(found.rows)), "half"))
        return _weighed(weights, patterns, terms)


def _names(unit: Unit, field: Field) -> list[_Name]:
    """The terms of a field that a word may be there."""
    return [(field.value, kept(term)) for term in (unit.exact if field is Field.EXACT else unit.stems)]


def _together(postings: Mapping[_Name, list[Ints]], names: Sequence[_Name]) -> Ints:
    """What one of these terms stands in, ascending."""
    return np.unique(np.concatenate([_NOBODY, *(part for name in names for part in postings[name])]))


def _weigh(weights: dict[int, float], number: int, weight: float) -> None:
    weights[number] = weights.get(number, 0.0) + weight


def _weighed(
    weights: dict[int, float], patterns: Sequence[tuple[str, tuple[object, ...]]], terms: list[int]
) -> _Weighed:
    sums = [("-(bm <#> %s::sparsevec)", (sparse(weights),)), *patterns]
    parameters = tuple(value for _, values in sums for value in values)
    return _Weighed(" + ".join(sql for sql, _ in sums), parameters, terms)


def _summed(terms: Sequence[Known], weight: float, half: str) -> tuple[str, tuple[object, ...]]:
    """What several terms say that are taken for one word: their counts add up, then saturate."""
    ones = f"{{{','.join(f'{number}:1' for number in sorted(each.number for each in terms))}}}/{DIMENSIONS}"
    counted = "-(counts <#> %s::sparsevec)"
    return f"%s * ({counted}) / ({counted} + {half})", (weight, ones, ones)
