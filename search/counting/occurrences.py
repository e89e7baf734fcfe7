"""Where the words of a query occur in a text: each word, each phrase as a whole."""

from collections.abc import Iterator, Sequence

from search.query.ast import Near, Phrase, RankingWord
from search.query.matcher import marks
from search.text.analyzer import Token, exact_terms, tokenise
from search.text.sentences import Span


def occurrences(words: Sequence[RankingWord], text: str) -> tuple[Span, ...]:
    """The places of the words, phrases and patterns in a text, in order and without overlap.

    Words are compared as in the ranking. A phrase is one occurrence, and its words alone are none; words that
    must be near each other are one occurrence, from the first to the last. Of two that overlap, the earlier
    one counts, and the longer one where both begin at one place.
    """
    marked = marks(words, text)
    joined = [word.leaf for word in words if isinstance(word.leaf, Phrase | Near)]
    if not joined:
        return tuple((mark.start, mark.end) for mark in marked)
    spans = [
        (mark.start, mark.end) for mark in marked if not isinstance(words[mark.word[0]].leaf, Phrase | Near)
    ]
    if marked:
        tokens = [token for token in tokenise(text) if not token.compound]
        for leaf in joined:
            spans += _phrases(leaf, tokens) if isinstance(leaf, Phrase) else _close(leaf, tokens)
    return tuple(_apart(spans))


def _phrases(phrase: Phrase, tokens: Sequence[Token]) -> Iterator[Span]:
    terms = exact_terms(phrase.text)
    if not terms:
        return
    for place, token in enumerate(tokens):
        if token.term == terms[0] and [each.term for each in tokens[place : place + len(terms)]] == terms:
            yield token.start, tokens[place + len(terms) - 1].end


def _close(near: Near, tokens: Sequence[Token]) -> Iterator[Span]:
    """From the first to the last of the words, wherever all are within the distance of the last one."""
    wanted = set(exact_terms(near.text))
    latest: dict[str, Token] = {}
    for token in tokens:
        if token.term in wanted:
            latest[token.term] = token
            first = min(latest.values(), key=lambda each: each.position)
            if len(latest) == len(wanted) and token.position - first.position <= near.distance:
                yield first.start, token.end
                latest.clear()


def _apart(spans: Sequence[Span]) -> Iterator[Span]:
    ordered = sorted(spans, key=lambda span: (span[0], -span[1]))
    end = 0
    for start, last in ordered:
        if start >= end:
            end = last
            yield start, last
