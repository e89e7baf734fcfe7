"""What the interface says, in French and in English."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from search.model import Mode, Sort


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language; ``{}`` and ``{name}`` stand for numbers.

    ``keys`` says the descriptions of the key bindings, which are English where they are declared.
    ``syntax`` is pairs of an example of the query language and what it means.
    """

    placeholder: str
    hint: str
    opening: str
    article: str
    articles: str
    first_articles: str
    passage_more: str
    passages_more: str
    undated: str
    meaning_pending: str
    nothing_found: str
    trouble_title: str
    trouble_advice: str
    trouble_commands: tuple[str, ...]
    help_keys: str
    help_syntax: str
    thousands: str
    modes: Mapping[Mode, str]
    sorts: Mapping[Sort, str]
    syntax: tuple[tuple[str, str], ...]
    keys: Mapping[str, str] = field(default_factory=dict)

    def number(self, value: int) -> str:
        """A whole number with its thousands set apart."""
        return f"{value:,}".replace(",", self.thousands)

    def found(self, shown: int, total: int) -> str:
        """How many articles answer, and how many of them are shown when that is fewer."""
        if shown < total:
            return self.first_articles.format(shown=self.number(shown), total=self.number(total))
        return (self.article if total == 1 else self.articles).format(self.number(total))

    def more(self, passages: int) -> str:
        """How many other passages of an article answer."""
        return (self.passage_more if passages == 1 else self.passages_more).format(self.number(passages))

    def key(self, description: str) -> str:
        """The description of a key binding in this language."""
        return self.keys.get(description, description)


ENGLISH = Texts(
    placeholder='Search: munitions Russie, "obus d\'artillerie" ET Moscou, date:2023-09…',
    hint="Type to search; F1 says how.",
    opening="Opening the index…",
    article="{} article",
    articles="{} articles",
    first_articles="first {shown} of {total} articles",
    passage_more="+{} passage",
    passages_more="+{} passages",
    undated="undated",
    meaning_pending="meaning on its way…",
    nothing_found="No article answers. Remove a word or a filter, or search by meaning (F2).",
    trouble_title="The index cannot be searched",
    trouble_advice="Make an index of a folder of articles, then come back:",
    trouble_commands=("depeche build FOLDER", "depeche"),
    help_keys="Keys",
    help_syntax="Queries",
    thousands=",",
    modes={Mode.HYBRID: "hybrid", Mode.KEYWORD: "keywords", Mode.SEMANTIC: "meaning"},
    sorts={Sort.RELEVANCE: "relevance", Sort.DATE: "date"},
    syntax=(
        ("munitions Russie", "words: more of them ranks higher, none is demanded"),
        ('"obus d\'artillerie"', "this phrase exactly"),
        ("munitions ET (Russie OU Moscou) SAUF Ukraine", "operators, in capitals; also AND OR NOT"),
        ("+munitions -Ukraine", "with, without"),
        ("titre:Kim  source:AFP  rubrique:monde", "in the title, from a source, in a section"),
        ("munit*  r?ssie  munitiosn~", "beginning, any letter, misspelt"),
        ("date:2023-09  date:2023..2024  depuis:7j", "dates"),
    ),
)

FRENCH = Texts(
    placeholder="Chercher : munitions Russie, « obus d'artillerie » ET Moscou, date:2023-09…",
    hint="Tapez pour chercher ; F1 dit comment.",
    opening="Ouverture de l’index…",
    article="{} article",
    articles="{} articles",
    first_articles="{shown} premiers articles sur {total}",
    passage_more="+{} passage",
    passages_more="+{} passages",
    undated="sans date",
    meaning_pending="le sens arrive…",
    nothing_found="Aucun article ne répond. Enlevez un mot ou un filtre, ou cherchez par le sens (F2).",
    trouble_title="L’index ne peut pas être consulté",
    trouble_advice="Faites l’index d’un dossier d’articles, puis revenez :",
    trouble_commands=("depeche build DOSSIER", "depeche"),
    help_keys="Touches",
    help_syntax="Requêtes",
    thousands="\u202f",
    modes={Mode.HYBRID: "hybride", Mode.KEYWORD: "mots-clés", Mode.SEMANTIC: "sens"},
    sorts={Sort.RELEVANCE: "pertinence", Sort.DATE: "date"},
    syntax=(
        ("munitions Russie", "des mots : plus il y en a, mieux c’est, aucun n’est exigé"),
        ("« obus d'artillerie »", "cette expression exactement"),
        ("munitions ET (Russie OU Moscou) SAUF Ukraine", "opérateurs, en capitales"),
        ("+munitions -Ukraine", "avec, sans"),
        ("titre:Kim  source:AFP  rubrique:monde", "dans le titre, d’une source, d’une rubrique"),
        ("munit*  r?ssie  munitiosn~", "début de mot, lettre quelconque, faute de frappe"),
        ("date:2023-09  date:2023..2024  depuis:7j", "dates"),
    ),
    keys={
        "read": "lire",
        "Read the selected article": "Lire l’article choisi",
        "search": "chercher",
        "Go to the search box": "Aller à la recherche",
        "mode": "mode",
        "Mode: hybrid, keywords, meaning": "Mode : hybride, mots-clés, sens",
        "sort": "tri",
        "Sort by relevance or by date": "Trier par pertinence ou par date",
        "Next result, from the box": "Résultat suivant, depuis la recherche",
        "Previous result, from the box": "Résultat précédent, depuis la recherche",
        "A page of results down": "Une page de résultats plus bas",
        "A page of results up": "Une page de résultats plus haut",
        "Next pane": "Volet suivant",
        "Previous pane": "Volet précédent",
        "back": "retour",
        "Step back; in the search box, empty it": "Revenir ; dans la recherche, la vider",
        "Back to the results": "Retour aux résultats",
        "try again": "réessayer",
        "Open the index again": "Rouvrir l’index",
        "close": "fermer",
        "help": "aide",
        "This help": "Cette aide",
        "quit": "quitter",
        "Quit": "Quitter",
        "palette": "actions",
        "Open the command palette": "Ouvrir la liste des actions",
    },
)


def texts_for(environment: Mapping[str, str]) -> Texts:
    """The texts that a locale asks for: French for ``fr``, and where none is set; else English."""
    names = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, names), "C")
    return FRENCH if locale.partition(".")[0] in ("C", "POSIX") or locale.startswith("fr") else ENGLISH
