"""What the interface says, in French and in English."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from search.model import Facet, Mode, Sort
from search.tui.french import FRENCH_SENTENCES


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
    passage_more: str
    passages_more: str
    undated: str
    meaning_pending: str
    model_loading: str
    nothing_found: str
    did_you_mean: str
    likeness: str
    chosen: str
    filters: str
    unknown: str
    scale: str
    facets: Mapping[Facet, str]
    recent: str
    saved: str
    drop: str
    wider_dates: str
    soften: str
    by_meaning: str
    model_ready: str
    model_missing: str
    help_keys: str
    help_syntax: str
    thousands: str
    days_ago: str
    last_days: tuple[str, ...]
    months: tuple[str, ...]
    modes: Mapping[Mode, str]
    sorts: Mapping[Sort, str]
    syntax: tuple[tuple[str, str], ...]
    keys: Mapping[str, str] = field(default_factory=dict)

    def number(self, value: int) -> str:
        """A whole number with its thousands set apart."""
        return f"{value:,}".replace(",", self.thousands)

    def found(self, total: int) -> str:
        """How many articles answer."""
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
    passage_more="+{} passage",
    passages_more="+{} passages",
    undated="undated",
    meaning_pending="keywords… (meaning on its way)",
    model_loading="keywords… (the model is loading)",
    nothing_found="No article answers.",
    did_you_mean="Did you mean: {}  (F5)",
    likeness="articles like “{}”",
    chosen="{} chosen",
    filters="{} filters",
    unknown="(unknown)",
    scale="a column: {} months",
    facets={Facet.SOURCE: "Sources", Facet.SECTION: "Sections", Facet.MONTH: "Dates"},
    recent="Recent and saved searches",
    saved="saved",
    drop="without {}",
    wider_dates="whatever the date",
    soften="the words alone, none demanded",
    by_meaning="by meaning alone",
    model_ready="meaning is ready",
    model_missing="meaning is missing",
    help_keys="Keys",
    help_syntax="Queries",
    thousands=",",
    days_ago="{} days ago",
    last_days=("today", "yesterday"),
    months=("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"),
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
    passage_more="+{} passage",
    passages_more="+{} passages",
    undated="sans date",
    meaning_pending="mots-clés… (sens en cours)",
    model_loading="mots-clés… (le modèle se charge)",
    nothing_found="Aucun article ne répond.",
    did_you_mean="Vouliez-vous dire : {}  (F5)",
    likeness="articles proches de « {} »",
    chosen="{} choisis",
    filters="{} filtres",
    unknown="(inconnu)",
    scale="une colonne : {} mois",
    facets={Facet.SOURCE: "Sources", Facet.SECTION: "Rubriques", Facet.MONTH: "Dates"},
    recent="Recherches récentes et enregistrées",
    saved="enregistrée",
    drop="sans {}",
    wider_dates="quelle que soit la date",
    soften="les mots seuls, sans rien exiger",
    by_meaning="par le sens seul",
    model_ready="le sens est prêt",
    model_missing="le sens manque",
    help_keys="Touches",
    help_syntax="Requêtes",
    thousands="\u202f",
    days_ago="il y a {} jours",
    last_days=("aujourd’hui", "hier"),
    months=(
        *("janv.", "févr.", "mars", "avril", "mai", "juin"),
        *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
    ),
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
        **FRENCH_SENTENCES,
        "read": "lire",
        "Read the selected article": "Lire l’article choisi",
        "search": "chercher",
        "Go to the search box": "Aller à la recherche",
        "mode": "mode",
        "Mode: hybrid, keywords, meaning": "Mode : hybride, mots-clés, sens",
        "sort": "tri",
        "choose": "choisir",
        "Choose or leave this result": "Choisir ce résultat, ou le laisser",
        "filters": "filtres",
        "Filters, with counts": "Filtres, avec les nombres",
        "remove filter": "ôter un filtre",
        "Remove this filter": "Ôter ce filtre",
        "Previous filter": "Filtre précédent",
        "Next filter": "Filtre suivant",
        "include": "garder",
        "Only articles of this value; again: of all": "Seulement cette valeur ; encore : toutes",
        "exclude": "exclure",
        "No articles of this value": "Aucun article de cette valeur",
        "Take back a letter that narrows the list": "Reprendre une lettre qui réduit la liste",
        "Remove the last filter": "Ôter le dernier filtre",
        "Next result": "Résultat suivant",
        "Previous result": "Résultat précédent",
        "First result": "Premier résultat",
        "Last result": "Dernier résultat",
        "correct": "corriger",
        "Ask what may have been meant": "Chercher ce que vous vouliez peut-être dire",
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
