import json

import pytest

from search.build_types import PassedOver, Rejected, Unread
from search.corpus import read
from search.corpus.agencies.ninjs import NINJS
from search.corpus.source import Source
from search.types import Article

from ..conftest import Write

ITEM = {"uri": "urn:1", "type": "text", "versioncreated": "2024-03-01T18:05:00+01:00", "headline": "Titre"}


def item(**more: object) -> dict[str, object]:
    return {**ITEM, "body_text": "Un texte.", **more}


def only(write: Write, value: object) -> Article:
    (article,) = read([write("a.json", json.dumps(value))])
    assert isinstance(article, Article)
    return article


def titles(records: list[Article | Unread]) -> list[str]:
    return [one.title for one in records if isinstance(one, Article)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", json.dumps(item())),
        ("a.txt", json.dumps([item()], indent=1)),
        ("a.json", json.dumps({"_items": [item()], "_meta": {"total": 1}})),
        ("a.json", json.dumps({"items": [item()]})),
        ("a.json", json.dumps({"total": 1, "item": [item()]})),
        ("a.jsonl", json.dumps(item())),
        ("a.dat", f"{json.dumps(item())}\n{json.dumps(item(headline='Deux'))}\n"),
    ],
)
def test_one_item_a_list_lines_and_an_object_around_them(write: Write, name: str, content: str) -> None:
    assert titles(list(read([write(name, content)])))[:1] == ["Titre"]


@pytest.mark.parametrize(
    "value",
    [
        {"title": "Titre", "text": "Un texte.", "uri": "urn:1", "type": "text"},
        {"headline": "Titre", "body_text": "Un texte.", "language": "fr"},
        {"headlines": ["Un"], "articles": []},
        {"title": "Titre", "versioncreated": "2024-03-01", "text": "Un texte."},
        [],
    ],
)
def test_other_json_is_no_ninjs(value: object) -> None:
    assert not NINJS.recognises(Source("a.json", iter([json.dumps(value).encode()])))


def test_names_of_version_1_may_have_an_end(write: Write) -> None:
    value = {**ITEM, "headline_main": "Le port", "description_summary": "Bref.", "body_main": "Un texte."}
    del value["headline"]
    article = only(write, value)
    assert (article.title, article.standfirst, article.body) == ("Le port", "Bref.", "Bref.\n\nUn texte.")


def test_an_event_that_names_its_standard_is_passed_over(write: Write) -> None:
    event = {"standard": {"name": "ninjs", "version": "3.1"}, "type": "event", "title": "Salon"}
    (omission,) = read([write("a.json", json.dumps(event))])
    assert isinstance(omission, PassedOver)
    assert omission.kind == "event"


def test_the_richest_body_is_read() -> None:
    def body(*bodies: tuple[str, str]) -> str:
        listed = [{"contentType": kind, "value": text} for kind, text in bodies]
        source = Source("a.json", iter([json.dumps({**ITEM, "bodies": listed}).encode()]))
        (record,) = NINJS.read(source)
        return str(getattr(record, "fields")["text"])  # noqa: B009 - one of three types

    nitf = "<nitf><body><body.content><p>En NITF.</p></body.content></body></nitf>"
    plain, page, item_of_nitf = (
        ("text/plain", "Nu."),
        ("text/html", "<p>Un.</p><p>Deux.</p>"),
        ("x/nitf", nitf),
    )
    assert body(plain, item_of_nitf, page) == "Un.\n\nDeux."
    assert body(item_of_nitf, plain) == "Nu."
    assert body(item_of_nitf) == "En NITF."
    assert body(("x/nitf", "<cassé")) == ""


def test_headlines_and_descriptions_by_role(write: Write) -> None:
    article = only(
        write,
        {
            **item(),
            "headline": None,
            "headlines": [{"role": "short", "value": "Court"}, {"role": "main", "value": "Principal"}],
            "descriptions": [
                {"role": "caption", "value": "Légende."},
                {"role": "lead", "value": "Un chapo."},
            ],
        },
    )
    assert (article.title, article.standfirst) == ("Principal", "Un chapo.")


def test_the_only_headline_is_taken_whatever_its_role(write: Write) -> None:
    assert (
        only(write, {**item(), "headline": "", "headlines": [{"role": "x", "value": "Seul"}]}).title == "Seul"
    )


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        (
            {"subject": [{"code": "1", "name": "économie"}], "service": [{"name": "Éco"}]},
            "section",
            "économie",
        ),
        ({"service": [{"code": "eco", "name": "Éco"}]}, "section", "Éco"),
        ({"place": [{"name": "Armeil"}]}, "place", "Armeil"),
        ({"located": "Valmont", "place": [{"name": "Armeil"}]}, "place", "Valmont"),
        ({"byline": "Par Jeanne Modèle et Paul Exemple"}, "author", "Jeanne Modèle; Paul Exemple"),
        ({"by": "Jeanne Modèle, AEX"}, "author", "Jeanne Modèle"),
        ({"authors": [{"name": "Jeanne Modèle", "role": "writer"}]}, "author", "Jeanne Modèle"),
        ({"infosources": [{"name": "AEX"}], "copyrightholder": "Agence"}, "source", "AEX"),
        ({"copyrightHolder": "Agence"}, "source", "Agence"),
        ({"keywords": ["ports", "ports", "mer"]}, "keywords", "ports; mer"),
        ({"versioncreated": None, "firstCreated": "2024-02-29T08:00:00Z"}, "published", "2024-02-29T08:00"),
        ({"uri": None, "guid": "urn:g"}, "id", "urn:g"),
        ({"uri": "https://exemple.fr/1"}, "url", "https://exemple.fr/1"),
        ({"place": 3, "subject": {"name": "x"}, "service": None, "byline": {}}, "section", "x"),
    ],
)
def test_fields_of_each_version(write: Write, more: dict[str, object], field: str, value: str) -> None:
    assert getattr(only(write, item(**more)), field) == value


def test_scripts_with_blank_lines_stay_out(write: Write) -> None:
    html = "<p>Un.</p><script>var a;\n\nvar b;</script><p>Deux.</p><p>(AEX)</p>"
    assert only(write, item(body_html=html)).body == "Un.\n\nDeux."


def test_other_types_are_passed_over_by_kind(write: Write) -> None:
    values = [item(type="picture"), item(), item(type="composite", body_text=""), "texte", item(type="event")]
    records = list(read([write("a.json", json.dumps(values))]))
    assert [one.kind for one in records if isinstance(one, PassedOver)] == ["picture", "composite", "event"]
    assert [one.reason for one in records if isinstance(one, Rejected)] == ["record 4: not an object"]
    assert titles(records) == ["Titre"]


def test_what_is_no_item_in_a_list_is_told(write: Write) -> None:
    records = list(read([write("a.json", json.dumps({"_items": [item(), "texte"]}))]))
    assert [one.reason for one in records if isinstance(one, Rejected)] == ["item 2: not an object"]
    assert titles(records) == ["Titre"]
