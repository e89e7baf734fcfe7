import pytest

from search.build_types import LostField, Rejected
from search.corpus import ReadOptions
from search.types import Article

from .conftest import Write
from .placeless import read

BODY = "Un cargo a quitté le port lundi. Il est attendu jeudi."


@pytest.mark.parametrize(
    ("header", "published", "place"),
    [
        (" date 2024-03 Brest, France –", "2024-03", "Brest, France"),
        ("date 2024 Brest —", "2024", "Brest"),
        ("\ufeff date\u00a02024-03-05\u00a0Aix-en-Provence\u00a0-\u00a0", "2024-03-05", "Aix-en-Provence"),
        ("\n\nDATE 2024-3-5 Brest –\r", "2024-03-05", "Brest"),
        ("date 2024-03 –", "2024-03", ""),
    ],
)
def test_the_first_line_tells_date_and_place(write: Write, header: str, published: str, place: str) -> None:
    path = write("cargo.txt", f"{header}\n\n{BODY}\n")
    (record,) = read([path], ReadOptions(default_source="Agence", default_lang="fr"))
    assert isinstance(record, Article)
    assert record == Article(
        id=record.id,
        title="Un cargo a quitté le port lundi.",
        body=BODY,
        published=published,
        source="Agence",
        lang="fr",
        place=place,
    )
    assert record.id.startswith("sha-")


@pytest.mark.parametrize("name", ["depeche_12", "depeche.2024-03-05"])
def test_its_first_line_tells_a_dispatch_whatever_its_name(write: Write, name: str) -> None:
    (record,) = read([write(name, f"date 2024-03 Brest –\n{BODY}")])
    assert isinstance(record, Article)
    assert (record.published, record.place, record.body) == ("2024-03", "Brest", BODY)


def test_a_text_may_follow_the_dash_on_its_line(write: Write) -> None:
    (record,) = read([write("a.txt", f"date 2024-03 Brest – {BODY}")])
    assert isinstance(record, Article)
    assert (record.place, record.body) == ("Brest", BODY)


@pytest.mark.parametrize(
    "text",
    [
        "Une date 2024-03 dans le texte – rien de plus.",
        "date 2024-03 Brest sans tiret",
        "date 24-03 Brest –",
        "dater 2024-03 Brest – non",
        "date 2024-033 Brest – non",
    ],
)
def test_what_only_looks_like_a_header_stays_in_the_body(write: Write, text: str) -> None:
    (record,) = read([write("a.txt", text)])
    assert isinstance(record, Article)
    assert (record.body, record.published, record.place) == (text, "", "")


def test_an_impossible_date_costs_the_date(write: Write) -> None:
    path = write("a.txt", f"date 2024-02-30 Brest –\n\n{BODY}")
    lost, kept = read([path])
    assert isinstance(lost, LostField)
    assert (lost.path, lost.field) == (path, "date")
    assert lost.reason.startswith("date: '2024-02-30' is not read: ")
    assert isinstance(kept, Article)
    assert (kept.body, kept.place, kept.published) == (BODY, "Brest", "")


@pytest.mark.parametrize("text", ["", " \n\n", "date 2024 Brest –\n", "\x00\x00"])
def test_a_dispatch_without_text_is_rejected(write: Write, text: str) -> None:
    path = write("a.txt", text)
    assert list(read([path])) == [Rejected(path, 0, "no text")]


def test_one_dispatch_has_one_id_wherever_it_lies(write: Write) -> None:
    unix, windows = read([write("a.txt", f"{BODY}\n\nFin."), write("b/c.txt", f"{BODY}\r\n\r\nFin.\r\n")])
    assert unix == windows
