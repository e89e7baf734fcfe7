"""Inflections share a stem; words of another sense do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.analyzer import accented, fold, stems_matching, tokenise
from search.text.irregular_words import INVARIABLE, IRREGULAR
from search.text.proper_names import PROPER_NAMES
from search.text.stemmer import stem
from search.text.stopwords import STOP_WORDS
from search.text.verb_forms import PARTICIPLE_OF

INFLECTIONS = [
    "loi lois",
    "élu élus élue élues",
    "essai essais",
    "quai quais",
    "convoi convois",
    "feu feux",
    "clou clous",
    "genou genoux",
    "château châteaux",
    "travail travaux",
    "vitrail vitraux",
    "noyau noyaux",
    "général généraux générale générales",
    "œil yeux",
    "ciel cieux",
    "vieux vieille vieilles",
    "nouveau nouvel nouvelle nouveaux",
    "blanc blanche blancs",
    "public publique",
    "grec grecque",
    "sec sèche",
    "complet complète",
    "premier première",
    "étranger étrangère",
    "européen européenne",
    "champion championne",
    "officiel officielle",
    "actif active actifs",
    "acteur actrice acteurs actrices",
    "ambassadeur ambassadrice",
    "chanteur chanteuse",
    "heureux heureuse heureuses",
    "auteur auteure autrice",
    "français française françaises",
    "suivant suivante",
    "insoumis insoumise",
    "condamné condamnée condamner condamnait",
    "tué tués tuée tuer tuera",
    "voté voter votait votent voteront",
    "affirme affirment affirmer",
    "dérape dérapent déraper",
    "président présidents présidente",
    "récent récente récents",
    "vendu vendue",
    "communiste communistes communisme",
    "nord-coréen nord-coréens nord-coréenne",
    "réagir réagit réagissent réagi",
    "finir finit finissaient fini finie",
    "vendre vend vendent vendait vendu vendue",
    "battre bat battent battu",
    "détenir détient détiennent détenu détenue",
    "promettre promet promettent promis promise",
    "prendre prend prennent pris",
    "mourir meurt meurent mort morte",
    "élire élisent élu élue",
    "interdire interdit interdite interdites interdisent",
    "ouvrir ouvre ouvert ouverte",
    "jeter jette jettent jeté",
    "communiquer communiqué communiquée",
    "retraité retraitée retraités",
    "naïf naïve",
    "copain copine",
    "empereur impératrice",
    "compris comprise comprendre",
    "repris reprise reprend",
    "inclus incluse",
    "gris grise grises",
    "précis précise précises",
    "turbulent turbulente",
]
STRANGERS = [
    "base bas",
    "mise mis",
    "prise prix",
    "ville vil",
    "fille fil fils",
    "foi foie fois",
    "salle sale",
    "maire mer mère",
    "loi loin",
    "gaza gaz",
    "mali mal",
    "corée cor corps",
    "iran ire",
    "armée arme",
    "année âne",
    "musée muse",
    "marée mare",
    "porte port",
    "plante plan plant",
    "vente vent",
    "cours cour",
    "pays paye",
    "colonne colon",
    "commune communiste communiqué",
    "département départ",
    "quartier quart",
    "frontière front",
    "pétition petit",
    "environnement environ",
    "banque banc",
    "taux tal",
    "droit droite",
    "capital capitale",
    "amende amendement",
    "assure assurance",
    "commun communiquer",
    "train traîne",
    "point pointe",
    "équipe équipement",
    "ordonne ordonnance",
    "châssis chasse",
    "banque banquise",
    "entreprise entrepris",
    "permis permet",
    "contenu contient",
    "revenu revient",
]


@pytest.mark.parametrize("words", INFLECTIONS)
def test_inflections_share_a_stem(words: str) -> None:
    assert len({stem(fold(word)) for word in words.split()}) == 1


@pytest.mark.parametrize("words", STRANGERS)
def test_words_of_another_sense_have_another_stem(words: str) -> None:
    assert len({stem(fold(word)) for word in words.split()}) == len(words.split())


@given(st.text("abcdefghijklmnopqrstuvwxyz-'", min_size=1, max_size=20))
def test_a_stem_is_never_empty_and_is_no_longer_than_an_irregular_word(word: str) -> None:
    assert stem(word)
    assert len(stem(word)) <= max(len(word) + 1, max(map(len, IRREGULAR.values())))


@given(st.sampled_from(sorted(INVARIABLE | set(IRREGULAR.values()))))
def test_a_word_of_the_lists_is_no_plural_of_itself(word: str) -> None:
    assert stem(word) == stem(IRREGULAR.get(word, word))


@given(st.sampled_from(sorted(PARTICIPLE_OF.items())))
def test_a_form_of_a_verb_has_the_stem_of_the_participle(form: tuple[str, str]) -> None:
    assert len({stem(word) for word in form}) == 1
    assert not STOP_WORDS.intersection(form)


def test_lists_are_folded_and_hold_no_stop_word() -> None:
    assert all(
        fold(word) == word
        for word in {*IRREGULAR, *IRREGULAR.values(), *INVARIABLE, *PROPER_NAMES, *PARTICIPLE_OF}
    )
    assert not PROPER_NAMES & STOP_WORDS


@pytest.mark.parametrize(
    ("typed", "written", "matches"),
    [
        ("Cannes", "Cannes", True),
        ("cannes", "Cannes", True),
        ("CANNES", "Cannes", True),
        ("Cannes", "canne", False),
        ("canne", "Cannes", False),
        ("canne", "cannes", True),
        ("cannes", "canne", True),
        ("Tours", "tour", False),
        ("pari", "Paris", False),
        ("George", "Géorgie", False),
        ("Martin", "Martinez", False),
        ("Amazonie", "Amazon", False),
        ("déni", "Denis", False),
        ("vient", "Vénus", False),
        ("vénus", "Vénus", True),
        ("russe", "Russes", True),
    ],
)
def test_a_proper_name_with_its_capital_is_not_the_common_word(
    typed: str, written: str, matches: bool
) -> None:
    [token] = tokenise(written)
    assert (token.stem in stems_matching(fold(typed), typed)) == matches


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("péché", "péch"),
        ("Péchés", "péch"),
        ("pêche", "pêch"),
        ("jeûne", "jeûn"),
        ("peche", ""),
        ("Élysée", ""),
        ("tué", ""),
        ("évènement", "evénement"),
        ("événement", "evénement"),
        ("cœur", ""),
        ("île", ""),
    ],
)
def test_accents_are_kept_where_they_tell_words_apart(word: str, root: str) -> None:
    assert accented(word, fold(word)) == root
