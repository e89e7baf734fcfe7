import pytest

from search.corpus.conversion import UnmappedText, to_article
from search.corpus.record import RawRecord, ReadOptions

from .test_conversion import PLAIN, article, converted

LONG = "Les dockers du port d'Armeil ont voté jeudi la reprise du travail. " * 4


@pytest.mark.parametrize(
    "fields", [{"titre": "Reprise au port"}, {"titre": "Reprise", "chapo": "Un accord."}]
)
def test_a_long_column_that_no_field_takes_is_told(fields: dict[str, str]) -> None:
    with pytest.raises(UnmappedText) as caught:
        article(**fields, Récit=LONG)
    assert caught.value.column == "Récit"


@pytest.mark.parametrize(
    "fields",
    [
        {"titre": "Reprise au port", "texte": "", "Récit": LONG},
        {"titre": "Reprise au port", "chapo": LONG, "Récit": LONG},
        {"titre": "Reprise au port", "Récit": LONG[:150]},
        {"titre": "Reprise au port", "image": "x" * 300},
    ],
)
def test_a_headline_may_stand_alone_where_no_text_is_lost(fields: dict[str, str]) -> None:
    assert converted(fields).article.title == "Reprise au port"


def test_only_headlines_are_kept_where_the_user_says_so() -> None:
    options = ReadOptions(columns={"text": "titre"})
    assert converted({"titre": "Reprise au port", "Récit": LONG}, options).article.body == "Reprise au port"


def test_the_standfirst_is_a_field_and_the_beginning_of_the_body() -> None:
    result = article(titre="Reprise", chapo="Un accord.", texte="Les dockers ont voté.")
    assert (result.standfirst, result.body) == ("Un accord.", "Un accord.\n\nLes dockers ont voté.")


@pytest.mark.parametrize("end", ["…", "...", " [...]", " [&hellip;]", " […]"])
def test_a_lead_that_is_the_cut_beginning_of_the_text_is_no_standfirst(end: str) -> None:
    result = article(description=f"Les dockers ont voté{end}", texte="Les dockers ont voté la reprise.")
    assert (result.standfirst, result.body) == ("", "Les dockers ont voté la reprise.")


def test_each_field_says_under_which_name_it_was_read() -> None:
    record = RawRecord({"Titre": "T", "maintext": "Un texte.", "seen": 1}, aliases={"date": ("seen_at",)})
    assert to_article(record, PLAIN).names == {"title": "Titre", "text": "maintext"}


def test_the_names_of_a_format_go_before_the_general_ones() -> None:
    fields = {"texte": "Le corps.", "date": "2024-05-02", "meta": {"Publié le": "2024-03-01"}}
    record = RawRecord(fields, aliases={"date": ("meta.publie_le",)})
    assert to_article(record, PLAIN).article.published == "2024-03-01"
