import csv
import io
import re
from dataclasses import fields, replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.export import (
    Content,
    ExportFormat,
    article_document,
    csv_header,
    csv_rows,
    explained_document,
    export_hits,
    heading,
    hits_document,
    json_line,
    metadata_line,
)
from search.text.sanitize import clean
from search.types import (
    Article,
    ConfidenceBreakdown,
    Contribution,
    Explanation,
    Hit,
    Hits,
    Leg,
    MatchedWord,
    Mode,
    Passage,
    Snippet,
)

BODY = "Des obus.\n\nEt *des* trains d'obus."
ARTICLE = Article(
    "n1",
    "Des obus [bis]",
    BODY,
    "2023-09-12T14:30",
    "AFP",
    "monde",
    "https://exemple.fr/n1",
    "fr",
    "Séoul",
    author="Jeanne Modèle; Paul Exemple",
    page="A6",
    kicker="TRAINS",
    standfirst="Des obus.",
    keywords="munitions; trains",
    edition="Valmont",
    word_count=412,
    file="/archive/n1.html",
)
PARTS = (
    Contribution(Leg.KEYWORD, 1, 18.67159999, 6.9, 0.225, 1.5525),
    Contribution(Leg.SEMANTIC, 12, 0.8814, -5.0, 0.7, -3.5),
)


def hit_of(article: Article = ARTICLE) -> Hit:
    passage = Passage(article.body, 0, len(article.body))
    snippet = Snippet(article.body, 0, len(article.body), Leg.KEYWORD)
    return Hit(article, -1.9475, passage, snippet, ((4, 8),), PARTS, confidence=0.287654)


def answered(*results: Hit) -> Hits:
    notice = "Answered by keywords only"
    return Hits("obus", "obus", Mode.HYBRID, results, 7, "g1", 12.345, (notice,), 0.707654)


RESULT = {
    "id": "n1",
    "title": "Des obus [bis]",
    "date": "2023-09-12T14:30",
    "source": "AFP",
    "section": "monde",
    "url": "https://exemple.fr/n1",
    "author": "Jeanne Modèle; Paul Exemple",
    "page": "A6",
    "place": "Séoul",
    "kicker": "TRAINS",
    "standfirst": "Des obus.",
    "keywords": "munitions; trains",
    "edition": "Valmont",
    "word_count": 412,
    "score": -1.9475,
    "evidence": 0.2877,
    "passage": {"text": BODY, "start": 0, "end": 34},
    "snippet": {"text": BODY, "start": 0, "end": 34, "leg": "keyword"},
    "highlights": [[4, 8]],
    "contributions": [
        {
            "leg": "keyword",
            "rank": 1,
            "score": 18.6716,
            "standardised": 6.9,
            "weight": 0.225,
            "points": 1.5525,
        },
        {"leg": "semantic", "rank": 12, "score": 0.8814, "standardised": -5.0, "weight": 0.7, "points": -3.5},
    ],
    "copies": [],
    "copy_of": "",
}
ANSWER = {
    "query": "obus",
    "mode": "hybrid",
    "total": 7,
    "evidence": 0.7077,
    "relevant": True,
    "took_ms": 12.3,
    "generation": "g1",
    "degraded": ["Answered by keywords only"],
    "results": [RESULT],
    "below": [],
}


def test_json_is_one_line_with_everything() -> None:
    text = export_hits(answered(hit_of()), ExportFormat.JSON)

    assert text == json_line(hits_document(answered(hit_of())))
    assert text.count("\n") == 1
    assert msgspec.json.decode(text) == ANSWER


def test_json_lines_are_the_results_in_order() -> None:
    text = export_hits(answered(hit_of(), hit_of(replace(ARTICLE, id="n2"))), ExportFormat.JSONL)

    assert [msgspec.json.decode(line) for line in text.splitlines()] == [RESULT, RESULT | {"id": "n2"}]
    assert export_hits(answered(), ExportFormat.JSONL) == ""


def test_reasons_stand_beside_their_results() -> None:
    grounds = ConfidenceBreakdown(
        0.287654, 0.5, 0.25, 0.125, 0.75, 1.25, -3.6, 2.4, 0.475, -0.275, -3.75, 0.107
    )
    matched = (MatchedWord("obus", 3, 1.23456789, in_article=True),)
    why = Explanation(PARTS, matched, 0.33333333, "Des obus.", grounds)

    document = explained_document(answered(hit_of()), iter([why]))

    assert document == ANSWER | {
        "understood": "obus",
        "results": [
            RESULT
            | {
                "explain": {
                    "matched": [{"word": "obus", "articles": 3, "idf": 1.234568, "held": True}],
                    "coverage": 0.333333,
                    "best_sentence": "Des obus.",
                    "evidence": {
                        "evidence": 0.2877,
                        "coverage": 0.5,
                        "support": 0.25,
                        "missing": 0.125,
                        "later": 0.75,
                        "likeness": 1.25,
                        "constant": -3.6,
                        "words": 2.4,
                        "weakest": 0.475,
                        "names": -0.275,
                        "years": -3.75,
                        "meaning": 0.107,
                    },
                }
            }
        ],
    }


def test_what_stands_below_the_line_is_told_apart() -> None:
    none = replace(answered(), total=0, confidence=0.1, below=(hit_of(),))

    assert hits_document(none) == ANSWER | {
        "total": 0, "evidence": 0.1, "relevant": False, "results": [], "below": [RESULT]
    }  # fmt: skip
    assert (export_hits(none, ExportFormat.JSONL), export_hits(none, ExportFormat.MARKDOWN)) == ("", "")
    assert export_hits(none, ExportFormat.CSV).count("\n") == 1


def test_results_without_a_reason_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="shorter"):
        explained_document(answered(hit_of()), ())


def every_text(text: str) -> Article:
    """An article with the same text in every field."""
    return Article(**{field.name: text for field in fields(Article) if field.type is str})  # type: ignore[arg-type]


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_a_table_has_a_row_an_article_ranked_from_the_offset() -> None:
    head, first, second = rows(export_hits(answered(hit_of(), hit_of()), ExportFormat.CSV, 10))

    assert head[:7] == ["rank", "id", "title", "date", "source", "section", "url"]
    assert head[7:10] == ["author", "page", "place"]
    assert head[10:15] == ["kicker", "standfirst", "keywords", "edition", "word_count"]
    assert head[15:] == ["score", "passage", "snippet", "copies", "copy_of"]
    values = ["n1", "Des obus [bis]", "2023-09-12T14:30", "AFP", "monde", "https://exemple.fr/n1"]
    values += ["Jeanne Modèle; Paul Exemple", "A6", "Séoul", "TRAINS", "Des obus.", "munitions; trains"]
    values += ["Valmont", "412"]
    assert first == ["11", *values, "-1.947500", BODY, BODY, "0", ""]
    assert second == ["12", *first[1:]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＠", "\t=", "\r+", "\n =", "\u200b=", "\x00@"])
def test_no_cell_is_a_formula(start: str) -> None:
    text = f"{start}cmd|'/c calc'!A1"
    article = every_text(text)
    _, row = rows(
        export_hits(answered(replace(hit_of(article), highlights=(), copy_of=text)), ExportFormat.CSV)
    )

    cells = [*row[1:14], row[16], row[17], row[19]]
    assert all(cell.endswith("cmd|'/c calc'!A1") for cell in cells)
    assert {cell[0] for cell in cells} == {"'"}
    assert row[14:16] == ["0", "-1.947500"]


@pytest.mark.parametrize("start", ["\n=", "a;=", "a\n; +", "a;\t@", "\n\n -", ";;="])
def test_no_cell_is_a_formula_where_cells_end_at_semicolons(start: str) -> None:
    text = f"{start}cmd|'/c calc'!A1"
    article = every_text(text)
    written = export_hits(answered(replace(hit_of(article), highlights=())), ExportFormat.CSV)

    cells = [cell.strip(' "') for line in written.splitlines() for cell in line.split(";")]
    assert written.count("cmd") == 15
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_cells_may_come_before_those_of_a_result() -> None:
    one, two = rows(csv_rows(answered(hit_of(), hit_of()), 4, "q1", "-grève\tà\rLille"))

    assert [row[:4] for row in (one, two)] == [["q1", "'-grève àLille", rank, "n1"] for rank in ("5", "6")]
    assert one[2:] == rows(export_hits(answered(hit_of()), ExportFormat.CSV, 4))[1]
    assert rows(csv_header("query_id", "query"))[0][:4] == ["query_id", "query", "rank", "id"]


def test_a_heading_is_one_line_of_plain_text() -> None:
    assert heading("*grève*\n# [trains]") == "## \\*grève\\* \\# \\[trains\\]\n\n"


@given(st.text(max_size=30) | st.text("=+-@;\n\t\r \"'a", max_size=12))
def test_a_cell_never_begins_like_a_formula(title: str) -> None:
    _, row = rows(export_hits(answered(hit_of(replace(ARTICLE, title=title))), ExportFormat.CSV))

    signs = tuple("=+-@＝＋－＠")
    cells = [row[2].lstrip(), *(cell.strip() for cell in re.split("[\n;]", row[2]))]
    assert [cell for cell in cells if cell.startswith(signs)] == []
    assert row[2].replace("'", "") == clean(title).replace("'", "")


def test_markdown_numbers_links_and_marks() -> None:
    assert export_hits(answered(hit_of()), ExportFormat.MARKDOWN, 2) == (
        "3. **[Des obus \\[bis\\]](https://exemple.fr/n1)**  \n"
        "   2023-09-12 14:30 · Séoul · AFP · monde · p. A6 · Jeanne Modèle, Paul Exemple · n1\n"
        "\n"
        "   > Des **obus**.\n"
        "   > \n"
        "   > Et \\*des\\* trains d'obus.\n"
        "\n"
    )


OTHERS = (
    replace(ARTICLE, id="n2", source="*Gazette*", published="2023-09-11", place="", author="", page=""),
    Article("n3", "Des obus\n_ter_", BODY, url="javascript:alert()"),
)


def test_copies_are_counted_in_a_table_and_described_elsewhere() -> None:
    folded = answered(replace(hit_of(), copies=OTHERS), hit_of())

    assert [row[-2:] for row in rows(export_hits(folded, ExportFormat.CSV))[1:]] == [["2", ""], ["0", ""]]
    first, _ = msgspec.json.decode(export_hits(folded, ExportFormat.JSON))["results"]
    assert (first["copies"], first["copy_of"]) == ([article_document(copy) for copy in OTHERS], "")
    written = export_hits(folded, ExportFormat.MARKDOWN)
    assert written.removeprefix(export_hits(answered(hit_of()), ExportFormat.MARKDOWN)).startswith(
        "   - = [Des obus \\[bis\\]](https://exemple.fr/n1) · 2023-09-11 · \\*Gazette\\* · monde · n2\n"
        "   - = Des obus \\_ter\\_ · n3\n"
        "\n"
        "2. **"
    )


def test_a_copy_that_is_listed_names_what_it_is_a_copy_of() -> None:
    listed = answered(hit_of(), replace(hit_of(OTHERS[1]), copy_of="*n1*"))

    assert [row[-2:] for row in rows(export_hits(listed, ExportFormat.CSV))[1:]] == [["0", ""], ["0", "*n1*"]]
    lines = map(msgspec.json.decode, export_hits(listed, ExportFormat.JSONL).splitlines())
    assert [(line["id"], line["copy_of"]) for line in lines] == [("n1", ""), ("n3", "*n1*")]
    assert export_hits(listed, ExportFormat.MARKDOWN).endswith("trains d'obus.\n\n   - = \\*n1\\*\n\n")


def test_facts_leave_out_what_is_not_known() -> None:
    assert metadata_line(Article("n2", "", BODY)) == "n2"
    assert metadata_line(Article("n2", "", BODY, "2023", place="Séoul\n\x1b[2J")) == "2023 · Séoul [2J · n2"


def test_what_is_quoted_is_the_snippet_and_its_marks() -> None:
    passage = Passage(BODY, 0, len(BODY))
    last = Snippet("Et *des* trains d'obus.", 11, 34, Leg.KEYWORD)
    result = Hit(ARTICLE, 1.0, passage, last, ((4, 8), (29, 33)), PARTS)

    assert result.marked == ((18, 22),)
    assert export_hits(answered(result), ExportFormat.MARKDOWN).endswith(
        "   > Et \\*des\\* trains d'**obus**.\n\n"
    )
    assert rows(export_hits(answered(result), ExportFormat.CSV))[1][16:18] == [BODY, last.text]


def test_a_sentence_chosen_by_its_meaning_has_a_sign() -> None:
    nearest = replace(hit_of(), snippet=Snippet("Des obus.", 0, 9, Leg.SEMANTIC))

    assert export_hits(answered(nearest), ExportFormat.MARKDOWN).endswith("   > ≈ Des **obus**.\n\n")


def test_the_notes_of_a_dossier_are_exported_where_there_is_one() -> None:
    result, notes = answered(hit_of(ARTICLE)), {ARTICLE.id: "=à [vérifier]\nici"}
    (document,) = msgspec.json.decode(export_hits(result, ExportFormat.JSON, notes=notes))["results"]
    (row,) = csv.DictReader(io.StringIO(export_hits(result, ExportFormat.CSV, notes=notes)))
    line = msgspec.json.decode(export_hits(result, ExportFormat.JSONL, notes={}))
    assert (document["note"], row["note"]) == ("=à [vérifier]\nici", "'=à [vérifier]\nici")
    assert line["note"] == ""
    assert "   ✎ =à \\[vérifier\\] ici\n" in export_hits(result, ExportFormat.MARKDOWN, notes=notes)
    assert "✎" not in export_hits(result, ExportFormat.MARKDOWN, notes={})

    assert "note" not in hits_document(result)["results"][0]
    assert "note" not in next(csv.DictReader(io.StringIO(export_hits(result, ExportFormat.CSV))))


LONG = replace(ARTICLE, body="Des obus.\n\n- Et *des* trains.\n\n1. Fin.")


def excerpt_of(article: Article) -> Hit:
    return replace(hit_of(article), passage=Passage("Des", 0, 3), snippet=Snippet("Des", 0, 3, Leg.KEYWORD))


@pytest.mark.parametrize("notes", [None, {"n1": "à citer"}])
def test_whole_texts_are_written_where_they_are_asked_for(notes: dict[str, str] | None) -> None:
    one = answered(excerpt_of(ARTICLE))
    (row,) = csv.DictReader(io.StringIO(export_hits(one, ExportFormat.CSV, 0, notes, Content.WHOLE_TEXTS)))
    (document,) = msgspec.json.decode(export_hits(one, ExportFormat.JSON, 0, notes, Content.WHOLE_TEXTS))[
        "results"
    ]
    line = msgspec.json.decode(export_hits(one, ExportFormat.JSONL, 0, notes, Content.WHOLE_TEXTS))

    assert row["text"] == document["text"] == line["text"] == BODY
    assert row["passage"] == document["passage"]["text"] == "Des"
    assert row.get("note") == document.get("note") == line.get("note") == (notes and notes["n1"])
    assert "text" not in msgspec.json.decode(export_hits(one, ExportFormat.JSONL, 0, notes))


def test_in_markdown_a_whole_text_is_the_quotation_with_its_paragraphs() -> None:
    one = answered(excerpt_of(LONG))
    written = export_hits(one, ExportFormat.MARKDOWN, content=Content.WHOLE_TEXTS)
    quoted = [line.removeprefix("   > ") for line in written.splitlines() if line.startswith("   > ")]
    assert quoted == ["Des obus.", "", "\\- Et \\*des\\* trains.", "", "1\\. Fin."]


def test_a_cell_with_a_whole_text_begins_no_formula() -> None:
    one = answered(excerpt_of(replace(ARTICLE, body="=1+1")))
    (row,) = csv.DictReader(io.StringIO(export_hits(one, ExportFormat.CSV, content=Content.WHOLE_TEXTS)))
    assert row["text"] == "'=1+1"
