"""Answers as text, JSON, JSON lines, CSV or Markdown, on standard output."""

import csv
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

import click
import msgspec

from search.errors import QueryError
from search.model import Article, Contribution, Result, SearchResult
from search.text.snippets import snippet_span

_SNIPPET = 280
_COLUMNS = ("rank", "id", "title", "date", "source", "section", "url", "score", "passage")


class Form(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "md"


def write(result: SearchResult, form: Form, offset: int, *, explain: bool) -> None:
    """Write an answer; ranks begin after ``offset``."""
    match form:
        case Form.JSON:
            understood = {"understood": result.understood} if explain else {}
            click.echo(_json(answer(result) | understood))
        case Form.JSONL:
            for item in result.results:
                click.echo(_json(_result(item)))
        case Form.CSV:
            _write_csv(result, offset)
        case Form.MARKDOWN:
            for rank, item in enumerate(result.results, start=offset + 1):
                click.echo(_markdown(rank, item))
        case Form.TEXT:
            _write_text(result, offset, _explanation if explain else _no_explanation)
            note = f"{result.understood}\n" if explain else ""
            click.echo(f"{note}{result.total} articles · {result.took_ms:.0f} ms · {result.mode}", err=True)


def write_answer(query_id: str, result: SearchResult) -> None:
    """Write one of many answers, as one line of JSON with the query's id."""
    click.echo(_json({"id": query_id} | answer(result)))


def write_failure(query_id: str, text: str, error: QueryError) -> None:
    """Write, in the place of an answer, why a query could not be understood."""
    told = {"message": str(error), "position": error.position, "suggestion": error.suggestion}
    click.echo(_json({"id": query_id, "query": text, "error": told}))


def write_article(article: Article, form: Form) -> None:
    """Write one article whole."""
    if form is Form.JSON:
        click.echo(
            _json(_described(article) | {"lang": article.lang, "place": article.place, "text": article.body})
        )
        return
    click.echo(f"{article.title}\n{_facts(article)}\n\n{article.body}")


def answer(result: SearchResult) -> dict[str, Any]:
    """The stable JSON form of an answer, described in README."""
    return {
        "query": result.query,
        "mode": result.mode.value,
        "total": result.total,
        "took_ms": round(result.took_ms, 1),
        "generation": result.generation_id,
        "degraded": list(result.degraded),
        "results": [_result(item) for item in result.results],
    }


def _result(item: Result) -> dict[str, Any]:
    return _described(item.article) | {
        "score": round(item.score, 6),
        "passage": asdict(item.passage),
        "highlights": [list(span) for span in item.highlights],
        "contributions": [_contribution(part) for part in item.contributions],
    }


def _described(article: Article) -> dict[str, str]:
    return {
        "id": article.id,
        "title": article.title,
        "date": article.published,
        "source": article.source,
        "section": article.section,
        "url": article.url,
    }


def _contribution(part: Contribution) -> dict[str, object]:
    return {
        "leg": part.leg.value,
        "rank": part.rank,
        "score": round(part.score, 6),
        "standardised": round(part.standardised, 6),
        "weight": round(part.weight, 6),
        "points": round(part.points, 6),
    }


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _write_csv(result: SearchResult, offset: int) -> None:
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(_COLUMNS)
    for rank, item in enumerate(result.results, start=offset + 1):
        table.writerow([rank, *_described(item.article).values(), f"{item.score:.6f}", item.passage.text])


def _markdown(rank: int, item: Result) -> str:
    article = item.article
    title = f"[{article.title}]({article.url})" if article.url else article.title
    quoted = _marked(item.passage.text, item.highlights).replace("\n", "\n   > ")
    return f"{rank}. **{title}**  \n   {_facts(article)}\n\n   > {quoted}\n"


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = f"{text[:start]}**{text[start:end]}**{text[end:]}"
    return text


def _facts(article: Article) -> str:
    facts = (article.published, article.place, article.source, article.section, article.id)
    return " · ".join(fact for fact in facts if fact)


def _write_text(result: SearchResult, offset: int, explain: Callable[[Result], str]) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False)
    for rank, item in enumerate(result.results, start=offset + 1):
        start, end = snippet_span(item.passage.text, item.highlights, _SNIPPET)
        snippet = Text("…" if start else "") + Text(" ".join(item.passage.text[start:end].split("\n")))
        lead = 1 if start else 0
        for first, last in item.highlights:
            snippet.stylize("bold underline", max(first - start, 0) + lead, max(last - start, 0) + lead)
        snippet.append("…" if end < len(item.passage.text) else "")
        more = f"\n+{item.passages_more} passages" if item.passages_more else ""
        console.print(Text(f"{rank}. {item.article.title}", "bold"))
        console.print(Padding(Text(_facts(item.article), "dim"), (0, 0, 0, 3), expand=False))
        console.print(Padding(snippet.append(more + explain(item), "dim"), (0, 0, 0, 3), expand=False))
        console.print()


def _no_explanation(_: Result) -> str:
    return ""


def _explanation(item: Result) -> str:
    lines = [
        f"\n{part.leg.value:<8} rank {part.rank or '–':>4}  score {part.score:8.3f}  "
        f"standardised {part.standardised:7.3f}  weight {part.weight:.3f}  points {part.points:7.3f}"
        for part in item.contributions
    ]
    return "".join([*lines, f"\nscore {item.score:.3f}"])
