"""What kind of text a query is: topic, headline, question or excerpt. Each kind is ranked in its own way.

A topic, a few words, has many answers: articles that are alike speak for each other, and the first answers
say what else answers, by their vectors and by their words. A headline has more words and fewer answers, so
the first ones say nothing about others. A question has few answers, each in one passage. Its vector lies
among those of questions, so a part of what all passages share is taken off it: a passage near everything, a
hub, answers nothing. An excerpt, such as a lead, has one answer: the article that it sums up.
docs/ranking.md has the figures.
"""

import re
from dataclasses import dataclass

from search.text.analyzer import content_words, normalise

_LONGEST_TOPIC, _LONGEST_HEADLINE = 6, 12  # words, without stop words
# Accents, apostrophes and hyphens are often left out. A query does not begin with "or", so an ou at its
# beginning stands for où, but for "ou bien" and "ou alors". So does one in "par ou" and "d'ou", not "avec ou
# sans".
_QUESTION = re.compile(
    r"""
    \? \s* $
  | ^ \W* (?: (?:à|a|de|dans|en|par|pour|sur|avec|sous|chez|vers|depuis) \s
            | d['\s] | jusqu['\s] (?:[àa]\s)? )?
    (?: quel(?:le)?s? | qui | que | quoi | quand | où | comment | combien | pourquoi ) \b
  | ^ \W* (?: (?:par|vers) \s | d['\s] | jusqu['\s] )? ou \s (?!(?:bien|alors|encore|non)\b)
  | ^ \W* (?: lequel | laquelle | lesquel(?:le)?s ) \b
  | ^ \W* (?: (?:qu?['\s]?)? est[\s-]ce \b | qu['\s] )
  | -(?:t-)? (?: ils? | elles? | on | je | ce ) \b
  | \b t \s (?: ils? | elles? | on ) \b
  | ^ \W* (?: a | est | sont | va | vont | faut | peut | peuvent | doit | doivent )
    \s (?: ils? | elles? | on ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class QueryKind:
    """How the articles of a query are judged.

    ``best_passage`` is the share of its best passage in the similarity of an article; the mean of its
    passages has the rest. ``centre`` is how much of the centre of the archive is taken off the vector of the
    query, ``others_centre`` how much off those of articles that are compared with each other. ``coverage`` is
    how many deviations of the score by words it is worth to hold all words of the query. ``neighbours`` is
    their share in the score of an article without a word of the query, ``feedback`` the weight of what the
    first answers say by their vectors, and ``expansion`` that of their words.
    """

    best_passage: float
    neighbours: float
    centre: float = 0.0
    others_centre: float = 0.0
    coverage: float = 0.0
    feedback: float = 0.0
    expansion: float = 0.0


TOPIC = QueryKind(
    best_passage=0.5, neighbours=0.5, others_centre=1.0, coverage=5.0, feedback=0.2, expansion=0.1
)
HEADLINE = QueryKind(best_passage=0.5, neighbours=0.35, others_centre=1.0)
QUESTION = QueryKind(best_passage=1.0, neighbours=0.25, centre=0.2, feedback=0.15)
EXCERPT = QueryKind(best_passage=0.0, neighbours=0.25)


def kind_of(text: str) -> QueryKind:
    """The kind of a query, by its words without operators."""
    words = sum(1 for _ in content_words(text))
    if words > _LONGEST_HEADLINE:
        return EXCERPT
    if _QUESTION.search(normalise(text).text):
        return QUESTION
    return TOPIC if words <= _LONGEST_TOPIC else HEADLINE
