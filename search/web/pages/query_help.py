"""The query language in a few examples, as the box of the page explains it."""

from search.language import Language


def query_examples(language: Language) -> tuple[tuple[str, str], ...]:
    """Examples of queries, each with its meaning."""
    translate = language.translate
    return (
        ("munitions Russie", translate("words: articles with more of them come first, none is required")),
        (translate('"obus d\'artillerie"'), translate("this phrase exactly")),
        (
            "munitions ET (Russie OU Moscou) SAUF Ukraine",
            translate("operators, in capitals; also AND OR NOT"),
        ),
        ("+munitions -Ukraine", translate("with, without")),
        ("titre:Kim  source:AFP  rubrique:monde", translate("in the title, from a source, in a section")),
        (
            "auteur:Modèle  lieu:Armeil  mot-clé:port  page:3",
            translate("by an author, from a place, with a keyword, on a page"),
        ),
        (
            "obus PROCHE5 Russie  obus ADJ2 lourd",
            translate("at most so many words apart; in this order"),
        ),
        ("obus MEME_PHRASE Russie  MEME_PARAGRAPHE", translate("in one sentence, in one paragraph")),
        ("AU_MOINS_3 obus  PREMIERS_50 obus", translate("at least three times, in the first 50 words")),
        ("munit*  r?ssie  munitiosn~", translate("beginning, any letter, misspelt")),
        ("date:2023-09  date:2023..2024  depuis:7j", translate("dates")),
    )
