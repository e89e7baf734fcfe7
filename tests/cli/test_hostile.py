"""Whatever stands in articles and questions, what is written is text, and for a program what it was."""

import io
import re
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from search.cli.output import OutputFormat, OutputOptions, write_article, write_hits
from search.cli.text_output import write_counts, write_title
from search.export import ExportFormat, citation, export_hits, heading
from search.types import Article, Facet, Hits
from tests.hostile import CONTROL, articles, texts

from .answers import answer, hit_of
from .running import Depeche

TAGS = {"ol", "li", "p", "br", "strong", "a", "blockquote", "h2", "ul"}
HOSTILE = "m\x1b]52;c;ZXZpbA==\x07\x9b2J\u202e[red]{}"
SHOWN = "m]52;c;ZXZpbA==2J[red]{}"


def answered(article: Article, question: str = "obus") -> Hits:
    """An answer in which the article is a result, a copy, what it is a copy of, and what is less sure."""
    one = replace(hit_of(article, "obus"), copies=(article,), copy_of=article.id)
    text = answer([one], understood=question)
    return replace(text, query=question, below=(one,), degraded=(question,))


def written(write: Callable[[], None]) -> str:
    """What is written, on standard output and error."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    with redirect_stdout(out), redirect_stderr(out):
        write()
    out.seek(0)
    return out.read()


@pytest.mark.parametrize("form", list(OutputFormat))
@given(article=articles, question=texts)
def test_no_answer_commands_a_terminal(form: OutputFormat, article: Article, question: str) -> None:
    result = answered(article, question)
    text = written(lambda: write_hits(result, OutputOptions(form, explain=form is OutputFormat.TEXT)))

    assert CONTROL.findall(text) == []


@given(articles, texts)
def test_no_page_commands_a_terminal(article: Article, text: str) -> None:
    def write() -> None:
        write_title(text)
        write_article(article, OutputFormat.TEXT)
        write_counts({Facet.SOURCE: ((text, 2), (article.source, 1))})

    assert CONTROL.findall(written(write) + citation(article) + heading(text)) == []


@given(articles, texts)
def test_json_says_what_it_was(article: Article, question: str) -> None:
    line = written(lambda: write_hits(answered(article, question), OutputOptions(OutputFormat.JSON)))
    text = msgspec.json.decode(line)

    assert line.count("\n") == 1
    assert text["query"] == question
    facts = {
        name: value for name, value in asdict(article).items() if name in ("id", "title", "source", "url")
    }
    assert {name: text["results"][0][name] for name in facts} == facts
    assert text["results"][0]["passage"]["text"] == article.body


@given(articles, texts)
def test_markdown_becomes_no_html_but_its_own(article: Article, question: str) -> None:
    text = heading(question) + export_hits(answered(article), ExportFormat.MARKDOWN)
    page = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)

    assert {tag.strip("/") for tag in re.findall(r"<(/?\w+|!)", page)} <= TAGS
    assert (page.count("<li>"), page.count("<blockquote>")) == (2 + bool(article.id), 1)
    assert all(link.startswith(("http://", "https://")) for link in re.findall(r'<a href="([^"]*)', page))
    assert re.findall(r"<a (?!href=)|<[b-z]\w* [^>]*on\w+=", page) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("find", f"titre:({HOSTILE}"),
        ("find", f'"{HOSTILE}'),
        ("find", HOSTILE, f"--{HOSTILE}"),
        ("find", HOSTILE, "--mode", HOSTILE),
        ("find", HOSTILE, "--since", HOSTILE),
        ("find", HOSTILE, "--source", HOSTILE, "--explain", "--facets"),
        ("find", "munitions", "--index", HOSTILE),
        ("find", "--queries", HOSTILE),
        ("show", HOSTILE),
        ("similar", HOSTILE),
        ("status", "--index", HOSTILE),
        ("build", HOSTILE),
        ("build", "records.jsonl", "--rejects", f"{HOSTILE}/{HOSTILE}"),
        ("build", "records.jsonl", "--column", HOSTILE),
        ("build", "records.jsonl", "--index", HOSTILE),
        ("watch", HOSTILE),
        ("news", HOSTILE),
        ("news", "--save", HOSTILE),
        ("news", "--list"),
        (HOSTILE,),
    ],
)
def test_no_message_commands_a_terminal(
    depeche: Depeche, records: str, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(Path(records).parent)
    if arguments == ("news", "--list"):
        depeche("news", "--save", HOSTILE, HOSTILE)
    ran = depeche(*arguments)

    assert CONTROL.findall(ran.out + ran.err) == []
    assert ran.out + ran.err


@pytest.mark.parametrize(
    "line",
    ['index = "{}"', 'theme = "{}"', 'mode = "{}"', '"{}" = 1', 'recency = "{}"', '[fusion]\n"{}" = 1', "{"],
)
def test_no_configuration_commands_a_terminal(
    depeche: Depeche, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    config = tmp_path / f"{HOSTILE}.toml"
    escaped = "".join(f"\\U{ord(character):08x}" for character in HOSTILE)
    config.write_text(line.replace("{}", escaped), encoding="utf-8")
    monkeypatch.setenv("DEPECHE_CONFIG", str(config))
    monkeypatch.delenv("DEPECHE_INDEX")
    ran = depeche("find", "munitions")

    assert ran.err
    assert CONTROL.findall(ran.out + ran.err) == []


def test_what_a_message_names_can_still_be_read(depeche: Depeche) -> None:
    assert depeche("status", "--index", HOSTILE).err.startswith(
        f"depeche: There is no index in {SHOWN}; run: "
    )
