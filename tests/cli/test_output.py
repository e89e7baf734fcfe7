import csv
import io
from dataclasses import replace

import pytest

from search.cli.output import OutputFormat, OutputOptions, write_hits
from search.types import Article

from .answers import ARTICLE, BODY, answer, hit_of
from .test_text_output import CONTROL, attacking

HEADER = "rank,id,title,date,source,section,url,"
HEADER += "author,page,place,kicker,standfirst,keywords,edition,word_count,"
HEADER += "score,passage,snippet,copies,copy_of"


def written(
    capsys: pytest.CaptureFixture[str], *results: Article, form: OutputFormat, offset: int = 0
) -> str:
    write_hits(
        answer([hit_of(article, "obus", "Russie") for article in results]), OutputOptions(form, offset)
    )
    ran = capsys.readouterr()
    assert ran.err == ""
    return ran.out


def test_a_table_reads_back_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    article = replace(ARTICLE, title='Un "titre", long', url="https://exemple.test/1")
    out = written(capsys, ARTICLE, article, form=OutputFormat.CSV, offset=4)

    facts, unknown = ["2023-09-12T14:30", "Agence Nord", "monde"], [*[""] * 7, "0"]
    assert list(csv.reader(io.StringIO(out))) == [
        HEADER.split(","),
        ["5", "n1", "Des obus passent", *facts, "", *unknown, "5.045000", BODY, BODY, "0", ""],
        [
            "6",
            "n1",
            'Un "titre", long',
            *facts,
            "https://exemple.test/1",
            *unknown,
            *["5.045000", BODY, BODY, "0", ""],
        ],
    ]


def test_an_empty_table_has_its_header(capsys: pytest.CaptureFixture[str]) -> None:
    assert written(capsys, form=OutputFormat.CSV) == f"{HEADER}\n"


def test_markdown_quotes_the_passage_with_its_marks(capsys: pytest.CaptureFixture[str]) -> None:
    article = replace(ARTICLE, title="L'*obus* [n° 1]", url="https://exemple.test/1")
    out = written(capsys, article, form=OutputFormat.MARKDOWN, offset=2)

    assert out == (
        "3. **[L'\\*obus\\* \\[n° 1\\]](https://exemple.test/1)**  \n"
        "   2023-09-12 14:30 · Agence Nord · monde · n1\n"
        "\n"
        "   > Un train chargé d'**obus** a franchi la frontière dimanche.\n"
        "   > \n"
        "   > Ces munitions, selon des sources militaires, sont destinées à la **Russie**.\n"
        "\n"
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://exemple.test/1) [x](https://y", "ftp://x"])
def test_markdown_links_to_plain_addresses_only(capsys: pytest.CaptureFixture[str], url: str) -> None:
    out = written(capsys, replace(ARTICLE, url=url), form=OutputFormat.MARKDOWN)

    assert out.startswith("1. **Des obus passent**  \n")


@pytest.mark.parametrize("form", [OutputFormat.CSV, OutputFormat.MARKDOWN, OutputFormat.TEXT])
def test_no_text_can_command_a_terminal(capsys: pytest.CaptureFixture[str], form: OutputFormat) -> None:
    article = attacking()

    write_hits(answer([hit_of(article, "b")]), OutputOptions(form))

    out = capsys.readouterr().out
    assert "a]0;pwned[2J31mb" in out.replace("\\", "").replace("**", "")
    assert CONTROL.findall(out) == []


@pytest.mark.parametrize(
    "form", [OutputFormat.JSON, OutputFormat.JSONL, OutputFormat.CSV, OutputFormat.MARKDOWN]
)
def test_what_programs_read_is_utf8_whatever_the_terminal(
    monkeypatch: pytest.MonkeyPatch, form: OutputFormat
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", stream)
    write_hits(answer([hit_of()]), OutputOptions(form))

    stream.seek(0)
    assert "a franchi la frontière" in stream.buffer.read().decode()
