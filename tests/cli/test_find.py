import csv
import io
from datetime import date

import pytest

from search.config import Settings, load
from search.index import engine_over
from search.local.reader import Generation
from search.query.parser import parse
from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.types import Mode
from search.user.dossiers import DossierArticle, Dossiers
from search.user.index_folder import index_folder
from search.user.storage import default_folder
from tests.press import PRESS

from .running import KEYS, Depeche, Ran, find, untimed

BODIES = {article.id: article.body for article in PRESS}
RESULT_KEYS = [
    "id", "title", "date", "source", "section", "url", "author", "page", "place",
    "kicker", "standfirst", "keywords", "edition", "word_count", "score", "evidence",
    "passage", "snippet", "highlights", "contributions", "copies", "copy_of",
]  # fmt: skip
LEGS = ["keyword", "passage", "semantic"]


def test_an_answer_has_the_promised_form(depeche: Depeche, generation: Generation) -> None:
    ran = find(depeche, '"train chargé" munitions')

    answer = ran.json
    assert (ran.code, ran.err) == (0, "")
    assert list(answer) == KEYS
    assert (answer["query"], answer["mode"], answer["total"]) == ('"train chargé" munitions', "hybrid", 1)
    assert (answer["generation"], answer["degraded"]) == (generation.manifest.id, [])
    (hit,) = answer["results"]
    assert list(hit) == RESULT_KEYS
    assert {key: hit[key] for key in RESULT_KEYS[:14]} == {
        "id": "obus",
        "title": "Pyongyang livre des obus d'artillerie",
        "date": "2023-09-12",
        "source": "Agence Nord",
        "section": "monde",
        "url": "",
        "author": "Jeanne Modèle; Paul Exemple",
        "page": "",
        "place": "",
        "kicker": "",
        "standfirst": "",
        "keywords": "munitions; trains",
        "edition": "",
        "word_count": 0,
    }
    assert hit["passage"] == {"text": BODIES["obus"], "start": 0, "end": len(BODIES["obus"])}


def test_results_are_those_of_the_engine_in_its_order(depeche: Depeche, generation: Generation) -> None:
    answered = find(depeche, "munitions Russie").json["results"]

    expected = _engine(generation).search(Request(parse("munitions Russie", date.today())))
    assert [hit["id"] for hit in answered] == [hit.article.id for hit in expected.hits]
    assert [hit["score"] for hit in answered] == pytest.approx([hit.score for hit in expected.hits], abs=1e-5)


def test_passages_and_highlights_are_parts_of_the_article(depeche: Depeche) -> None:
    marked = {}
    for hit in find(depeche, "munitions rapport").json["results"]:
        passage = hit["passage"]
        assert BODIES[hit["id"]][passage["start"] : passage["end"]] == passage["text"]
        marked[hit["id"]] = [passage["text"][start:end] for start, end in hit["highlights"]]
    assert marked["rapport"] == ["rapport", "munitions"]
    assert marked["obus"] == ["munitions"]
    assert "marathon" not in marked


@pytest.mark.parametrize("method", ["standardised", "rrf", "convex"])
def test_contributions_add_up_to_the_score(depeche: Depeche, method: str) -> None:
    for hit in find(depeche, "munitions Russie", "--fusion", method).json["results"]:
        parts = hit["contributions"]
        among = ["coverage", "neighbours", "feedback", "expansion"] if method == "standardised" else []
        assert [part["leg"] for part in parts] == LEGS + among
        assert sum(part["points"] for part in parts) == pytest.approx(hit["score"], abs=1e-5)
        for part in parts:
            assert part["points"] == pytest.approx(part["weight"] * part["standardised"], abs=1e-4)


def test_fusion_options_reach_the_fusion(depeche: Depeche) -> None:
    options = ["--fusion", "rrf", "--rrf-k", "9", "--semantic-weight", "2", "--keyword-weight", "0"]
    (hit,) = find(depeche, "munitions Russie", "-n", "1", *options).json["results"]

    keyword, passage, semantic = hit["contributions"]
    assert (semantic["rank"], semantic["standardised"], semantic["weight"]) == (1, 0.1, 2)
    assert (keyword["weight"], passage["weight"], hit["score"]) == (0, 0, 0.2)


def test_explain_adds_what_was_understood(depeche: Depeche) -> None:
    plain, explained = (find(depeche, "munitions SAUF obus", *more).json for more in ((), ("--explain",)))

    assert explained.pop("understood") == "munitions · SAUF obus"
    for result in explained["results"]:
        why = result.pop("explain")
        (munitions,) = why["matched"]
        assert (munitions["word"], munitions["articles"], munitions["held"]) == (
            "munitions",
            4,
            why["coverage"] == 1,
        )
        assert why["best_sentence"] in result["passage"]["text"]
    assert untimed(explained) == untimed(plain)


def test_a_query_may_be_several_words(depeche: Depeche) -> None:
    together, apart = find(depeche, "munitions Russie"), find(depeche, "munitions", "Russie")

    assert untimed(together.json) == untimed(apart.json)


def test_a_query_that_begins_with_a_sign_goes_after_two(depeche: Depeche) -> None:
    ran = find(depeche, "--source", "Agence Nord", "--", "-munitions", "-Ukraine", "-armes")

    assert (ran.code, ran.json["query"]) == (0, "-munitions -Ukraine -armes")
    assert ran.ids == ["cereales", "foret"]


def test_filters_bind_what_is_found(depeche: Depeche) -> None:
    filters = ["--source", "agence nord", "--since", "2023-09", "--before", "2023-10"]

    assert set(find(depeche, "munitions", *filters).ids) == {"obus", "sommet"}
    assert [one["id"] for one in find(depeche, "munitions", *filters).json["below"]] == ["elysee"]
    assert set(find(depeche, "armes", *filters, "--section", "politique").ids) == {"elysee"}


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (["--author", "paul exemple"], {"obus", "ukraine"}),
        (["--author", "Exemple", "--author", "Jeanne Modèle"], {"obus"}),
        (["--keyword", "trains"], {"obus"}),
        (["--page", "a6"], {"ukraine"}),
        (["--place", "Armeil"], set()),
    ],
)
def test_options_name_what_an_article_says_of_itself(
    depeche: Depeche, filters: list[str], ids: set[str]
) -> None:
    assert set(find(depeche, "munitions", *filters).ids) == ids


def test_what_is_less_sure_than_asked_is_left_out(depeche: Depeche) -> None:
    whole = find(depeche, "munitions Russie").json
    sure = find(depeche, "munitions Russie", "--min-confidence", "0.5").json

    assert [hit["evidence"] >= 0.5 for hit in whole["results"]].count(True) == len(sure["results"]) > 0
    assert all(hit["evidence"] >= 0.5 for hit in sure["results"])
    assert (sure["total"], sure["below"]) == (len(sure["results"]), [])
    assert depeche("find", "munitions", "--min-confidence", "2").code == 2


def test_the_old_name_of_an_option_works_and_the_new_one_is_told_once(
    depeche: Depeche,
) -> None:
    old = find(depeche, "munitions Russie", "--min-evidence", "0.5")
    both = find(depeche, "munitions Russie", "--min-evidence", "1", "--min-confidence", "0.5")
    message = "--min-evidence is now called --min-confidence; a later version will remove the old name"

    assert old.ids == both.ids == find(depeche, "munitions Russie", "--min-confidence", "0.5").ids != []
    assert old.err == both.err == f"depeche: {message}\n"


def test_an_answer_without_anything_relevant_is_said_and_has_its_exit_code(depeche: Depeche) -> None:
    ran = find(depeche, "zorglub quimberlac")
    text = depeche("find", "zorglub quimberlac", "-n", "1")

    assert (ran.code, ran.json["total"], ran.json["relevant"], len(ran.json["below"])) == (1, 0, False, 10)
    assert text.code == 1
    assert text.out.startswith("── nothing relevant; the nearest articles ──\n\n– ")
    nearest = "no article holds a word of: zorglub quimberlac; these are the nearest"
    assert text.err.startswith(f"nothing relevant · {nearest} · ")


def test_explain_says_in_words_why_an_article_was_found(depeche: Depeche) -> None:
    asked = ("find", "munitions guerre -obus", "-n", "1", "--mode", "keyword", "--explain")
    english = " ".join(depeche(*asked).out.split())
    french = " ".join(depeche(*asked, "--language", "fr").out.replace("\u00a0", " ").split())

    assert "Speaks of munitions, but does not hold “guerre”; without “obus”, as asked." in english
    assert "Parle de munitions, mais ne contient pas « guerre » ; sans « obus », comme demandé." in french
    assert "Speaks of" not in depeche(*asked[:-1]).out


def test_a_relative_date_counts_from_today(depeche: Depeche, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.cli.find.today", lambda: date(2024, 4, 10))

    assert find(depeche, "pluie", "--since", "7j").ids == ["marathon"]


def test_by_date_the_latest_come_first(depeche: Depeche) -> None:
    ran = find(depeche, "+munitions", "--mode", "keyword", "--sort", "date")

    assert ran.ids == ["ukraine", "rapport", "obus", "sommet"]


def test_by_date_the_oldest_come_first(depeche: Depeche) -> None:
    asked = ("+munitions", "--mode", "keyword", "--sort", "oldest")

    assert find(depeche, *asked).ids == ["sommet", "obus", "rapport", "ukraine"]
    assert find(depeche, *asked, "-n", "2", "--offset", "1").ids == ["obus", "rapport"]


def test_similar_articles_come_in_the_order_asked_for(depeche: Depeche) -> None:
    nearest = depeche("similar", "obus", "-n", "4", "--format", "json").json["results"]
    oldest = depeche("similar", "obus", "-n", "4", "--format", "json", "--sort", "oldest").json["results"]

    assert [hit["id"] for hit in oldest] == [
        hit["id"] for hit in sorted(nearest, key=lambda hit: hit["date"])
    ]
    assert oldest != nearest


def test_pages_follow_each_other(depeche: Depeche) -> None:
    whole = find(depeche, "munitions Russie", "-n", "6").ids
    pages = [find(depeche, "munitions Russie", "-n", "2", "--offset", n).ids for n in ("0", "2", "4")]

    assert pages == [whole[:2], whole[2:4], whole[4:]]
    assert len(set(whole)) == 6


def test_json_lines_are_the_results(depeche: Depeche) -> None:
    lines = depeche("find", "munitions", "-n", "2", "--format", "jsonl").lines

    results = find(depeche, "munitions", "-n", "2").json["results"]
    assert lines == results


@pytest.mark.parametrize("query", ["", "  "])
def test_a_blank_query_is_an_empty_answer(depeche: Depeche, query: str) -> None:
    ran = find(depeche, query)

    assert (ran.code, ran.err) == (1, "")
    assert (ran.json["query"], ran.json["total"], ran.json["results"]) == (query, 0, [])
    assert depeche("find", query).err.startswith("no word to search for · ")


def test_nothing_found_is_said_and_has_its_exit_code(depeche: Depeche) -> None:
    empty = find(depeche, "zzzz", "--mode", "keyword")
    text = depeche("find", "zzzz", "--mode", "keyword")

    assert (empty.code, list(empty.json), empty.json["results"]) == (1, KEYS, [])
    assert (text.code, text.out) == (1, "")
    assert text.err.startswith("nothing found for: zzzz · ")


def test_a_misspelt_word_is_corrected_for_a_reader(depeche: Depeche) -> None:
    ran = depeche("find", "--mode", "keyword", "-n", "1", "marathn de Lille")

    assert (ran.code, ran.out.splitlines()[0]) == (0, "1. Un marathon sous la pluie")
    assert ran.err.splitlines()[1:] == ["Did you mean: marathon de Lille"]
    assert depeche("find", "marathn", "--mode", "keyword").err.endswith("\nDid you mean: marathon\n")
    assert find(depeche, "marathn de Lille").err == ""


def test_bytes_that_are_no_text_are_searched_all_the_same(depeche: Depeche) -> None:
    ran = find(depeche, "pluie \udcff", "--source", "Sport Matin \udcff", "--explain")

    assert (ran.code, ran.ids) == (0, ["marathon"])
    assert (ran.json["query"], ran.json["understood"]) == (
        "pluie \ufffd",
        'pluie · source:"Sport Matin \ufffd"',
    )


def test_without_encoder_keywords_answer_and_say_so(depeche: Depeche, no_encoder: list[str]) -> None:
    ran = find(depeche, "munitions Russie")

    notice = "Answered by keywords only: The model is not here; get it."
    assert (ran.code, ran.err) == (0, f"depeche: {notice}\n")
    assert ran.json["degraded"] == [notice]
    assert ran.ids == find(depeche, "munitions Russie", "--mode", "keyword").ids
    assert no_encoder == [None]


def test_an_article_is_shown_whole(depeche: Depeche) -> None:
    article = next(article for article in PRESS if article.id == "rapport")

    facts = "2023-10 · Gazette du Soir · monde · rapport"
    assert depeche("show", "rapport") == Ran(0, f"{article.title}\n{facts}\n\n{article.body}\n", "")
    assert depeche("show", "rapport", "--format", "json").json == {
        "id": "rapport",
        "title": article.title,
        "date": "2023-10",
        "source": "Gazette du Soir",
        "section": "monde",
        "url": "",
        "author": "",
        "page": "",
        "place": "",
        "kicker": "",
        "standfirst": "",
        "keywords": "",
        "edition": "",
        "word_count": 0,
        "lang": "fr",
        "file": "",
        "text": article.body,
    }


def test_similar_articles_leave_out_the_one_they_resemble(depeche: Depeche, generation: Generation) -> None:
    ran = depeche("similar", "obus", "-n", "3", "--format", "json")

    assert (ran.code, ran.json["query"], ran.json["mode"], ran.json["total"]) == (0, "obus", "semantic", 11)
    assert "obus" not in ran.ids
    expected = _engine(generation).similar("obus", 3)
    assert ran.ids == [hit.article.id for hit in expected.hits]
    scores = [hit["score"] for hit in ran.json["results"]]
    assert scores == sorted(scores, reverse=True)


def _engine(generation: Generation) -> Engine:
    return engine_over(generation, Settings(mode=Mode.HYBRID))


def test_a_dossier_is_exported_with_its_notes(depeche: Depeche) -> None:
    entries = [DossierArticle("obus", "Obus", note="à vérifier"), DossierArticle("ukraine", "Kiev")]
    Dossiers(index_folder(default_folder(), load({}))).add("Armes", entries)
    rows = csv.DictReader(io.StringIO(depeche("find", "tag:armes", "--format", "csv").out))
    assert {row["id"]: row["note"] for row in rows} == {"obus": "à vérifier", "ukraine": ""}
    results = find(depeche, "tag:* obus").json["results"]
    assert {result["id"]: result["note"] for result in results} == {"obus": "à vérifier", "ukraine": ""}
    assert "note" not in find(depeche, "munitions").json["results"][0]
