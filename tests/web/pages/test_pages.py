import re
from http import HTTPStatus
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from search.export import formats
from search.index import Index

from .conftest import Visitor
from .press import HOSTILE, addresses, read, texts

TITLES = "//li[contains(@class, 'result')]//*[self::h2 or self::h3]"
OK, REFUSED = HTTPStatus.OK, HTTPStatus.BAD_REQUEST
SUMMARY = "//h1[@class='summary']"


def page(client: TestClient, address: str, status: HTTPStatus = HTTPStatus.OK) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self';")
    return answer.text


def test_the_home_tells_what_the_archive_holds(client: TestClient) -> None:
    tree = read(page(client, "/"))
    assert texts(tree, "//p[@class='lead']/*") == [
        "15 articles",
        "from 1 February 2020 to 7 April 2024",
    ]
    assert texts(tree, "//ul[@class='sources']/li/a")[:2] == ["Agence Nord", "Gazette du Soir"]
    assert texts(tree, "//ul[@class='lines']/li/a")[:2] == [
        "Un marathon sous la pluie",
        "L'hôpital manque de bras",
    ]
    assert "L'Œil & <Cie>" in texts(tree, "//ul[@class='sources']/li/a")


def test_every_link_of_the_home_leads_somewhere(client: TestClient) -> None:
    links = set(addresses(read(page(client, "/")), "//main//a"))
    assert len(links) > 20
    for link in links:
        assert (link, client.get(link).status_code) == (link, HTTPStatus.OK)


def test_an_answer_shows_hits_with_their_words_marked(client: TestClient) -> None:
    tree = read(page(client, "/search?q=munitions+Russie"))
    assert texts(tree, TITLES)[:3] == [
        "Pyongyang livre des obus d'artillerie",
        "Kim attendu à Vladivostok",
        "L'Ukraine réclame des munitions",
    ]
    assert texts(tree, "(//p[@class='snippet'])[3]/mark") == ["munitions", "Russie"]
    assert texts(tree, "(//p[@class='about'])[3]/*") == [
        "Agence Nord · monde · p. A6",
        "2 November 2023",
        "Paul Exemple",
    ]


def test_a_copy_is_in_the_row_of_its_article(client: TestClient) -> None:
    tree = read(page(client, "/search?q=Vladivostok&mode=keyword"))
    assert texts(tree, SUMMARY) == ["1 article"]
    assert texts(tree, "//details[@class='copies']/summary") == ["Copies: 1"]
    (copy,) = addresses(tree, "//details[@class='copies']//a")
    assert texts(read(page(client, copy)), "//p[@class='citation']") == [
        "« Kim attendu à Vladivostok », Gazette du Soir, 12 septembre 2023. https://gazette.example/kim?a=1&b=2"
    ]


def test_what_answers_badly_says_so(client: TestClient) -> None:
    tree = read(page(client, "/search?q=pingouins+en+banquise&mode=semantic"))
    assert texts(tree, SUMMARY) == ["Nothing relevant"]
    assert set(texts(tree, "//li[contains(@class,'unsure')]//p[@class='tags']/span[1]")) == {
        "less likely to answer"
    }


def test_a_misspelt_word_is_corrected(client: TestClient) -> None:
    tree = read(page(client, "/search?q=munitoins&mode=keyword"))
    (link,) = addresses(tree, "//p[@class='correction']/a")
    assert texts(tree, "//p[@class='correction']") == ["Did you mean: munitions"]
    assert texts(read(page(client, link)), SUMMARY) == ["4 articles"]


def test_a_query_that_finds_nothing_has_alternatives(client: TestClient) -> None:
    tree = read(page(client, "/search?q=munitions+ET+marathon&mode=keyword"))
    assert texts(tree, SUMMARY) == ["No article found."]
    assert texts(tree, "//section[@class='alternatives']//li")[-1] == (
        "the words alone, none required 5 articles"
    )
    assert "without +munitions 1 article" in texts(tree, "//section[@class='alternatives']//li")
    for link in addresses(tree, "//section[@class='alternatives']//a"):
        assert texts(read(page(client, link)), TITLES) != []


def test_a_value_is_kept_excluded_and_let_go(client: TestClient) -> None:
    tree = read(page(client, "/search?q=munitions&mode=keyword"))
    facet = "//section[@class='facet'][h2='Sources']//li"
    assert texts(tree, facet)[0].startswith("Agence Nord 3")
    (keep,) = addresses(tree, f"{facet}/a[@class='name'][.='Agence Nord']")
    tree = read(page(client, keep))
    assert texts(tree, SUMMARY) == ["3 articles"]
    assert tree.xpath("//input[@id='q']/@value") == ['munitions source:"Agence Nord"']
    assert texts(tree, "//ul[@class='chips']/li") == ['Take off: source:"Agence Nord" ×']
    (drop,) = addresses(tree, "//ul[@class='chips']/li/a")
    assert read(page(client, drop)).xpath("//input[@id='q']/@value") == ["munitions"]
    exclude = addresses(tree, f"{facet}/a[@class='without']")
    assert read(page(client, exclude[0])).xpath("//input[@id='q']/@value")[0].startswith("munitions")
    assert "-source:" in read(page(client, exclude[0])).xpath("//input[@id='q']/@value")[0]


def test_a_bar_of_the_histogram_asks_for_its_period(client: TestClient) -> None:
    tree = read(page(client, "/search?q=munitions&mode=keyword"))
    assert texts(tree, "//section[@class='histogram']//tbody/tr") == [
        "11 September 20231",
        "12 September 20231",
        "2 November 20231",
    ]
    bars = addresses(tree, "//section[@class='histogram']//svg/a")
    table = addresses(tree, "//section[@class='histogram']//tbody//a")
    assert set(table) <= set(bars)
    tree = read(page(client, table[0]))
    assert tree.xpath("//input[@id='q']/@value")[0].startswith("munitions date:2023-")
    (every,) = addresses(tree, "//section[@class='histogram']/p[@class='extra']/a")
    assert read(page(client, every)).xpath("//input[@id='q']/@value") == ["munitions"]


def test_the_reader_shows_the_whole_text_with_what_answers(client: TestClient) -> None:
    tree = read(page(client, "/article?id=rapport&q=documents+de+Moscou&mode=keyword&place=0"))
    paragraphs = texts(tree, "//div[@class='text']/p")
    assert len(paragraphs) == 4
    assert paragraphs[3].startswith("En conclusion, les auteurs demandent que Moscou")
    assert texts(tree, "//div[@class='text']//mark") == ["document", "Moscou"]
    assert addresses(tree, "//nav[@class='jumps']/a") == ["#passage", "#p1", "#p4"]
    assert len(tree.xpath("//*[@id='passage']")) == 1
    assert texts(tree, "//p[@class='citation']") == [
        "« Ce que dit le rapport d'enquête », Gazette du Soir, octobre 2023."
    ]


def test_the_reader_walks_through_the_answer(client: TestClient) -> None:
    answer = read(page(client, "/search?q=munitions+Russie&mode=keyword"))
    links, titles = addresses(answer, f"{TITLES}/a"), texts(answer, TITLES)
    assert len(titles) >= 3
    link, walked = links[0], []
    while link:
        tree = read(page(client, link))
        walked += texts(tree, "//article//h1")
        link = next(iter(addresses(tree, "//span[@class='steps']/a[@rel='next']")), "")
    assert walked == titles
    assert addresses(tree, "//span[@class='steps']/a[@rel='prev']") == [links[len(titles) - 2]]
    (back,) = addresses(tree, "//a[@class='back']")
    assert back == f"/search?q=munitions%20Russie&mode=keyword&sort=relevance#r{len(titles)}"


def test_articles_alike_are_below_the_text(client: TestClient, archive: Index) -> None:
    alike = [hit.article.title for hit in archive.similar("obus", 6)]
    tree = read(page(client, "/article?id=obus"))
    assert texts(tree, "//section[@class='similar']//li/a") == alike
    assert len(alike) == 6


@pytest.mark.parametrize("article", HOSTILE, ids=lambda article: article.id)
def test_no_article_breaks_its_page(client: TestClient, article: object) -> None:
    ident = getattr(article, "id")  # noqa: B009
    text = page(client, f"/article?id={quote(ident, safe='')}&q=ruisseau+d%C3%A9tournement")
    tree = read(text)
    assert tree.xpath("//script | //b | //img | //@onload | //@onerror | //@style") == []
    assert texts(tree, "//article//h1") == [getattr(article, "title")]  # noqa: B009
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", text)
    assert [link for link in addresses(tree, "//a") if link.startswith("javascript")] == []


def test_hostile_queries_and_values_are_only_shown(client: TestClient) -> None:
    for typed, status in (("<script>alert(1)</script> \x00\u202e étang", OK), ('">étang', REFUSED)):
        tree = read(page(client, f"/search?q={quote(typed)}&mode=keyword", status))
        assert tree.xpath("//script") == []
        assert tree.xpath("//input[@id='q']/@value") == [typed.replace("\x00\u202e", "")]
    tree = read(page(client, "/search?q=ruisseau&mode=keyword"))
    (keep,) = addresses(tree, "//section[@class='facet']//a[@class='name'][contains(., '<Cie>')]")
    assert texts(read(page(client, keep)), SUMMARY) == ["1 article"]


@pytest.mark.parametrize(
    ("address", "status", "message"),
    [
        ("/search?q=munitions+ET", HTTPStatus.BAD_REQUEST, "The query has a mistake"),
        ("/article?id=nowhere", HTTPStatus.NOT_FOUND, "There is no article 'nowhere' in the index"),
        ("/article", HTTPStatus.NOT_FOUND, "There is no article '' in the index"),
        ("/download?q=a&format=exe", HTTPStatus.NOT_FOUND, "There is no export format 'exe'"),
        ("/search?q=dossier:Rien", HTTPStatus.BAD_REQUEST, "dossier"),
    ],
)
def test_what_cannot_be_shown_is_told_on_a_page(
    client: TestClient, address: str, status: HTTPStatus, message: str
) -> None:
    assert message in read(page(client, address, status)).xpath("string(//main)")


def test_a_search_without_a_query_is_the_home(client: TestClient) -> None:
    answer = client.get("/search?q=+", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (HTTPStatus.SEE_OTHER, "/")


@pytest.mark.parametrize(
    ("setting", "accepted", "summary", "lang"),
    [
        ("", "fr-FR,fr;q=0.9,en;q=0.8", "4 articles", "fr"),
        ("fr", "en", "4 articles", "fr"),
        ("en", "fr", "4 articles", "en"),
        ("", "de,en;q=0.5,fr;q=0.7", "4 articles", "fr"),
        ("", "de", "4 articles", "en"),
        ("", "", "4 articles", "fr"),
    ],
)
def test_the_language_is_that_of_the_settings_or_of_the_browser(
    visitor: Visitor, setting: str, accepted: str, summary: str, lang: str
) -> None:
    client = visitor(language=setting)
    client.headers["Accept-Language"] = accepted
    tree = read(page(client, "/search?q=munitions&mode=keyword"))
    assert (texts(tree, SUMMARY), tree.get("lang")) == ([summary], lang)


def test_french_pages_have_french_dates_and_signs(visitor: Visitor) -> None:
    client = visitor(language="fr")
    text = page(client, f"/article?id={quote(HOSTILE[0].id, safe='')}")
    assert read(text).xpath("string(//article//time)") == "1er\u00a0février\u00a02020 à 14\u00a0h\u00a005"
    assert "Aller au contenu" in text


def test_an_answer_is_downloaded_whole(client: TestClient) -> None:
    tree = read(page(client, "/search?q=munitions&mode=keyword"))
    links = dict(
        zip(
            texts(tree, "//section[@class='downloads']//a"),
            addresses(tree, "//section[@class='downloads']//a"),
            strict=True,
        )
    )
    assert [f"format={each.name}" in links[each.label] for each in formats()] == [True] * len(formats())
    answer = client.get(links["table (CSV)"])
    assert answer.headers["content-disposition"] == 'attachment; filename="depeche.csv"'
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(answer.text.splitlines()) == 5
    answers = client.get(links["JSON"]).json()
    assert {hit["id"] for hit in answers["results"]} == {"obus", "rapport", "ukraine", "sommet"}
    word = client.get(links["press review (Word)"])
    assert word.content.startswith(b"PK")
    assert word.headers["content-disposition"] == 'attachment; filename="depeche.docx"'
