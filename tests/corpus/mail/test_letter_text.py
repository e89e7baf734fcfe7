import time

import pytest

from search.corpus.mail.letter_text import html_text, letter_text, plain_text, without_addresses
from search.corpus.prose import clean_text

GOES = (
    "Se désabonner",
    "Me désabonner de cette lettre",
    "Se désinscrire :",
    "Désabonnez-vous",
    "Se désinscrire ou gérer mes alertes",
    "Cliquez ici pour se désabonner.",
    "Voir dans le navigateur",
    "Afficher ce message dans votre navigateur",
    "Lire la version en ligne",
    "Version en ligne",
    "View this email in your browser",
    "Gérer mes préférences | Se désabonner | Mentions légales",
    "Vous recevez cette lettre car vous êtes inscrit. Se désabonner",
    "Ce message vous a été envoyé à l’adresse lectrice@exemple.fr.",
    "Cet e-mail a été envoyé à lectrice@exemple.fr",
    "Si vous ne souhaitez plus recevoir nos e-mails, cliquez ici.",
    "Pour vous désinscrire, cliquez ici.",
    "Si cette newsletter ne s'affiche pas correctement, cliquez ici",
    "Pour être sûr de recevoir nos lettres, ajoutez lettre@exemple.fr à votre carnet d'adresses.",
    "Conformément à la loi Informatique et libertés, vous disposez d'un droit d'accès.",
    "--------",
)
STAYS = (
    "Les désabonnements ont bondi de 12 % chez les opérateurs.",
    "Ce message a été adressé au maire lundi.",
    "Conformément à la loi, le préfet a suspendu l'arrêté.",
    "Voir le navigateur solitaire entrer au port reste un moment rare.",
    "Vous recevez trop de publicité, dit la ministre.",
    "De plus en plus d'habitants veulent se désabonner du gaz.",
    "Se désinscrire des listes est un droit, dit le maire.",
    "Pour ne plus recevoir de colis, les dockers ont voté.",
    "La lettre du maire a été envoyée à tous les habitants.",
)


@pytest.mark.parametrize("line", GOES)
def test_a_line_for_subscribers_goes(line: str) -> None:
    text = letter_text(f"Le quai rouvre.\n\n{line}\n\nLe pont ferme.")
    assert clean_text(text) == "Le quai rouvre.\n\nLe pont ferme."
    assert letter_text(line.replace(" ", "\u00a0").upper()) == ""


@pytest.mark.parametrize("line", STAYS)
def test_a_sentence_with_such_words_stays(line: str) -> None:
    assert letter_text(f"Le quai rouvre.\n{line}") == f"Le quai rouvre.\n{line}"


def test_words_for_subscribers_go_only_at_the_edges_of_a_letter() -> None:
    line = "Vous pouvez vous désabonner quand vous voulez."
    middle = "\n".join([*("Une phrase." for _ in range(8)), line, *("Une phrase." for _ in range(8))])
    assert letter_text(middle) == middle
    assert letter_text(f"Une phrase.\n{line}") == "Une phrase."


def test_addresses_of_recipients_are_taken_out() -> None:
    text = "Bonjour <Lectrice@exemple.fr>, écrivez à une.lectrice@exemple.fr ou à lectrice@exemple.fr."
    kept = "Bonjour , écrivez à une.lectrice@exemple.fr ou à ."
    assert without_addresses(text, ["lectrice@exemple.fr"]) == kept


def test_what_is_hidden_is_not_read() -> None:
    html = (
        "<html><head><title>T</title></head><body><div style='DISPLAY : none'>un</div>"
        "<table style='mso-hide:all'><tr><td>deux</td></tr></table><p hidden>trois</p> quatre"
        "<p style='visibility:hidden'>cinq <b style='display:none'>six</b></p><p>sept</p></body></html>"
    )
    assert html_text(html) == "quatre\n\nsept"


@pytest.mark.parametrize("html", ["", "<!-- rien -->", "<html>", "\0", "<p style='display:none'>"])
def test_html_that_holds_nothing(html: str) -> None:
    assert html_text(html).strip("\0\ufffd") == ""


def test_addresses_of_links_are_no_text() -> None:
    text = "Lire ( https://exemple.fr/r?u=abc ) la suite <https://exemple.fr/s> ou [http://exemple.fr]\nFin."
    assert plain_text(text, flowed=False) == "Lire  la suite  ou \nFin."


def test_lines_that_flow_on_are_joined() -> None:
    text = "Le quai \nrouvre lundi.\n\nLe pont\nferme. \n"
    assert plain_text(text, flowed=True) == "Le quai rouvre lundi.\n\nLe pont\nferme. \n"
    assert plain_text(text, flowed=False) == text


@pytest.mark.parametrize(
    "text", ["ajoutez " * 20_000, "| " * 50_000, "se " * 50_000, "a\n" * 50_000, "lire la " * 9_000]
)
def test_the_time_is_linear(text: str) -> None:
    started = time.process_time()
    letter_text(plain_text(text, flowed=True))
    assert time.process_time() - started < 1
