"""Stems as words for a reader: each is shown in the form that texts write most often."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from search.text.analyzer import Token, tokenise
from search.text.cut_words import whole_words

_ENOUGH = 30
"""Occurrences of a stem after which its most frequent form is known well enough."""


class FormCounts:
    """Counts the forms in which stems are written."""

    def __init__(self) -> None:
        self._forms: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, token: Token, text: str) -> None:
        """Count one word of a text."""
        self._forms[token.stem][text[token.start : token.end]] += 1

    def seen(self, stem: str) -> int:
        """How often a stem was counted."""
        return self._forms[stem].total() if stem in self._forms else 0

    def full_word(self, stem: str) -> str:
        """The most frequent form of a stem, of equally frequent ones the first in the alphabet.

        A capital counts only where most are written with it. A stem that was not counted is its own form.
        """
        forms = self._forms.get(stem)
        if forms is None:
            return stem
        alike: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for form, count in forms.items():
            alike[form.lower()][form] += count
        spelled = min(alike.values(), key=lambda each: (-each.total(), min(each)))
        return whole_words(min(spelled, key=lambda form: (-spelled[form], not form.islower(), form)))


def full_words(stems: Collection[str], texts: Iterable[str]) -> Mapping[str, str]:
    """The full word of each stem; texts are read until each stem was seen often enough, or to their end."""
    counts, wanted = FormCounts(), set(stems)
    for text in texts:
        if not wanted:
            break
        for token in tokenise(text):
            if token.stem in wanted:
                counts.add(token, text)
        wanted = {stem for stem in wanted if counts.seen(stem) < _ENOUGH}
    return {stem: counts.full_word(stem) for stem in stems}


def is_word(stem: str) -> bool:
    """Whether a stem is listed as a word: it has two characters, and one of them is a letter."""
    return len(stem) > 1 and any(map(str.isalpha, stem))
