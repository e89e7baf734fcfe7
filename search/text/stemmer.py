"""Stems of folded French words: inflection by rules, then derivation by Snowball.

Snowball alone misses plurals of short words (loi, lois) and joins short words that are not related (gaza,
gaz). So the inflections are undone first, by rules and lists of exceptions: number (lois, travaux,
châteaux), the forms of verbs (tuer, tué; vend, vendu), and gender (franche, actrice). Snowball then removes
the suffix of derivation where enough of the word is left to tell it from others.

Snowball: Porter, "Snowball: a language for stemming algorithms", 2001; its French stemmer. The rules of
number and gender follow the idea of Savoy, "Light stemming approaches for the French, Portuguese, German and
Hungarian languages", SAC 2006. docs/ranking.md compares them.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

import Stemmer

from search.text.irregular_words import (
    AIL_PLURALS,
    AU_PLURALS,
    ENDING_IN_E,
    ENDING_IN_EE,
    ENDING_IN_I,
    INVARIABLE,
    IRREGULAR,
    NO_VERBS_IN_ENT,
    UNRELATED,
    VERBS_IN_ISTER,
)
from search.text.verb_forms import PARTICIPLE_OF

_LETTERS = re.compile(r"[^\W\d_]+")
# dépendent, affirment, consomment; not gouvernement, récemment.
_PLURAL_VERB = re.compile(r".{2}([^m]|rm|[^ae]mm)ent$")
_LEAST = 5  # letters of a stem that Snowball may give; shorter ones are shared by unrelated words
_CONJUGATED = ("ait", "aient", "era", "erait", "eraient", "eront", "erai", "erez", "eriez")
_Ending = tuple[str, int, int, str]
# Feminine endings, with the least length of the word, the letters to remove, and what takes their place.
_FEMININE = (
    ("trice", 5, 4, "eur"),
    ("drice", 5, 4, "eur"),
    ("euse", 6, 2, ""),
    ("ive", 6, 2, "f"),
    ("ienne", 5, 2, ""),
    ("eenne", 5, 2, ""),
    ("onne", 7, 2, ""),
    ("elle", 6, 2, ""),
    ("eille", 5, 2, ""),
    ("iere", 5, 2, ""),
    ("gere", 5, 2, ""),
    ("chere", 5, 2, ""),
    ("eure", 6, 1, ""),
    ("aise", 7, 1, ""),
    ("oise", 7, 1, ""),
    ("ante", 6, 1, ""),
    ("ente", 6, 1, ""),
    ("mise", 6, 2, ""),
    ("quise", 6, 2, ""),
    ("prise", 7, 2, ""),
)
_SIGNS = 3  # by which the endings are looked up


def _by_last_signs(endings: Iterable[_Ending]) -> dict[str, list[_Ending]]:
    """The endings that have the same last signs, in their order."""
    grouped: dict[str, list[_Ending]] = {}
    for ending in endings:
        grouped.setdefault(ending[0][-_SIGNS:], []).append(ending)
    return grouped


_FEMININE_BY_LAST_SIGNS = _by_last_signs(_FEMININE)


@lru_cache(maxsize=1 << 12)
def stem(word: str) -> str:
    """The stem of a folded word: the same for its inflections, and for most words derived from it.

    It has at least one letter, and is not always a word. Of a compound it is that of each part.
    """
    return _stem(word) if word.isalpha() else _LETTERS.sub(lambda part: _stem(part[0]), word)


def _stem(word: str) -> str:
    word = PARTICIPLE_OF.get(word, word)
    singular = IRREGULAR.get(word) or _singular(word)
    base = IRREGULAR.get(singular, singular)
    if base in UNRELATED:
        return base
    masculine = _masculine(_participle(base))
    if masculine in UNRELATED:
        return masculine
    result = _underived(masculine)
    # chanteur and chanteuse, heureux and heureuse
    return result[:-1] if len(result) >= 5 and result.endswith(("eur", "eux")) else result


def _singular(word: str) -> str:
    if len(word) < 4 or word in INVARIABLE:
        return word
    if word.endswith("x"):
        return _singular_of_x(word)
    if word.endswith(("ais", "ois")):
        return word[:-1] if word[:-1] in ENDING_IN_I else word
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _singular_of_x(word: str) -> str:
    if word.endswith("aux") and not word.endswith("eaux"):
        return word[:-3] + ("ail" if word in AIL_PLURALS else "au" if word in AU_PLURALS else "al")
    return word[:-1] if word.endswith(("eux", "oux", "eaux")) else word


def _participle(word: str) -> str:
    """Of an infinitive in -er, and of a third person plural, the participle in -é, folded.

    The infinitive is taken for one in nouns too, which does no harm: ouvrier, ouvrière.
    """
    if len(word) >= 4 and word.endswith("er"):
        return word[:-1]
    if word.endswith("ent") and _PLURAL_VERB.search(word) and word not in NO_VERBS_IN_ENT:
        return word[:-2]
    return word


def _masculine(word: str) -> str:
    if not word.endswith("e") or word in ENDING_IN_EE:  # as every feminine ending does
        return word
    if len(word) >= 4 and word.endswith("ee"):
        word = IRREGULAR.get(word[:-1], word[:-1])
    if word in ENDING_IN_E:
        return word
    for ending, least, removed, added in _FEMININE_BY_LAST_SIGNS.get(word[-_SIGNS:], ()):
        if len(word) >= least and word.endswith(ending):
            return word[:-removed] + added
    if len(word) >= 5 and word.endswith("ue") and word[-3] not in "eoqg":  # perdue, but not banlieue, roue
        return word[:-1]
    return word


def _underived(word: str) -> str:
    """The word without a suffix of derivation or conjugation."""
    if len(word) > 6 and word.endswith(("iste", "isme")) and word not in VERBS_IN_ISTER:
        return word[:-2]  # communiste and communisme, but not commune
    shorter: str = _snowball().stemWord(word)
    if len(shorter) >= _LEAST:
        return shorter
    return f"{shorter}e" if word.endswith(_CONJUGATED) and len(word) - len(shorter) >= 2 else word


@cache
def _snowball() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("french")
