"""Translates a constraint into a condition of SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from search.keyword.constraint_walk import select
from search.keyword.names import EDGE
from search.keyword.places import keys_of
from search.keyword.postings import NO_POSITIONS, TermPositions
from search.keyword.text_bounds import TextBounds, Texts
from search.postgres.connections import Servers
from search.postgres.lexicon import StoredLexicon
from search.postgres.schema import Field
from search.postgres.term_vectors import phrase_text
from search.postgres.wire_format import unpack_ints
from search.query.ast import DateRange, Node, Pattern, Placed, WordCount


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of SQL and its parameters, in order."""

    sql: str
    parameters: tuple[object, ...] = ()


# In ``exact``, the first word is after a blank, and after two blanks where there is no title.
_POSITIONS = """
SELECT word, string_agg(int4send(key), ''::bytea), string_agg(int4send(place::int), ''::bytea)
FROM (
    SELECT word, key, number - 2 - starts_with(exact, '  ')::int AS place
    FROM {id}.words LEFT JOIN {id}.written USING (key),
    unnest(string_to_array(exact, ' ')) WITH ORDINALITY AS each (word, number)
    WHERE {condition} AND word = ANY (%s::text[])
) AS found GROUP BY word
"""
_WORDS = "array_length(array_remove(array_remove(string_to_array(exact, ' '), ''), E'\\x1f'), 1)"
_MOST = 2**31 - 1
_NEVER = Condition("false")


class Constraints:
    """Translates the constraints of one generation; implements ``Selection`` with conditions, and ``Places``.

    The conditions are on the tables ``words`` and ``written``. One on places asks the servers at once.
    """

    def __init__(self, lexicon: StoredLexicon, servers: Servers, generation: str, texts: Texts) -> None:
        self._lexicon = lexicon
        self._servers = servers
        self._generation = generation
        self.bounds = TextBounds(texts)

    def condition(self, constraint: Node) -> Condition:
        """The condition that is true for the articles that meet a constraint."""
        return select(constraint, self)

    def all_of(self, parts: Sequence[Condition]) -> Condition:
        """See ``Selection.all_of``."""
        return _joined(" AND ", parts)

    def any_of(self, parts: Sequence[Condition]) -> Condition:
        """See ``Selection.any_of``."""
        return _joined(" OR ", parts)

    def none_of(self, part: Condition) -> Condition:
        """See ``Selection.none_of``."""
        return Condition(f"NOT ({part.sql})", part.parameters)

    def among(self, parts: Sequence[Condition], count: int) -> Condition:
        """See ``Selection.among``."""
        counted = _joined(" + ", [Condition(f"({part.sql})::int", part.parameters) for part in parts])
        return Condition(f"{counted.sql} >= %s", (*counted.parameters, count))

    def placed(self, node: Placed) -> Condition:
        """See ``Selection.placed``."""
        return self.articles(frozenset(keys_of(node, self).tolist()))

    def positions(self, terms: Sequence[str], among: Node) -> dict[str, TermPositions]:
        """See ``Places.positions``."""
        condition = self.condition(among)
        query = _POSITIONS.format(id=self._generation, condition=condition.sql)
        records = self._servers.query_shards(query, (*condition.parameters, list(terms)))
        by_term = dict.fromkeys(terms, NO_POSITIONS)
        for term, keys, numbers in records:
            docs = np.concatenate([by_term[term].docs, unpack_ints(keys)])
            positions = np.concatenate([by_term[term].positions, unpack_ints(numbers)])
            order = np.lexsort((positions, docs))
            by_term[term] = TermPositions(docs[order], positions[order])
        return by_term

    def word_count(self, words: WordCount) -> Condition:
        """See ``Selection.word_count``."""
        least, most = words.least or 0, _MOST if words.most is None else words.most
        return Condition(f"coalesce({_WORDS}, 0) BETWEEN %s AND %s", (least, most))

    def date_range(self, days: DateRange) -> Condition:
        """See ``Selection.date_range``."""
        first = 1 if days.first is None else days.first.toordinal()
        last = date.max.toordinal() if days.last is None else days.last.toordinal()
        return Condition("(first_day > 0 AND first_day <= %s AND last_day >= %s)", (last, first))

    def articles(self, keys: frozenset[int]) -> Condition:
        """See ``Selection.articles``."""
        return Condition("key = ANY (%s::int[])", (sorted(keys),)) if keys else _NEVER

    def any_term(self, field: str, terms: Sequence[str]) -> Condition:
        """See ``Selection.any_term``."""
        numbers = self._lexicon.numbers(Field(field), terms)
        return Condition("terms && %s::int[]", (numbers,)) if numbers else _NEVER

    def phrase(self, field: str, terms: list[str]) -> Condition:
        """See ``Selection.phrase``."""
        words = set(terms) - {EDGE}
        numbers = self._lexicon.numbers(Field(field), words)
        if len(numbers) < len(words):
            return _NEVER
        return Condition(f"(terms @> %s::int[] AND strpos({field}, %s) > 0)", (numbers, phrase_text(terms)))

    def near(self, field: str, terms: list[str], distance: int) -> Condition:
        """See ``Selection.near``."""
        numbers = self._lexicon.numbers(Field(field), terms)
        if not terms or len(numbers) < len(terms):
            return _NEVER
        within = f"{self._generation}.within({field}, %s::text[], %s)"
        return Condition(f"(terms @> %s::int[] AND {within})", (numbers, terms, distance))

    def expansion(self, pattern: Pattern, field: str) -> list[str]:
        """See ``Selection.expansion``."""
        return self._lexicon.expansion(pattern, field)


def _joined(operator: str, conditions: Sequence[Condition]) -> Condition:
    sql = operator.join(each.sql for each in conditions)
    return Condition(f"({sql})", tuple(value for each in conditions for value in each.parameters))
