"""Translates a constraint into a condition of SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from search.keyword.constraint_walk import select
from search.keyword.names import EDGE
from search.postgres.lexicon import StoredLexicon
from search.postgres.schema import Field
from search.postgres.term_vectors import phrase_text
from search.query.ast import DateRange, Node, Pattern


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of SQL and its parameters, in order."""

    sql: str
    parameters: tuple[object, ...] = ()


_NEVER = Condition("false")


class Constraints:
    """Translates the constraints of one generation; implements ``Selection`` with conditions.

    The conditions are on the tables ``words`` and ``written``.
    """

    def __init__(self, lexicon: StoredLexicon, generation: str) -> None:
        self._lexicon = lexicon
        self._generation = generation

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
