"""The advanced form writes a query and reads it back."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from search.errors import QueryError
from search.query.ast import Query
from search.query.boolean import conjuncts
from search.query.form import QueryForm, read_form
from search.query.parser import parse
from search.query.printer import to_text

from .strategies import ANY_TEXT
from .test_printer import QUERIES

TODAY = date(2023, 9, 15)
READ = [
    ("munitions Russie", QueryForm(words="munitions Russie")),
    (" Qui  est mort ? ", QueryForm(words="Qui est mort ?")),
    ("qui est mort ? source:AFP", QueryForm(words="qui est mort ?", source="AFP")),
    (
        "munitions ET (Russie OU Moscou) SAUF Ukraine",
        QueryForm(all_words="munitions", any_words="Russie Moscou", none_words="Ukraine"),
    ),
    (
        '"obus d\'artillerie" Russie',
        QueryForm(words="Russie", phrase="obus d'artillerie", order=("phrase", "words")),
    ),
    ('Russie "obus d\'artillerie"', QueryForm(words="Russie", phrase="obus d'artillerie")),
    ('"a b" e "c d"', QueryForm("e", '"a b"', "c d", order=("all_words", "words", "phrase"))),
    ('"munitions Russie"~3', QueryForm(near="munitions Russie", distance="3")),
    ('titre:Kim titre:"a b"', QueryForm(title='Kim "a b"')),
    (
        'source:(AFP OU "Le Monde") -source:Reuters rubrique:"Sport" auteur:"Jeanne Modèle" lieu:Armeil '
        "mot-clé:port",
        QueryForm(
            source="AFP; Le Monde; -Reuters",
            section='"Sport"',
            author="Jeanne Modèle",
            place="Armeil",
            keyword="port",
        ),
    ),
    ("depuis:7j", QueryForm(first="7j")),
    ("date:septembre-2023", QueryForm(first="septembre-2023", last="septembre-2023")),
    ("date:12/09/2023..hier", QueryForm(first="12/09/2023", last="hier")),
    ("avant:2023", QueryForm(last="2022-12-31")),
    ("date:>=2022", QueryForm(first="2022-01-01")),
    ("munitions^3 obus", QueryForm(words="munitions^3 obus")),
    # What has no field, or no room in its field, is the rest.
    ("obus page:3", QueryForm(words="obus", rest="page:3")),
    ('obus dossier:"Port de Brest" lu:non', QueryForm(words="obus", rest='dossier:"Port de Brest" lu:non')),
    ("-(a OU b) c", QueryForm(words="c", rest="SAUF (a OU b)")),
    ("date:2022 date:2023", QueryForm(first="2022", last="2022", rest="date:2023")),
    ("source:a source:b", QueryForm(source="a", rest="source:b")),
    ("+obus^2 train", QueryForm(words="train", rest="+obus^2", order=("rest", "words"))),
    # Words of one field that are apart cannot keep their order in it.
    ('a "b c" d source:AFP -e', QueryForm(none_words="e", source="AFP", rest='a "b c" d')),
    ("", QueryForm()),
]


@pytest.mark.parametrize(("text", "form"), READ)
def test_a_query_is_read_into_its_fields(text: str, form: QueryForm) -> None:
    assert read_form(text, TODAY) == form


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (QueryForm(all_words="munitions, Moscou"), "+munitions +Moscou"),
        (QueryForm(all_words='"New York" +Paris'), '"New York" +Paris'),
        (QueryForm(phrase='dit "non"'), '«dit "non"»'),
        (QueryForm(any_words="obus"), "+obus"),
        (QueryForm(near="a b", distance=""), '"a b"~8'),
        (QueryForm(source='AFP ;  Le  Monde; "Reuters"'), 'source:(AFP OU "Le Monde" OU "Reuters")'),
        (QueryForm(source="- AFP"), "-source:AFP"),
        (QueryForm(first="septembre 2023"), "depuis:septembre-2023"),
        (QueryForm(first="depuis 7j"), "depuis:7j"),
        (QueryForm(first="since: 2023"), "depuis:2023"),
        (QueryForm(last="2023"), "date:..2023"),
        (QueryForm(first="2023", last="2023"), "date:2023"),
        (QueryForm(words="  a \n b "), "a b"),
    ],
)
def test_a_query_is_written_from_what_people_type(form: QueryForm, text: str) -> None:
    assert form.text == text
    parse(text, TODAY)


def test_a_relative_date_stays_relative() -> None:
    form = read_form("grève depuis:3m", TODAY)

    assert form.text == "grève depuis:3m"
    assert parse(form.text, date(2024, 1, 1)) == parse("grève depuis:3m", date(2024, 1, 1))


@pytest.mark.parametrize(
    ("form", "field", "message"),
    [
        (QueryForm(words='a "b'), "words", "never closed"),
        (QueryForm(all_words="ET"), "all_words", "nothing"),
        (QueryForm(first="2023-13"), "first", "not an existing date"),
        (QueryForm(last="demain matin"), "last", "not an existing date"),
        (QueryForm(first="2023", last="2022"), "last", "ends before it begins"),
        (QueryForm(near="a b", distance="x"), "near", "distance"),
        (QueryForm(rest="foo:bar"), "rest", "not a field"),
        (QueryForm(title="*"), "title", "needs"),
    ],
)
def test_a_mistake_belongs_to_its_field(form: QueryForm, field: str, message: str) -> None:
    ((name, error),) = form.errors(TODAY).items()

    assert name == field
    assert message in error.message


def test_a_form_without_a_mistake_has_none() -> None:
    assert (
        QueryForm("a", "b", "c d", "e f", "g", "h i", "8", "j", "k", first="7j", last="hier").errors(TODAY)
        == {}
    )


def asks_same(one: Query, other: Query) -> bool:
    """Whether two queries ask the same; the order of their constraints changes nothing."""
    same = set(conjuncts(one.constraint)) == set(conjuncts(other.constraint))
    return same and (one.words, one.text) == (other.words, other.text)


@given(ANY_TEXT)
def test_whatever_was_typed_asks_the_same_from_its_form(text: str) -> None:
    try:
        query = parse(text, TODAY)
    except QueryError:
        assume(False)
    form = read_form(text, TODAY)
    assert asks_same(parse(form.text, TODAY), query)
    assert form.errors(TODAY) == {}


@given(QUERIES)
def test_any_query_asks_the_same_from_its_form(query: Query) -> None:
    try:
        text = to_text(query)
        typed = parse(text, TODAY)
    except QueryError:  # more patterns than a query may have
        assume(False)
    assert asks_same(parse(read_form(text, TODAY).text, TODAY), typed)


_LEAVES = [
    "munitions",
    "Russie",
    "nord-coréen",
    "3,5",
    "munit*",
    "r?ssie",
    "obus~1",
    '"deux mots"',
    "#MeToo",
    "Été",
]
_NAMES = st.lists(
    st.sampled_from(["AFP", "Le Monde", '"Orange"', "20minutes.fr", "Mond*"]), unique=True, max_size=3
)
_DAYS = st.sampled_from(["", "2022", "2023-02", "12/03/2023", "7j", "hier", "septembre-2023"])
_RESTS = ["", "page:3", "SAUF (p OU q)", "x ET y OU z"]


@st.composite
def forms(draw: st.DrawFn) -> QueryForm:
    """Forms as ``read_form`` gives them: no word twice, and no single word of which any must hold."""
    tokens = draw(st.permutations(_LEAVES))
    sizes = draw(st.lists(st.integers(0, 2), min_size=5, max_size=5))
    shares: list[Sequence[str]] = []
    for size in sizes:
        shares.append(tokens[:size])
        tokens = tokens[size:]
    words, all_words, any_words, none_words, title = (" ".join(share) for share in shares)
    first, last = draw(_DAYS), draw(_DAYS)
    form = QueryForm(
        words="" if '"' in words else words,
        all_words=all_words,
        phrase=draw(st.sampled_from(["", "grève des ports"])),
        any_words=any_words if len(shares[2]) > 1 else "",
        none_words=none_words,
        near=draw(st.sampled_from(["", "Paris climat"])),
        title=title,
        source="; ".join(draw(_NAMES)),
        author=draw(st.sampled_from(["", "Jeanne Modèle", "Modèle; -Dupont", "-Dupont"])),
        first=first,
        last=last,
        rest=draw(st.sampled_from(_RESTS)),
    )
    assume(not form.errors(TODAY) and (form.phrase or '"' not in all_words))
    return form


@given(forms())
def test_a_form_is_read_back_from_its_text(form: QueryForm) -> None:
    assert read_form(form.text, TODAY) == form
