"""The texts of the interface: English in the code, French from a gettext catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from search import language
from search.language import Language, language_code
from search.text.periods import TimeUnit
from search.types import Facet, Mode, Sort


@dataclass(frozen=True, slots=True)
class Translated:
    """An attribute of ``Texts``: this English text in the language of the texts."""

    english: str

    def __get__(self, texts: "Texts", owner: type["Texts"]) -> str:
        """The text, translated."""
        return texts.translate(self.english)


@dataclass(frozen=True, slots=True)
class Texts(Language):
    """The texts of the interface in one language. The caller replaces the ``{}`` in a text.

    ``key_names`` gives the name of each action's key.
    """

    key_names: Mapping[str, str] = field(default_factory=dict)

    placeholder = Translated('Search: munitions Russie, "obus d\'artillerie" ET Moscou, date:2023-09…')
    hint = Translated("Type to search, or choose with ↓ and Enter; {} for help.")
    no_index = Translated("No index is open; {} says why, and builds one.")
    opening = Translated("Opening the index…")
    undated = Translated("undated")
    meaning_pending = Translated("keywords… (meaning follows)")
    model_loading = Translated("keywords… (the model is loading)")
    model_missing = Translated("no search by meaning")
    reranking = Translated("reranking the first results…")
    reranked = Translated("first results reranked")
    recency = Translated("recent articles favoured")
    nothing_found = Translated("No article found.")
    nothing_relevant = Translated("nothing relevant")
    less_likely = Translated("may be off topic")
    news = Translated("new")
    same_text = Translated("same text")
    other_version = Translated("another version")
    did_you_mean = Translated("Did you mean: {}  ({})")
    similar_to = Translated("articles like “{}”")
    unknown = Translated("(unknown)")
    without = Translated("without {}")
    any_date = Translated("any date")
    words_only = Translated("the words alone, none required")
    semantic_only = Translated("by meaning alone")
    days_ago = Translated("{} days ago")
    first_day = Translated("1")
    score_legend = Translated("W words · M meaning")

    def key_name(self, action: str) -> str:
        """The name of an action's key; a dash when the user's configuration leaves the action without one."""
        return self.key_names.get(action, "–")

    def with_keys(self, message: str, *actions: str) -> str:
        """A message, translated, with the names of these actions' keys put in."""
        return self.translate(message).format(*map(self.key_name, actions))

    def article_count(self, count: int) -> str:
        """A number of articles."""
        return self.plural("{} article", "{} articles", count)

    def source_count(self, count: int) -> str:
        """A number of sources."""
        return self.plural("{} source", "{} sources", count)

    def more_passages(self, count: int) -> str:
        """A number of further passages of an article."""
        return self.plural("+{} passage", "+{} passages", count)

    def copy_count(self, count: int) -> str:
        """A number of copies of an article."""
        return self.plural("{} copy", "{} copies", count)

    def word_count(self, count: int) -> str:
        """A number of words of an article."""
        return self.plural("{} word", "{} words", count)

    def chosen_count(self, count: int) -> str:
        """A number of results that the user has chosen."""
        return self.plural("{} chosen", "{} chosen", count)

    def filter_count(self, count: int) -> str:
        """A number of filters."""
        return self.plural("{} filter", "{} filters", count)

    def undated_count(self, count: int) -> str:
        """A number of articles without a date."""
        return self.plural("{} undated", "{} undated", count)

    def imprecise_count(self, unit: TimeUnit, count: int) -> str:
        """A number of articles whose date is less precise than a unit."""
        if unit is TimeUnit.MONTH:
            return self.plural("{} without a month", "{} without a month", count)
        return self.plural("{} without a day", "{} without a day", count)

    def shared_column(self, unit: TimeUnit, count: int) -> str:
        """How many periods of a unit share a column of a histogram."""
        match unit:
            case TimeUnit.YEAR:
                return self.plural("{} year per column", "{} years per column", count)
            case TimeUnit.MONTH:
                return self.plural("{} month per column", "{} months per column", count)
            case TimeUnit.DAY:
                return self.plural("{} day per column", "{} days per column", count)

    @property
    def score_signs(self) -> tuple[str, str]:
        """The signs of the score bars: of words and of meaning, as the legend explains them."""
        words, meaning = self.score_legend.split(" · ")
        return words[0], meaning[0]

    @property
    def last_days(self) -> tuple[str, str]:
        """The words for today and yesterday."""
        return self.translate("today"), self.translate("yesterday")

    @property
    def months(self) -> list[str]:
        """The short names of the months."""
        return self.translate("Jan Feb Mar Apr May June July Aug Sept Oct Nov Dec").split()

    @property
    def facets(self) -> Mapping[Facet, str]:
        """The headings of the facet lists."""
        translate = self.translate
        return {
            Facet.SOURCE: translate("Sources"),
            Facet.SECTION: translate("Sections"),
            Facet.AUTHOR: translate("Authors"),
            Facet.PLACE: translate("Places"),
            Facet.KEYWORD: translate("Keywords"),
            Facet.MONTH: translate("Dates"),
        }

    @property
    def modes(self) -> Mapping[Mode, str]:
        """The names of the modes."""
        translate = self.translate
        return {
            Mode.HYBRID: translate("hybrid"),
            Mode.KEYWORD: translate("keywords"),
            Mode.SEMANTIC: translate("meaning"),
        }

    @property
    def sorts(self) -> Mapping[Sort, str]:
        """The names of the sort orders."""
        translate = self.translate
        return {
            Sort.RELEVANCE: translate("relevance"),
            Sort.DATE: translate("newest first"),
            Sort.OLDEST: translate("oldest first"),
        }

    @property
    def query_examples(self) -> tuple[tuple[str, str], ...]:
        """Examples of queries, each with its meaning."""
        translate = self.translate
        return (
            ("munitions Russie", translate("words: articles with more of them come first, none is required")),
            (translate('"obus d\'artillerie"'), translate("this phrase exactly")),
            (
                "munitions ET (Russie OU Moscou) SAUF Ukraine",
                translate("operators, in capitals; also AND OR NOT"),
            ),
            ("+munitions -Ukraine", translate("with, without")),
            (
                "titre:Kim  source:AFP  rubrique:monde",
                translate("in the title, from a source, in a section"),
            ),
            (
                "auteur:Modèle  lieu:Armeil  mot-clé:port  page:3",
                translate("by an author, from a place, with a keyword, on a page"),
            ),
            ("dossier:Armes  lu:non", translate("in your dossier, not read yet")),
            (
                "obus PROCHE5 Russie  obus ADJ2 lourd",
                translate("at most so many words apart; in this order"),
            ),
            ("obus MEME_PHRASE Russie  MEME_PARAGRAPHE", translate("in one sentence, in one paragraph")),
            ("AU_MOINS_3 obus  PREMIERS_50 obus", translate("at least three times, in the first 50 words")),
            ("PARMI_2(obus, chars, canon)  mots:>500", translate("two of a list, more than 500 words")),
            ("munit*  r?ssie  munitiosn~", translate("beginning, any letter, misspelt")),
            ("date:2023-09  date:2023..2024  depuis:7j", translate("dates")),
        )


ENGLISH = Texts(language.ENGLISH.catalogue)
FRENCH = Texts(language.FRENCH.catalogue)


def texts_for(chosen: str, environment: Mapping[str, str]) -> Texts:
    """The texts in the language that ``language_code`` finds."""
    return FRENCH if language_code(chosen, environment) == "fr" else ENGLISH
