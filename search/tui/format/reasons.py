"""Why a hit answers, as sentences for a reader."""

import re
from collections.abc import Iterator, Sequence

from search.errors import Translatable
from search.language import Language
from search.query.ast import Field, Leaf, Near, Phrase
from search.query.printer import leaf_text
from search.retrieval.reasons import Doubt, Exact, Nearness, Reasons, Verdict
from search.text.sanitize import flat
from search.types import Leg, MatchedWord

_NAMED = 4  # words that are named one by one, those that tell most
_PATTERN = re.compile(r"[*?]|~\d?$")
_DISTANCE = re.compile(r"~\d$")
_ELIDED = re.compile(r"^de (?=[aàâæeéèêëiîïoôœuùûü])", re.IGNORECASE)
_NEARNESS = {
    Nearness.VERY_NEAR: Translatable("very near in meaning"),
    Nearness.NEAR: Translatable("near in meaning"),
    Nearness.RATHER_FAR: Translatable("not very near in meaning"),
    Nearness.FAR: Translatable("far in meaning"),
    Nearness.UNKNOWN: Translatable("its meaning is not computed yet"),
}
_RAISED = {
    Leg.LITERAL: Translatable("put higher because it holds a rare name or number as written"),
    Leg.RECENCY: Translatable("put higher because it is recent"),
    Leg.RERANK: Translatable("moved up by the reranker"),
}
_VERDICTS = {
    Verdict.VERY_LIKELY: Translatable("Answers very probably."),
    Verdict.LIKELY: Translatable("Answers probably."),
    Verdict.POSSIBLE: Translatable("May answer."),
}
_DOUBTS = {
    Doubt.YEAR: Translatable("the year asked for comes after the end of the archive"),
    Doubt.NAMES: Translatable("a name or a number is missing"),
    Doubt.WORDS: Translatable("the words that tell most are missing"),
    Doubt.MEANING: Translatable("its meaning is not near enough"),
}


def reason_sentences(language: Language, reasons: Reasons, similar_to: str = "") -> str:
    """Why a hit answers: what it holds, how near it is, what moved it; then how probably it answers.

    ``similar_to`` is the title of the article whose similar ones were asked for.
    """
    clauses = list(_clauses(language, reasons, similar_to))
    what = f"{_capitalised(language.translate('; ').join(clauses))}." if clauses else ""
    return " ".join(filter(None, (what, _verdict(language, reasons))))


def _clauses(language: Language, reasons: Reasons, similar_to: str) -> Iterator[str]:
    yield from _contents(language, reasons)
    yield from _meaning(language, reasons, similar_to)
    yield from _conditions(language, reasons)
    yield from _place(language, reasons)


def _contents(language: Language, reasons: Reasons) -> Iterator[str]:
    """What the article holds of the query, and what it does not."""
    if reasons.matched or reasons.missing:
        yield _words(language, reasons)
    yield from (_exact(language, constraint) for constraint in reasons.exact)
    if reasons.excluded:
        excluded = [_quoted(language, _plain(leaf)) for leaf in reasons.excluded]
        yield language.translate("without {}, as asked").format(
            _listed(excluded, language.translate(" nor "))
        )


def _meaning(language: Language, reasons: Reasons, similar_to: str) -> Iterator[str]:
    if reasons.neighbour_rank:
        yield language.translate("number {} of the articles nearest in meaning to “{}”").format(
            language.number(reasons.neighbour_rank), flat(similar_to)
        )
    if reasons.nearness is not None:
        yield language.translate(_NEARNESS[reasons.nearness])


def _conditions(language: Language, reasons: Reasons) -> Iterator[str]:
    translate = language.translate
    if reasons.period:
        yield translate("published in the period asked for, {}").format(flat(reasons.period))
    if conditions := [flat(condition) for condition in reasons.conditions]:
        several = len(conditions) > 1
        meets = translate("meets the conditions {}" if several else "meets the condition {}")
        yield meets.format(_listed(conditions, translate(" and ")))


def _place(language: Language, reasons: Reasons) -> Iterator[str]:
    """What moved the article beside its score, and which others say the same."""
    translate = language.translate
    yield from (translate(_RAISED[leg]) for leg in reasons.raised)
    if reasons.lowered:
        yield translate("moved down by the reranker")
    if reasons.by_date:
        yield translate("in its place by date")
    if reasons.copies:
        yield language.plural(
            "{} other article says the same", "{} other articles say the same", reasons.copies
        )
    if reasons.is_copy:
        yield translate("a copy of another article")


def _words(language: Language, reasons: Reasons) -> str:
    translate = language.translate
    topics = [_topic(language, word.text) for word in _rarest(reasons.matched)]
    matched = _listed([*topics, *_others(language, reasons.matched, translate("of {}"))], translate(" and "))
    quoted = [_quoted(language, word.text) for word in _rarest(reasons.missing)]
    missing = _listed([*quoted, *_others(language, reasons.missing, "{}")], translate(" nor "))
    if not matched:
        return translate("does not hold {}").format(missing)
    topic = translate("speaks {}").format(matched)
    return f"{topic}{translate(', but does not hold {}').format(missing)}" if missing else topic


def _rarest(words: Sequence[MatchedWord]) -> list[MatchedWord]:
    """The words with the highest idf, in the order typed."""
    rarest = sorted(words, key=lambda word: -word.idf)[:_NAMED]
    return [word for word in words if word in rarest]


def _others(language: Language, words: Sequence[MatchedWord], template: str) -> list[str]:
    """How many words are not named, where there are any."""
    others = len(words) - len(_rarest(words))
    return [template.format(language.plural("{} other word", "{} other words", others))] if others > 0 else []


def _topic(language: Language, text: str) -> str:
    """A word after "speaks": "of" it; French elides "de" before a vowel."""
    if _PATTERN.search(text):
        return language.translate("of a word like {}").format(_quoted(language, _DISTANCE.sub("~", text)))
    # Before an h, French elides in "d’hôpital" and not in "de hausse"; before a quotation mark it never must.
    word = _quoted(language, text) if text[:1].lower() == "h" else flat(text)
    return _ELIDED.sub("d’", language.translate("of {}").format(word))


def _exact(language: Language, constraint: Exact) -> str:
    translate = language.translate
    match constraint:
        case Field(_, leaf):
            return translate("{} is in the title").format(_quoted(language, _plain(leaf)))
        case Near(text, distance):
            within = translate("holds {} within {} words")
            return within.format(_quoted(language, text), language.number(distance))
        case Phrase(text):
            return translate("holds {} word for word").format(_quoted(language, text))


def _plain(leaf: Leaf) -> str:
    """A leaf without its quotation marks; what it allows beside its text is left out."""
    return leaf.text if isinstance(leaf, Phrase | Near) else leaf_text(leaf)


def _quoted(language: Language, text: str) -> str:
    return language.translate("“{}”").format(flat(text))


def _verdict(language: Language, reasons: Reasons) -> str:
    translate = language.translate
    match reasons.verdict:
        case None:
            return ""
        case Verdict.DOUBTFUL:
            return translate("Perhaps off topic: {}.").format(
                _listed(_doubts(language, reasons), translate(" and "))
            )
        case verdict:
            return translate(_VERDICTS[verdict])


def _doubts(language: Language, reasons: Reasons) -> list[str]:
    translate = language.translate
    named = [_quoted(language, word.text) for word in reasons.unknown[:_NAMED]]
    unknown = [translate("no article holds {}").format(_listed(named, translate(" nor ")))] if named else []
    named_already = {Doubt.WORDS} if unknown else set()  # the words that no article holds tell most
    others = [translate(_DOUBTS[doubt]) for doubt in reasons.doubts if doubt not in named_already]
    return [*unknown, *others] or [translate("neither its words nor its meaning say enough")]


def _listed(items: Sequence[str], last: str) -> str:
    """Items separated by commas, before the last one by ``last``."""
    *others, final = items or [""]
    return f"{', '.join(others)}{last}{final}" if others else final


def _capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
