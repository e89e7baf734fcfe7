import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.build_types import LostField
from search.corpus import read
from search.corpus.boilerplate import strip_boilerplate
from search.corpus.prose import clean_text
from search.types import Article

from .conftest import Write

GOES = (
    "Tous droits réservés",
    "Tous droits de reproduction et de représentation réservés.",
    "© 2024 Gazette Exemple. Tous droits réservés.",
    "Copyright 2017 La Gazette d'Armeil. Tous droits réservés",
    "Copyright 2017 La Gazette d’Armeil",
    "(c) 2024 Gazette Exemple",
    "© Jeanne Modèle / Gazette Exemple",
    "All Rights Reserved",
    "Toute reproduction, même partielle, interdite.",
    "Reproduction interdite sans autorisation écrite de l'éditeur.",
    "Il vous reste 57 % de cet article à lire…",
    "Il vous reste 57.09% de cet article à lire. La suite est réservée aux abonnés.",
    "La suite de cet article est réservée à nos abonnés.",
    "Abonnez-vous pour lire la suite",
    "Pour lire la suite, abonnez-vous.",
    "Article réservé aux abonnés",
    "(Article réservé aux abonnés)",
    "Cet article est réservé à nos abonnés.",
    "Déjà abonné ? Se connecter",
    "Publicité",
    "- PUBLICITÉ -",
    "Passer la publicité",
    "La suite après la publicité",
    "À lire aussi",
    "À lire aussi :",
    "A lire aussi : Les grues attendues en mai",
    "» A LIRE AUSSI",
    "Suite après la publicité",
    "Article abonné",
    "Cet article est réservé aux abonnés. Abonnez-vous pour lire la suite",
    "Pour continuer votre lecture, abonnez-vous",
    "3 min de lecture",
    "Lire la suite de l’article",
    "Écouter cet article",
    "À lire aussi Les grues attendues en mai",
    "Lire aussi Les grues attendues en mai",
    "Lire aussi (2023) : Article réservé à nos abonnés Les grues attendues en mai",
    "LIRE AUSSI : Les grues attendues en mai.",
    "Lire aussi",
    "Lisez aussi : Les grues attendues en mai",
    "La lecture de ce contenu est réservée aux abonnés.",
    "Cet article vous est offert",
    "Pour lire gratuitement cet article réservé aux abonnés, connectez-vous",
    "Voir aussi",
    "• Voir aussi – Le port vu du ciel",
    "Lire également « Nous étions seuls »",
    "Lire l’entretien : « Nous étions seuls »",
    "(Lire notre enquête page 4.)",
    "Lire aussi pages 2 et 3",
    "Inscrivez-vous à notre newsletter",
    "Recevez chaque matin la lettre d’information de la Gazette.",
    "Abonnez-vous",
    "Abonnez-vous à la newsletter « Le port »",
    "S'inscrire à la newsletter",
    "Suivez-nous sur les réseaux",
    "Publié le 1er juin 1987",
    "Publié le samedi 01 mars 2024 à 18h05, modifié le 02 mars 2024 à 09h00",
    "Mis à jour le 02/03/2024 à 9:05",
    "Temps de lecture : 3 min",
)
STAYS = (
    "« Tous droits réservés », dit l'affiche.",
    "Tous droits réservés à la ville, le port change de mains.",
    "Le copyright 2017 ne protège plus rien.",
    "La mention « Tous droits réservés » figure au dos.",
    "Copyright 2024 : ce que la loi change pour les auteurs",
    "Il vous reste 57 % de vos congés à prendre.",
    "Il vous reste un an, a dit le maire.",
    "La suite est réservée aux mariés.",
    "Le premier article réservé aux abonnés a paru lundi.",
    "Publicité et politique font mauvais ménage.",
    "La publicité",
    "3 min",
    "Lire la suite des comptes est un métier.",
    "L'article abonné au malheur",
    "Lire aussi bien Modèle que ses rivaux demande du temps.",
    "Lire aussi, dans le train, le journal d'Armeil.",
    "Voir aussi Armeil depuis la mer est un privilège.",
    "Voir aussi – et c'est nouveau – le port depuis la mer.",
    "Passer la publicité coûte cher aux annonceurs.",
    "Article réservé aux abonnés, le récit a pourtant fait le tour de la ville.",
    "Tous droits réservés Le maire l'a dit lundi.",
    "À lire aussi vite que possible.",
    "Lire page après page ne suffit pas.",
    "Lire notre époque : tel est le projet de Jeanne Modèle.",
    "La newsletter de la mairie paraît lundi.",
    "Inscrivez-vous avant lundi, demande la mairie.",
    "Recevez-vous notre newsletter ?",
    "Suivez le fleuve sur dix kilomètres.",
    "Abonnez-vous ou partez, dit l'enseigne.",
    "Déjà abonnés, ils ont renoncé.",
    "Publié le 1er juin 1987, le roman a fait scandale.",
    "Modifié le 2 mars 2024 par le conseil, le tarif a changé.",
)
PARAGRAPHS = st.lists(
    st.sampled_from(STAYS) | st.text(alphabet="aeiou éà.,«»:-\n", min_size=1), min_size=1, max_size=8
).map(lambda parts: clean_text("\n\n".join(parts)))


@pytest.mark.parametrize("line", GOES)
def test_a_line_that_is_not_the_article_s_goes(line: str) -> None:
    before, after = "Le quai nord rouvre lundi.", "Le quai sud attendra."
    assert strip_boilerplate(f"{before}\n\n{line}\n\n{after}").text == f"{before}\n\n{after}"
    assert strip_boilerplate(f"{before}\n{line}\n{after}").text == f"{before}\n\n{after}"
    assert strip_boilerplate(line.replace(" ", "\u00a0")).text == ""


@pytest.mark.parametrize("line", STAYS)
def test_a_sentence_with_such_words_stays(line: str) -> None:
    assert strip_boilerplate(f"Avant.\n\n{line}\n\nAprès.") == (f"Avant.\n\n{line}\n\nAprès.", "")


@given(PARAGRAPHS)
def test_a_text_without_such_lines_is_unchanged(text: str) -> None:
    assert strip_boilerplate(text) == (text, "")


@given(st.lists(st.sampled_from(GOES + STAYS), max_size=8))
def test_only_the_lines_that_stay_are_left_and_once_is_enough(lines: list[str]) -> None:
    stripped = strip_boilerplate("\n\n".join(lines))
    assert stripped.text == "\n\n".join(line for line in lines if line in STAYS)
    assert strip_boilerplate(stripped.text) == (stripped.text, "")


@pytest.mark.parametrize(
    ("line", "cut"),
    [
        ("Il vous reste 57 % de cet article à lire…", True),
        ("La suite est réservée aux abonnés.", True),
        ("Pour lire la suite, abonnez-vous.", True),
        ("Article réservé aux abonnés", False),
        ("Publicité", False),
    ],
)
def test_a_line_that_says_that_the_text_goes_on_is_told(line: str, cut: bool) -> None:
    assert strip_boilerplate(f"Avant.\n\nPublicité\n\n{line}").cut == (line if cut else "")


@pytest.mark.parametrize(
    "text",
    [
        part * 20_000
        for part in (
            "lire aussi ",
            "© ",
            "(",
            "\n\n",
            "- ",
            "copyright ",
            "recevez ",
            "tous droits réservés ",
            "lire aussi (",
        )
    ],
)
def test_the_time_is_linear(text: str) -> None:
    started = time.process_time()
    strip_boilerplate(text)
    assert time.process_time() - started < 1


def test_the_body_of_a_record_is_without_them_and_the_cut_is_told(write: Write) -> None:
    text = "Le quai nord rouvre lundi.\\n\\nPublicité\\n\\nIl vous reste 80 % de cet article à lire."
    lost, article = read([write("a.jsonl", f'{{"id": "a", "chapo": "Voir aussi", "text": "{text}"}}')])
    assert isinstance(article, Article)
    assert (article.body, article.standfirst) == ("Le quai nord rouvre lundi.", "")
    assert isinstance(lost, LostField)
    assert (lost.line, lost.field) == (1, "text")
    assert lost.reason == "text: it is cut short: Il vous reste 80 % de cet article à lire."
