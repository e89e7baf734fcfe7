"""The sentences of the reasons, in both languages."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.ast import Field, FieldName, Near, Phrase, Prefix, Word
from search.retrieval.reasons import Doubt, Nearness, Reasons, Verdict
from search.tui.format.reasons import reason_sentences
from search.tui.i18n import ENGLISH, FRENCH
from search.types import Leg, MatchedWord


def _words(*texts: str, idf: float = 3.0, articles: int = 5) -> tuple[MatchedWord, ...]:
    return tuple(MatchedWord(text, articles, idf, True) for text in texts)


def _french(reasons: Reasons, similar_to: str = "") -> str:
    return reason_sentences(FRENCH, reasons, similar_to).replace("\u00a0", "_")


NEAR = Nearness.VERY_NEAR
CASES = [
    (
        Reasons(_words("munitions", "Russie"), nearness=NEAR, verdict=Verdict.VERY_LIKELY),
        "Parle de munitions et de Russie_; très proche par le sens. Répond très probablement.",
        "Speaks of munitions and of Russie; very near in meaning. Answers very probably.",
    ),
    (
        Reasons(_words("obus"), _words("Russie", "Moscou"), nearness=Nearness.NEAR, verdict=Verdict.LIKELY),
        "Parle d’obus, mais ne contient pas «_Russie_» ni «_Moscou_»_; proche par le sens. Répond "
        "probablement.",
        "Speaks of obus, but does not hold “Russie” nor “Moscou”; near in meaning. Answers probably.",
    ),
    (
        Reasons((), _words("Russie"), nearness=Nearness.RATHER_FAR, verdict=Verdict.POSSIBLE),
        "Ne contient pas «_Russie_»_; peu proche par le sens. Répond peut-être.",
        "Does not hold “Russie”; not very near in meaning. May answer.",
    ),
    (
        Reasons(
            exact=(Phrase("obus d'artillerie"), Near("Paris climat", 8), Field(FieldName.TITLE, Word("Kim")))
        ),
        "Contient «_obus d'artillerie_» mot pour mot_; contient «_Paris climat_» à 8 mots de "
        "distance au plus_; "
        "«_Kim_» est dans le titre.",
        "Holds “obus d'artillerie” word for word; holds “Paris climat” within 8 words; “Kim” is in "
        "the title.",
    ),
    (
        Reasons(
            period="date:2018", conditions=("source:AFP", "-rubrique:sport"), excluded=(Word("Ukraine"),)
        ),
        "Sans «_Ukraine_», comme demandé_; publié dans la période demandée, date:2018_; remplit "
        "les conditions "
        "source:AFP et -rubrique:sport.",
        "Without “Ukraine”, as asked; published in the period asked for, date:2018; meets the conditions "
        "source:AFP and -rubrique:sport.",
    ),
    (
        Reasons(raised=(Leg.LITERAL, Leg.RECENCY, Leg.RERANK), by_date=True, copies=3, is_copy=True),
        "Remonté parce qu’il contient un nom ou un nombre rare, tel quel_; remonté parce qu’il est récent_; "
        "remonté par le reclassement_; classé par date_; 3 autres articles disent la même chose_; "
        "reprise d’un autre article.",
        "Put higher because it holds a rare name or number as written; put higher because it is recent; "
        "moved up by the reranker; in its place by date; 3 other articles say the same; a copy of "
        "another article.",
    ),
    (
        Reasons(lowered=True, copies=1),
        "Descendu par le reclassement_; 1 autre article dit la même chose.",
        "Moved down by the reranker; 1 other article says the same.",
    ),
    (
        Reasons(neighbour_rank=3),
        "N°_3 des articles les plus proches par le sens de «_Un train_».",
        "Number 3 of the articles nearest in meaning to “Un train”.",
    ),
    (
        Reasons(nearness=Nearness.FAR, verdict=Verdict.DOUBTFUL, doubts=(Doubt.NAMES, Doubt.MEANING)),
        "Éloigné par le sens. Peut-être hors sujet_: il manque un nom ou un nombre et son sens n’est "
        "pas assez proche.",
        "Far in meaning. Perhaps off topic: a name or a number is missing and its meaning is not "
        "near enough.",
    ),
    (
        Reasons(
            missing=_words("zzyzx", articles=0),
            nearness=Nearness.UNKNOWN,
            verdict=Verdict.DOUBTFUL,
            doubts=(Doubt.YEAR, Doubt.WORDS),
        ),
        "Ne contient pas «_zzyzx_»_; sens pas encore calculé. Peut-être hors sujet_: aucun article "
        "ne contient "
        "«_zzyzx_» et l’année demandée vient après la fin des archives.",
        "Does not hold “zzyzx”; its meaning is not computed yet. Perhaps off topic: no article holds “zzyzx” "
        "and the year asked for comes after the end of the archive.",
    ),
    (
        Reasons(verdict=Verdict.DOUBTFUL),
        "Peut-être hors sujet_: ni ses mots ni son sens ne suffisent.",
        "Perhaps off topic: neither its words nor its meaning say enough.",
    ),
    (Reasons(), "", ""),
]


@pytest.mark.parametrize(("reasons", "french", "english"), CASES)
def test_reasons_are_sentences(reasons: Reasons, french: str, english: str) -> None:
    assert _french(reasons, "Un train") == french
    assert reason_sentences(ENGLISH, reasons, "Un train") == english


@pytest.mark.parametrize(
    ("word", "topic"),
    [
        ("grève", "Parle de grève."),
        ("Orléans", "Parle d’Orléans."),
        ("élection", "Parle d’élection."),
        ("hausse", "Parle de «_hausse_»."),  # "d’hausse" would be wrong, as "de hôpital" would
        ("hôpital", "Parle de «_hôpital_»."),
        ("2024", "Parle de 2024."),
        ("munit*", "Parle d’un mot comme «_munit*_»."),
        ("munitiosn~2", "Parle d’un mot comme «_munitiosn~_»."),
    ],
)
def test_french_elides_before_a_vowel(word: str, topic: str) -> None:
    assert _french(Reasons(_words(word))) == topic


def test_of_many_words_those_are_named_that_tell_most() -> None:
    words = (
        *_words("un", "deux", idf=0.1),
        *_words("Brest", "port", "grève", "marin"),
        *_words("le", idf=0.0),
    )

    assert _french(Reasons(words)) == "Parle de Brest, de port, de grève, de marin et de 3 autres mots."
    assert _french(Reasons((), words)) == (
        "Ne contient pas «_Brest_», «_port_», «_grève_», «_marin_» ni 3 autres mots."
    )


def test_an_excluded_pattern_is_shown_as_typed() -> None:
    assert _french(Reasons(excluded=(Prefix("munit"),))) == "Sans «_munit*_», comme demandé."


@given(st.text(min_size=1))
def test_no_word_can_break_the_line_or_the_terminal(text: str) -> None:
    for texts in (FRENCH, ENGLISH):
        sentences = reason_sentences(texts, Reasons(_words(text), _words(text), (Phrase(text),)), text)
        assert not any(unicodedata.category(character) == "Cc" for character in sentences)
