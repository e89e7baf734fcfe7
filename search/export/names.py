"""Names of authors for bibliographies: given name, particle and family name, or the name of an agency.

An archive has names as they are spoken. What cannot be told apart stays whole: a literal name is never
inverted or shortened by a style.
"""

import re
from dataclasses import dataclass

from search.text.sanitize import flat
from search.types import VALUE_SEPARATOR

_COLLECTIVE = re.compile(
    r"\b(agences?|agency|avec|rédaction|redaction|newsroom|service|press[e]?|news|collectif|correspondante?s?|"
    r"bureau|desk|staff|envoyée?s?|media|médias|comité|association|ministère)\b",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(r"[\d/@&:()]")
# The particles of French, Dutch, German and Spanish names that a list leaves before the name.
_PARTICLES = frozenset("de du des d’ d' von van der den di da".split())
_ELISION = re.compile(r"^(d['’])(?=\w)")
_MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in parts; an agency, or what may be one, has a ``literal`` alone."""

    literal: str
    family: str = ""
    given: str = ""
    particle: str = ""

    @property
    def inverted(self) -> str:
        """``La Fontaine, Jean de``; a literal name ends with a comma, so that no reader splits it."""
        if not self.family:
            return f"{self.literal.replace(',', ' ')},"
        return f"{self.family}, {self.given} {self.particle}".rstrip()


def author_names(author: str) -> list[Name]:
    """The names of an article's authors, in their order."""
    return [name_of(flat(each).strip()) for each in author.split(VALUE_SEPARATOR) if each.strip()]


def name_of(spoken: str) -> Name:
    """The parts of a name as it is spoken; a name of one word, or of no person, is literal."""
    words = spoken.split(" ")
    is_person = 2 <= len(words) <= _MOST_WORDS and "," not in spoken
    if not is_person or _COLLECTIVE.search(spoken) or _NO_PERSON.search(spoken):
        return Name(spoken)
    start = _family_start(words)
    if not 0 < start < len(words):
        return Name(spoken)
    given, family = " ".join(words[:start]), words[start:]
    particles = [word for word in family if word.lower() in _PARTICLES and word.islower()]
    if particles and family[: len(particles)] == particles:
        return Name(spoken, " ".join(family[len(particles) :]), given, " ".join(particles))
    if elided := _ELISION.match(family[0]):
        return Name(spoken, " ".join(family)[elided.end() :], given, elided[1])
    return Name(spoken, " ".join(family), given)


def _family_start(words: list[str]) -> int:
    """Where the family name begins: at a particle, at words in capitals at the end, else at the last word."""
    for place, word in enumerate(words[1:-1], 1):
        if word.lower() in _PARTICLES or word in ("La", "Le", "Van", "Von", "De", "Du", "Des"):
            return place
    capitals = len(words)
    while capitals > 1 and len(words[capitals - 1]) > 1 and words[capitals - 1].isupper():
        capitals -= 1
    if capitals == 1 and words[0].isupper() and len(words[0]) > 1:
        return len(words) - 1
    return min(capitals, len(words) - 1)
