"""A constraint as a condition on the table of words: see ``search.keyword.boolean_filter``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from search.postgres.lexicon import Terms
from search.postgres.schema import Field as Kind
from search.postgres.term_vectors import phrase
from search.query.ast import (
    And,
    DateRange,
    Field,
    FieldName,
    Fuzzy,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Wildcard,
    Word,
)
from search.text.analyzer import exact_terms, stem, tokenise
from search.text.stopwords import STOP_WORDS

_WRITTEN = {FieldName.TITLE: Kind.TITLE_EXACT, FieldName.SOURCE: Kind.SOURCE, FieldName.SECTION: Kind.SECTION}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of SQL and its parameters, in order."""

    sql: str
    parameters: tuple[object, ...] = ()


_NEVER = Condition("false")


class Constraints:
    """Translates constraints for one generation."""

    def __init__(self, terms: Terms, generation: str) -> None:
        self._terms = terms
        self._generation = generation

    def condition(self, node: Node) -> Condition:
        """What the articles that meet a constraint have."""
        match node:
            case And(nodes):
                return _joined(" AND ", list(map(self.condition, nodes)))
            case Or(nodes):
                return _joined(" OR ", list(map(self.condition, nodes)))
            case Not(inner):
                found = self.condition(inner)
                return Condition(f"NOT ({found.sql})", found.parameters)
            case DateRange():
                return _dated(node)
            case Field(FieldName.TITLE, Word(text)):
                return self._word(text, (Kind.TITLE_STEMS,), Kind.TITLE_EXACT)
            case Field(name, Word(text)):
                return self._phrase(_WRITTEN[name], exact_terms(text))
            case Field(FieldName.SOURCE | FieldName.SECTION as name, Phrase(text)):
                return Condition(f"{_WRITTEN[name].value} = %s", (phrase(exact_terms(text)),))
            case Field(name, leaf):
                return self._exact(leaf, _WRITTEN[name])
            case Word(text):
                return self._word(text, (Kind.TITLE, Kind.BODY), Kind.EXACT)
            case _:
                return self._exact(node, Kind.EXACT)

    def _exact(self, leaf: Leaf, field: Kind) -> Condition:
        match leaf:
            case Near(text, distance):
                return self._near(field, list(dict.fromkeys(exact_terms(text))), distance)
            case Prefix() | Wildcard() | Fuzzy():
                return self._holding(field, self._terms.expansion(leaf, field.value))
            case Word(text) | Phrase(text):
                return self._phrase(field, exact_terms(text))

    def _word(self, text: str, stem_fields: tuple[Kind, ...], exact_field: Kind) -> Condition:
        """A word by its stem; a stop word or one of several parts also as it is written."""
        tokens = list(tokenise(text))
        parts = [token.term for token in tokens if not token.compound]
        wholes = [token.term for token in tokens if token.compound or len(parts) == 1]
        stems = [stem(term) for term in wholes if term not in STOP_WORDS]
        found = [self._holding(field, stems) for field in stem_fields if stems]
        if len(parts) > 1 or not stems:
            found.append(self._phrase(exact_field, parts))
        return _joined(" OR ", found)

    def _phrase(self, field: Kind, terms: list[str]) -> Condition:
        """The terms side by side in this order."""
        if len(terms) < 2:
            return self._holding(field, terms)
        wanted = self._terms.numbers(field, set(terms))
        if len(wanted) < len(set(terms)):
            return _NEVER
        return Condition(f"(terms @> %s::int[] AND strpos({field.value}, %s) > 0)", (wanted, phrase(terms)))

    def _near(self, field: Kind, terms: list[str], distance: int) -> Condition:
        """Some window of ``distance`` words after a first that holds every term."""
        wanted = self._terms.numbers(field, terms)
        if not terms or len(wanted) < len(terms):
            return _NEVER
        within = f"{self._generation}.within({field.value}, %s::text[], %s)"
        return Condition(f"(terms @> %s::int[] AND {within})", (wanted, terms, distance))

    def _holding(self, field: Kind, terms: Sequence[str]) -> Condition:
        """One of the terms."""
        wanted = self._terms.numbers(field, terms)
        return Condition("terms && %s::int[]", (wanted,)) if wanted else _NEVER


def _dated(days: DateRange) -> Condition:
    """A date that may lie in the range; none is in no range."""
    first = 1 if days.first is None else days.first.toordinal()
    last = date.max.toordinal() if days.last is None else days.last.toordinal()
    return Condition("(first_day > 0 AND first_day <= %s AND last_day >= %s)", (last, first))


def _joined(operator: str, conditions: Sequence[Condition]) -> Condition:
    sql = operator.join(each.sql for each in conditions)
    return Condition(f"({sql})", tuple(value for each in conditions for value in each.parameters))
