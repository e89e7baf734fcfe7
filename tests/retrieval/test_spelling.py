import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pytest

from search.local.reader import Generation, open_current
from search.protocols import Bools, Floats, FuzzyTerm, Ints, KeywordScores, TermMatches
from search.query.ast import Node, RankingWord
from search.query.parser import parse
from search.query.printer import leaf_text
from search.retrieval.spelling import corrected, suggestion
from search.types import Article
from tests.fakes import build_index
from tests.strategies import NO_KEYS

BODIES = [
    *["Moscou livre des munitions à la Russie." for _ in range(260)],
    "MOSCOU. Le président de l’État reçoit à l’Élysée ; l'Élysée se tait, l'elysée aussi.",
    "La gare Saint-Lazare et ses obus.",
    "Une munnitions mal écrite, une barque.",
    "Des cœurs nord-coréens et un sous\u00admarin.",
    "SAUF erreur, SAUF oubli, à Mozcou.",
    "barques, basques, U.R.S.S., 2023.",
    "Des fusées et de la physique à la caserne, à la taverne.",
    *["Thomas Dutronc chante samedi à Paris." for _ in range(150)],
    *["Les vignes de Tomas." for _ in range(3)],
]


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    index = tmp_path_factory.mktemp("suggest") / "index"
    build_index(index, [Article(f"a{key}", "", body) for key, body in enumerate(BODIES)])
    with closing(open_current(index)) as opened:
        yield opened


def suggested(press: Generation, text: str) -> str | None:
    return suggestion(parse(text, date(2023, 9, 15)), press.keyword, press.store)


@pytest.mark.parametrize(
    ("typed", "intended"),
    [
        ("munitiosn", "munitions"),
        ("Mosocu", "Moscou"),
        ("mosscou", "Moscou"),
        ("lelysee", "Élysée"),
        ("l'elyséé", None),
        ("d'elisee", "d'Élysée"),
        ("prezidant de l'etta", "président de l'État"),
        ("Lazzare", "Lazare"),
        ("saint-lazzare", "saint-Lazare"),
        ("Coeeurs", "cœurs"),
        ("sousmarni", "sousmarin"),
        ("URSSS", "U.R.S.S."),
    ],
)
def test_a_word_that_nobody_uses_is_spelt_as_the_articles_spell_it(
    press: Generation, typed: str, intended: str | None
) -> None:
    assert suggested(press, typed) == intended


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "munitions Russie",
        "munition",  # its stem is known
        "obsv",  # "obus" is two edits away, which is far for a short word
        "zz zzz zzzzzzzzz",
        "2032",
        "mosc* muntions~ -muntions source:muntions",
        "lles",  # "les" would change nothing
        "barque",  # nor would a word that is not held by far more articles
    ],
)
def test_nothing_to_say(press: Generation, typed: str) -> None:
    assert suggested(press, typed) is None


def test_a_rare_word_gives_way_to_one_that_is_far_more_frequent(press: Generation) -> None:
    assert press.keyword.articles_with("munnitions").tolist() == [262]
    assert suggested(press, "munnitions") == "munitions"


@pytest.mark.parametrize(
    ("typed", "intended"),
    [
        ("mozzcou", "Moscou"),  # two likely slips from a frequent word, one from a rare one
        ("zaint", "Saint"),  # the key above, not the key beside that makes "daint"
        ("phusées", "fusées"),
        ("fisique", "physique"),
        ("fhysique", "physique"),
        ("kaserne", "caserne"),
        ("carerne", None),  # "caserne" and "taverne" are as far: too far for one article each
    ],
)
def test_the_likeliest_slip_is_undone(press: Generation, typed: str, intended: str | None) -> None:
    assert suggested(press, typed) == intended


def test_the_other_words_decide_which_word_was_intended(press: Generation) -> None:
    assert suggested(press, "tomas") is None
    assert suggested(press, "tomas dutronc") == "Thomas dutronc"
    assert suggested(press, "tomas vignes") is None
    assert suggested(press, "vinges tomas") == "vignes tomas"


def test_a_known_word_is_not_doubted_in_a_long_query(press: Generation) -> None:
    assert suggested(press, "tomas Dutronc chante Paris") == "Thomas Dutronc chante Paris"
    assert suggested(press, "tomas Dutronc chante samedi Paris") is None


def test_everything_else_stays_as_typed(press: Generation) -> None:
    typed = '  Muntions  ET ("obsu d\'etat" OU titre:Mosscou^2) -muntionss  depuis:7j ? '
    intended = '  munitions  ET ("obus d\'etat" OU titre:Moscou^2) -muntionss  depuis:7j ? '
    assert suggested(press, typed) == intended


def test_only_whole_words_are_replaced(press: Generation) -> None:
    assert suggested(press, "obsu obsulescent") == "obus obsulescent"


def test_a_word_is_never_spelt_as_an_operator(press: Generation) -> None:
    assert suggested(press, "sauuf") == "sauf"


def test_a_few_words_are_looked_at_and_no_more(press: Generation) -> None:
    typed = "zzzzzza zzzzzzb zzzzzzc mosscou muntions"
    assert suggested(press, typed) == "zzzzzza zzzzzzb zzzzzzc Moscou muntions"


ARTICLES = 3000


@dataclass(frozen=True)
class Lexicon:
    """Implements ``protocols.KeywordIndex`` as far as spelling asks it.

    ``holding``: how many of the articles, the first ones, hold a term. ``inflected``: how many hold its stem,
    where that is more. ``costs``: the words that any term may stand for, in their order.
    """

    holding: dict[str, int]
    costs: dict[str, float]
    inflected: dict[str, int] = field(default_factory=dict)

    def lookup(self, words: Sequence[RankingWord]) -> list[TermMatches]:
        texts = [leaf_text(word.leaf) for word in words]
        return [self._matches(place, text) for place, text in enumerate(texts)]

    def _matches(self, place: int, text: str) -> TermMatches:
        articles = np.arange(ARTICLES) < self.inflected.get(text, self.holding.get(text, 0))
        return TermMatches(place, text, articles, NO_KEYS, 1.0, NO_KEYS)

    def fuzzy_terms(self, term: str, limit: int) -> list[FuzzyTerm]:
        return [FuzzyTerm(other, cost) for other, cost in self.costs.items()][:limit]

    def articles_with(self, term: str) -> Ints:
        return np.arange(self.holding.get(term, 0))

    def stem_counts(self, articles: Bools) -> Mapping[str, int]:
        raise NotImplementedError

    def score(self, words: Sequence[RankingWord]) -> KeywordScores:
        raise NotImplementedError

    def score_stems(self, weights: Mapping[str, float]) -> Floats:
        raise NotImplementedError

    def allowed(self, constraint: Node) -> Bools:
        raise NotImplementedError


NATS = [
    ("zzzzzz", Lexicon({"munitions": 3000}, {}), 12.0),  # what the typing errors of a word may cost
    ("zzzz", Lexicon({"munitions": 3000}, {}), 8.0),  # of a short word, two nats a letter
    ("zzz", Lexicon({"munitions": 3000}, {}), 6.0),
    ("z" * 26, Lexicon({"munitions": 3000}, {}), 12.0),
    ("zzzzzz", Lexicon({"munitions": 100}, {}), math.log(100) + 6),  # no article has it
    ("zzzzzz", Lexicon({"munitions": 100}, {}, {"zzzzzz": 5}), math.log(100 / 5) + 2),  # one has its stem
    ("zzzzzz", Lexicon({"munitions": 100, "zzzzzz": 2}, {}), math.log(100 / 2) - 2),
    # Another word, which 100 of 3000 articles hold, and with it all those of "munitions" and of "zzzzzz".
    (
        "zzzzzz moscou",
        Lexicon({"munitions": 50, "zzzzzz": 2, "moscou": 100}, {}),
        math.log(50 / 2) + math.log((50 + 20 / 30) / (50 + 20)) - math.log((2 + 20 / 30) / (2 + 20)) - 2,
    ),
]


@pytest.mark.parametrize(("typed", "lexicon", "nats"), NATS)
def test_a_word_gives_way_to_another_by_typing_errors_up_to_so_many_nats(
    press: Generation, typed: str, lexicon: Lexicon, nats: float
) -> None:
    for cost, gives_way in ((nats - 1e-6, True), (nats + 1e-6, False)):
        other = replace(lexicon, costs={"munitions": cost})
        better = suggestion(parse(typed, date(2023, 9, 15)), other, press.store)
        assert better == (typed.replace(typed.split()[0], "munitions") if gives_way else None)


@pytest.mark.parametrize(
    ("typed", "holding", "gives_way"),
    [
        ("zzzzzz", {"zzzzzz": 2}, True),
        ("zzzzzz", {"zzzzzz": 3}, False),  # three articles that hold a word prove it
        ("zzzzzz moscou", {"zzzzzz": 3, "moscou": 2}, True),  # but they hold it with the other word
        ("zzzzzz moscou", {"zzzzzz": 3, "moscou": 3}, False),
        ("z" * 26, {}, True),
        ("z" * 27, {}, False),
        ("zz", {}, False),
    ],
)
def test_which_words_may_be_misspelt(
    press: Generation, typed: str, holding: dict[str, int], gives_way: bool
) -> None:
    lexicon = Lexicon({"munitions": 3000, **holding}, {"munitions": 0.01})
    assert (suggestion(parse(typed, date(2023, 9, 15)), lexicon, press.store) is not None) is gives_way


def _corrected(typed: str, lexicon: Lexicon) -> list[tuple[int, str]]:
    words = parse(typed, date(2023, 9, 15)).words
    return [(term.word, term.text) for term in corrected(words, lexicon.lookup(words), lexicon)]


@pytest.mark.parametrize(
    ("typed", "holding", "cost", "expected"),
    [
        ("zzzzzz", 2, 6.5, "zorglub"),
        ("zzzzzz", 1, 6.5, "zzzzzz"),
        ("zzzzzz", 2, 6.51, "zzzzzz"),
        ("zzzzz", 2, 6.5, "zzzzz"),  # too short
        ("azzzzz", 2, 6.5, "azzzzz"),  # another first letter
        ("zzzzzz-yyyyyy", 2, 6.5, "zzzzzz-yyyyyy"),  # several terms
    ],
)
def test_a_term_that_no_article_holds_is_corrected_by_one_typing_error(
    typed: str, holding: int, cost: float, expected: str
) -> None:
    lexicon = Lexicon({"zorglub": holding, "obus": 5}, {"zorglub": cost})
    assert _corrected(f"obus {typed}", lexicon) == [(0, "obus"), (1, expected)]


def test_a_correction_to_a_stop_word_leaves_the_term_out_and_four_terms_are_corrected() -> None:
    assert _corrected("obus quandd", Lexicon({"quand": 9, "obus": 5}, {"quand": 1.0})) == [(0, "obus")]
    lexicon = Lexicon({"zorglub": 2}, {"zorglub": 1.0})
    typed = [f"zorglu{letter}" for letter in "vwxyz"]
    assert _corrected(" ".join(typed), lexicon) == [
        *((place, "zorglub") for place in range(4)),
        (4, "zorgluz"),
    ]
