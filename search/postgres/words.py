"""The keyword leg: BM25F by sparse vectors, the idf in the query's; GIN finds who holds a word.

As ``search.keyword.scoring``, and to the same scores: what a term says of an article but for its idf is kept
with the article, the idf is global. A pattern stands for many terms whose counts add up before they saturate,
so it is worked out from the counts.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from search.keyword.scoring import FIELD_WEIGHTS, K1, Unit, few, idf, units
from search.postgres.analysis import RANKING, sparse
from search.postgres.constraints import Constraints
from search.postgres.lexicon import Known, Terms
from search.postgres.schema import DIMENSIONS, Field, checked
from search.postgres.servers import Record, Servers
from search.protocols import Bools, Floats, Holders, Ints, KeywordScores, Neighbour
from search.query.tree import Node, RankingWord

_REMEMBERED = 128  # words whose holders are kept
_NOBODY: Ints = np.empty(0, np.int64)
_HOLDING = "SELECT string_agg(int4send({number}), ''::bytea) FROM {id}.{table} WHERE terms && %s::int[]"
_SCORED = """
SELECT {columns}
FROM (SELECT string_agg(int4send(key), ''::bytea), string_agg(float4send(score), ''::bytea)
      FROM (SELECT key, ({articles})::real AS score
            FROM {id}.words LEFT JOIN {id}.written USING (key) WHERE terms && %s::int[]) AS each) AS articles,
     (SELECT string_agg(int4send("row"), ''::bytea), string_agg(float4send(score), ''::bytea)
      FROM (SELECT "row", ({passages})::real AS score
            FROM {id}.passage_words WHERE terms && %s::int[]) AS each) AS passages
"""


@dataclass(frozen=True, slots=True)
class _Held:
    """Who holds a word: articles, rows, and articles that hold it as it is written."""

    articles: Ints
    rows: Ints
    written: Ints


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
        self._held: OrderedDict[tuple[tuple[str, ...], ...], _Held] = OrderedDict()
        self._one_at_a_time = Lock()

    def score(self, words: Sequence[RankingWord]) -> KeywordScores:
        """See ``protocols.KeywordIndex.score``."""
        asked = units(words, self._terms.expansion)
        by_article = np.zeros(self._articles, np.float32)
        by_passage = np.zeros(self._rows, np.float32)
        covering = [unit for unit in asked if unit.covers]
        for keys, of_articles, rows, of_passages, *_ in self._scored(asked, covering):
            by_article[numbers(keys)] = _scores(of_articles)
            by_passage[numbers(rows)] = _scores(of_passages)
        held_mass = np.zeros(self._articles, np.float32)
        literal = np.zeros(self._articles, bool)
        mass = 0.0
        for unit, held in zip(covering, self._holders(covering), strict=True):
            tells = idf(self._articles, len(held.articles))
            held_mass[held.articles] += tells
            mass += tells
            if unit.names and len(held.written) <= few(self._articles):
                literal[held.written] = True
        coverage = held_mass / np.float32(mass) if mass else held_mass
        return KeywordScores(by_article, by_passage, coverage, literal)

    def allowed(self, constraint: Node) -> Bools:
        """See ``protocols.KeywordIndex.allowed``."""
        condition = self._constraints.condition(constraint)
        tables = f"{self._id}.words LEFT JOIN {self._id}.written USING (key)"  # of which one is seldom asked
        query = f"SELECT string_agg(int4send(key), ''::bytea) FROM {tables} WHERE {condition.sql}"
        found = np.zeros(self._articles, bool)
        for (keys,) in self._servers.ask_shards(query, condition.parameters):
            found[numbers(keys)] = True
        return found

    def holders(self, words: Sequence[RankingWord]) -> list[Holders]:
        """See ``protocols.KeywordIndex.holders``."""
        asked = [unit for unit in units(words, self._terms.expansion) if unit.covers]
        return [self._told(unit, held) for unit, held in zip(asked, self._holders(asked), strict=True)]

    def neighbours(self, term: str, limit: int) -> list[Neighbour]:
        """See ``protocols.KeywordIndex.neighbours``."""
        return self._terms.neighbours(term, limit)

    def holding(self, term: str) -> Ints:
        """See ``protocols.KeywordIndex.holding``."""
        (held,) = self._holders([Unit(term, (), (term,), 1.0)])
        return held.written

    def _told(self, unit: Unit, held: _Held) -> Holders:
        articles = np.zeros(self._articles, bool)
        articles[held.articles] = True
        return Holders(unit.text, articles, held.rows, idf(self._articles, len(held.articles)))

    def _holders(self, asked: Sequence[Unit]) -> list[_Held]:
        """Who holds each of these words; those that are not remembered are asked for together."""
        while new := self._new(asked):  # others may push them out again, or a shard go meanwhile
            columns, terms = self._holding(new)
            self._remember(new, self._servers.ask_shards(f"SELECT {', '.join(columns)}", terms))
        with self._one_at_a_time:
            held = [self._held.get(self._name(unit)) for unit in asked]
        found = [each for each in held if each is not None]
        return found if len(found) == len(asked) else self._holders(asked)

    def _new(self, asked: Sequence[Unit]) -> list[Unit]:
        """Those of these words whose holders are not remembered."""
        with self._one_at_a_time:
            return [unit for unit in asked if self._name(unit) not in self._held]

    def _name(self, unit: Unit) -> tuple[tuple[str, ...], ...]:
        return unit.stems, unit.exact, self._servers.missing

    def _holding(self, asked: Sequence[Unit]) -> tuple[list[str], list[list[int]]]:
        """The columns that tell who holds these words, three for each, and the terms that each looks for."""
        columns: list[str] = []
        terms: list[list[int]] = []
        for unit in asked:
            known = self._known(unit)
            for number, table, fields in (
                ("key", "words", RANKING),
                ('"row"', "passage_words", (Field.BODY,)),
                ("key", "words", (Field.EXACT,)),
            ):
                columns.append(f"({_HOLDING.format(id=self._id, table=table, number=number)})")
                terms.append([each.number for field in fields for each in known[field]])
        return columns, terms

    def _remember(self, asked: Sequence[Unit], answers: Sequence[Record]) -> None:
        """Keep what shards answered: who holds these words, three columns for each."""
        with self._one_at_a_time:
            while len(self._held) > _REMEMBERED:
                self._held.popitem(last=False)
            for place, unit in enumerate(asked):
                columns = range(3 * place, 3 * place + 3)
                lists = ([numbers(answer[column]) for answer in answers] for column in columns)
                self._held[self._name(unit)] = _Held(
                    *(np.sort(np.concatenate([_NOBODY, *each])) for each in lists)
                )

    def _known(self, unit: Unit) -> dict[Field, list[Known]]:
        """By field, what is known of the terms of a unit."""
        wanted = {
            field: [(field.value, term) for term in (unit.exact if field is Field.EXACT else unit.stems)]
            for field in RANKING
        }
        found = self._terms.find([name for names in wanted.values() for name in names])
        return {field: [found[name] for name in names if name in found] for field, names in wanted.items()}

    def _scored(self, asked: Sequence[Unit], covering: Sequence[Unit]) -> list[Record]:
        """From every shard, keys and scores of the articles that hold a word, rows and scores of passages.

        In the same breath who holds those of the covering words that are not remembered yet.
        """
        known = [(unit, self._known(unit)) for unit in asked]
        articles, passages = self._weighed_articles(known), self._weighed_passages(known)
        new = self._new(covering)
        holding, held = self._holding(new)
        query = _SCORED.format(
            id=self._id,
            columns=", ".join(["articles.*", "passages.*", *holding]),
            articles=articles.sql,
            passages=passages.sql,
        )
        told = (*held, *articles.parameters, articles.terms, *passages.parameters, passages.terms)
        answers = self._servers.ask_shards(query, told)
        self._remember(new, [answer[4:] for answer in answers])
        return answers

    def _weighed_articles(self, known: Sequence[tuple[Unit, Mapping[Field, list[Known]]]]) -> _Weighed:
        weights: dict[int, float] = {}
        patterns: list[tuple[str, tuple[object, ...]]] = []
        terms: list[int] = []
        for unit, by_field in known:
            for place, field in enumerate(RANKING, start=1):
                found, says = by_field[field], unit.boost * FIELD_WEIGHTS[field.value] * (K1 + 1)
                terms += [each.number for each in found]
                if len(found) == 1:
                    _weigh(weights, found[0].number, says * idf(self._articles, found[0].articles))
                elif found:
                    held = self._counted("words", found)
                    patterns.append(_summed(found, says * idf(self._articles, held), f"halves[{place}]"))
        return _weighed(weights, patterns, terms)

    def _weighed_passages(self, known: Sequence[tuple[Unit, Mapping[Field, list[Known]]]]) -> _Weighed:
        weights: dict[int, float] = {}
        patterns: list[tuple[str, tuple[object, ...]]] = []
        terms: list[int] = []
        for unit, by_field in known:
            found, says = by_field[Field.BODY], unit.boost * (K1 + 1)
            terms += [each.number for each in found]
            if len(found) == 1:
                _weigh(weights, found[0].number, says * idf(self._rows, found[0].rows))
            elif found:
                held = self._counted("passage_words", found)
                patterns.append(_summed(found, says * idf(self._rows, held), "half"))
        return _weighed(weights, patterns, terms)

    def _counted(self, table: str, terms: Sequence[Known]) -> int:
        """How many documents hold one of several terms."""
        query = f"SELECT count(*) FROM {self._id}.{table} WHERE terms && %s::int[]"
        return sum(held for (held,) in self._servers.ask_shards(query, ([each.number for each in terms],)))


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


def numbers(sent: bytes | None) -> Ints:
    """Keys or rows as a server sends them one after the other; none for None."""
    return _NOBODY if sent is None else np.frombuffer(sent, ">i4").astype(np.int64)


def _scores(sent: bytes | None) -> Floats:
    return np.empty(0, np.float32) if sent is None else np.frombuffer(sent, ">f4").astype(np.float32)
