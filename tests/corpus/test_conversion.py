import hashlib
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.corpus.conversion import Converted, to_article
from search.corpus.record import FIELDS, BadRecord, RawRecord, ReadOptions
from search.errors import UsageError
from search.types import Article

PLAIN = ReadOptions()


def converted(fields: Mapping[str, object], options: ReadOptions = PLAIN) -> Converted:
    return to_article(RawRecord(fields), options)


def article(**fields: object) -> Article:
    return converted(fields).article


def lost(**fields: object) -> Mapping[str, str]:
    return converted(fields).lost


def reason(**fields: object) -> str:
    with pytest.raises(BadRecord) as caught:
        article(**fields)
    return str(caught.value)


def test_every_field_has_its_place() -> None:
    result = article(
        id=" d-1 ",
        title="Le  titre",
        text="Le texte.",
        date="2023-09-11",
        time="18:30",
        source="AFP",
        section="Monde",
        url="https://exemple.fr/1",
        lang="fr-FR",
        place="Séoul",
    )
    assert result == Article(
        id="d-1",
        title="Le titre",
        body="Le texte.",
        published="2023-09-11T18:30",
        source="AFP",
        section="Monde",
        url="https://exemple.fr/1",
        lang="fr",
        place="Séoul",
    )


@pytest.mark.parametrize(
    ("field", "attribute", "value", "result"),
    [
        ("title", "title", "Titre", "Titre"),
        ("text", "body", "Le corps.", "Le corps."),
        ("chapo", "body", "Le chapo.", "Le chapo."),
        ("date", "published", "2023-09", "2023-09"),
        ("source", "source", "AFP", "AFP"),
        ("section", "section", "Monde", "Monde"),
        ("url", "url", "https://exemple.fr", "https://exemple.fr"),
        ("lang", "lang", "FR", "fr"),
        ("place", "place", "Lille", "Lille"),
        ("id", "id", "7", "7"),
    ],
)
def test_every_alias_is_known_in_any_case(field: str, attribute: str, value: str, result: str) -> None:
    filler = (
        {"title": "Un titre."} if field in ("id", "date", "source", "section", "url", "lang", "place") else {}
    )
    for name in FIELDS[field]:
        for written in (name, name.upper(), f" {name.title()} "):
            assert getattr(article(**{**filler, written: value}), attribute) == result


def test_time_has_a_french_alias() -> None:
    assert article(titre="Un flash", date="2023-09-11", heure="20h48").published == "2023-09-11T20:48"


def test_aliases_of_the_brief_are_all_there() -> None:
    assert FIELDS["text"][:5] == ("text", "body", "texte", "contenu", "content")
    assert FIELDS["title"][:2] == ("title", "titre")
    assert FIELDS["chapo"][:3] == ("chapo", "lead", "lede")


def test_a_blank_field_gives_way_to_its_next_alias() -> None:
    assert article(text="  ", body=None, contenu="Le vrai texte.").body == "Le vrai texte."


def test_a_mapped_column_wins_over_aliases_which_still_serve_when_it_is_blank() -> None:
    options = ReadOptions(columns={"text": "Corps de l’article"})
    assert converted({"text": "Non.", "corps de l’article ": "Oui."}, options).article.body == "Oui."
    blank = {"text": "Faute de mieux.", "Corps de l’article": ""}
    assert converted(blank, options).article.body == "Faute de mieux."


def test_a_nameless_column_is_no_field() -> None:
    result = converted({"": "0", "texte": "Un texte."}).article
    assert (result.source, result.title, result.id[:4]) == ("", "Un texte.", "sha-")


def test_an_unknown_field_in_the_options_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"no such field: texte; the fields are id, title, text"):
        ReadOptions(columns={"texte": "contenu"})


def test_defaults_fill_only_what_is_blank() -> None:
    options = ReadOptions(default_source="AFP", default_lang="fr")
    blank = converted({"text": "Un.", "source": " ", "lang": None}, options).article
    assert (blank.source, blank.lang) == ("AFP", "fr")
    result = converted({"text": "Un.", "source": "Reuters", "lang": "en"}, options).article
    assert (result.source, result.lang) == ("Reuters", "en")


def test_the_lead_opens_the_body() -> None:
    assert article(chapo="Le chapo.", text="Le texte.").body == "Le chapo.\n\nLe texte."


def test_a_lead_that_the_text_repeats_is_not_said_twice() -> None:
    assert article(chapo="Le  chapo\nici.", text="Le chapo ici. La suite.").body == "Le chapo ici. La suite."


def test_a_lead_said_again_later_still_opens_the_body() -> None:
    assert article(chapo="Fin.", text="Début. Fin.").body == "Fin.\n\nDébut. Fin."


def test_a_news_flash_is_its_own_body() -> None:
    flash = article(title="Séisme au Japon", text=" \n ")
    assert (flash.title, flash.body) == ("Séisme au Japon", "Séisme au Japon")


def test_a_text_without_a_word_is_no_text() -> None:
    assert article(title="Séisme au Japon", text="***").body == "Séisme au Japon"


@pytest.mark.parametrize("title", [None, "", " \u00a0", "—", "…"])
def test_a_title_that_says_nothing_is_replaced_by_the_first_sentence(title: str | None) -> None:
    assert article(title=title, text="Première phrase. Deuxième.").title == "Première phrase."


@pytest.mark.parametrize(
    "fields", [{"text": "", "title": " "}, {"text": "…"}, {}, {"chapo": "\x00"}, {"title": "\ufeff"}]
)
def test_without_text_or_title_there_is_no_article(fields: dict[str, str]) -> None:
    assert reason(**fields) == "no text"


def test_names_of_other_columns_are_told() -> None:
    assert reason(manchette="Titre", story="Texte") == (
        "no text: the record has only manchette, story; name the column of the text with --column text=NAME"
    )


@pytest.mark.parametrize(
    ("date", "time", "published"),
    [
        ("", "", ""),
        ("  ", "20:48", ""),
        ("2023", "", "2023"),
        ("2023-09", "20:48", "2023-09"),
        ("2023-09-11", "", "2023-09-11"),
        ("2023-09-11", "20:48:12", "2023-09-11T20:48"),
        ("2023-09-11T06:05:04+02:00", "", "2023-09-11T06:05"),
        ("2023-09-11 06:05:04.123Z", "20:48", "2023-09-11T06:05"),
        ("11/09/2023", "", "2023-09-11"),
        ("12 septembre 2023", "", "2023-09-12"),
        ("septembre 2023", "", "2023-09"),
        ("2023-09-11 00:00:00", "", "2023-09-11"),
        ("2023-09-11T00:00:00.000+02:00", "", "2023-09-11"),
        ("2023-09-11 00:00:00", "18:30", "2023-09-11T18:30"),
        ("2023-09-11", "00:00:00", "2023-09-11T00:00"),
    ],
)
def test_dates(date: str, time: str, published: str) -> None:
    assert article(text="Un.", date=date, time=time).published == published


def test_a_year_may_be_a_number() -> None:
    assert article(text="Un.", date=2023).published == "2023"


@pytest.mark.parametrize(
    ("date", "time", "field", "expected"),
    [
        ("2023-02-30", "", "date", "'2023-02-30' is not read: day"),
        ("0000-13-99", "", "date", "'0000-13-99' is not read: "),
        ("demain", "", "date", "'demain' is not read: 'demain' is not a date"),
        ("2023-09-11", "25:00", "time", "'25:00' is not read: hour must be in 0..23"),
        ("9" * 101, "", "date", "longer than 100 characters"),
    ],
)
def test_a_bad_date_costs_the_date_only(date: str, time: str, field: str, expected: str) -> None:
    result = converted({"text": "Un.", "date": date, "time": time})
    assert [*result.lost] == [field]
    assert result.lost[field].startswith(expected)
    assert (result.article.body, result.article.published) == ("Un.", date if field == "time" else "")


def test_pandas_writes_whole_numbers_with_a_fraction() -> None:
    result = article(text="Un.", id="7.0", page="4.0", date="1944.0", edition=2.0, section="4.05")
    assert (result.id, result.page, result.published) == ("7", "4", "1944")
    assert (result.edition, result.section) == ("2", "4.05")


def test_ids_may_be_numbers() -> None:
    assert (article(id=42, text="Un.").id, article(id=0, text="Un.").id) == ("42", "0")


def test_an_id_made_up_is_a_hash_of_the_content() -> None:
    result = article(id=" ", title="Titre", text="Texte.", date="2023", source="AFP")
    digest = hashlib.sha256(b"Titre\0Texte.\x002023\0AFP").hexdigest()
    assert result.id == f"sha-{digest[:16]}"


def test_a_made_up_id_is_stable_under_spelling_and_moves_with_content() -> None:
    base = article(title="Été", text="Le texte.")
    assert article(titre="E\u0301te\u0301 ", contenu="Le texte.\r\n", section="Monde").id == base.id
    assert article(title="Été", text="Le texte!").id != base.id
    assert article(title="Été", text="Le texte.", source="AFP").id != base.id
    assert article(title="Été", text="Le texte.", date="2023").id != base.id


@pytest.mark.parametrize(
    ("given_id", "expected"),
    [
        ("a\x00b", "'a\\x00b' contains control characters"),
        ("a\nb", "'a\\nb' contains control characters"),
        ("a\ud800", "'a\\ud800' contains control characters"),
        ("x" * 201, "longer than 200 characters"),
    ],
)
def test_an_unsafe_id_gives_way_to_a_hash(given_id: str, expected: str) -> None:
    result = converted({"id": given_id, "text": "Un."})
    assert result.lost == {"id": expected}
    assert result.article.id == article(text="Un.").id


def test_the_longest_id_is_kept() -> None:
    assert article(id="x" * 200, text="Un.").id == "x" * 200


@pytest.mark.parametrize(("value", "kind"), [({"a": 1}, "an object"), (True, "true or false")])
def test_a_text_must_be_text(value: object, kind: str) -> None:
    assert reason(titre="Un titre", texte=value) == f"texte is {kind}, not text"


@pytest.mark.parametrize("field", sorted(set(FIELDS) - {"text", "time"}))
def test_an_object_in_any_other_field_costs_the_field_only(field: str) -> None:
    result = converted({"text": "Un texte.", "date": "2024", field: {"a": 1}})
    assert result.lost == {field: f"{field} is an object, not text"}
    assert result.article.body == "Un texte."


def test_lists_and_objects_of_json_are_read() -> None:
    result = article(
        titre={"rendered": "Le port d&#8217;Armeil"},
        texte=["Un.", "Deux."],
        source={"id": None, "name": "Gazette Exemple"},
        rubrique=["Économie", "Ports"],
        auteurs=["Jeanne Modèle", {"name": "Paul Essai"}],
        tags=[{"name": "port"}, {"name": "grève"}],
    )
    assert (result.title, result.body) == ("Le port d’Armeil", "Un.\n\nDeux.")
    assert (result.source, result.section) == ("Gazette Exemple", "Économie")
    assert (result.author, result.keywords) == ("Jeanne Modèle; Paul Essai", "port; grève")


@pytest.mark.parametrize("blank", ["NA", "NaN", "nan", "NaT", "None", "null", "-", " N/A "])
def test_the_blanks_of_tables_are_blank(blank: str) -> None:
    blanks = dict.fromkeys(("titre", "date", "source", "auteur"), blank)
    result = converted({"texte": "Un texte.", **blanks})
    assert (result.article.title, result.article.published, result.lost) == ("Un texte.", "", {})
    assert (result.article.source, result.article.author) == ("", "")


@pytest.mark.parametrize(
    ("written", "count"), [("412 mots", 412), ("1 234 mots", 1234), (398, 398), ("2,310", 2310)]
)
def test_the_number_of_words_is_what_the_source_says(written: object, count: int) -> None:
    assert article(text="Un.", word_count=written).word_count == count


def test_names_are_compared_without_accents_and_gaps() -> None:
    fields = {"Texte": "Un.", "Mots-clés": "port", "ÉDITION": "Nord", "Date de publication": "2024"}
    result = article(**fields)
    assert (result.keywords, result.edition, result.published) == ("port", "Nord", "2024")


def test_unknown_fields_may_hold_anything() -> None:
    assert article(text="Un.", auteur=["A", "B"], tags={"a": 1}).body == "Un."


VALUES = st.none() | st.text(alphabet=st.characters()) | st.integers() | st.floats() | st.booleans()
NAMES = st.sampled_from([name for names in FIELDS.values() for name in names]) | st.text()


@given(st.dictionaries(NAMES, VALUES | st.lists(st.text())))
def test_any_record_becomes_a_sound_article_or_a_reason(record: dict[str, object]) -> None:
    try:
        result = converted(record).article
    except BadRecord:
        return
    assert result.id.strip()
    assert result.title.strip()
    assert result.body.strip()
    assert result == converted(record).article
    for value in (
        result.id,
        result.title,
        result.body,
        result.published,
        result.source,
        result.url,
        result.place,
    ):
        assert not [c for c in value if c not in "\n\t" and (c < " " or "\ud800" <= c <= "\udfff")]
