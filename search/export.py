"""Answers as text for other programs: JSON, JSON lines, CSV and Markdown; and an article as a reference."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

import msgspec

from search.retrieval.confidence import relevant
from search.text.sanitize import clean, escaped, flat
from search.text.sentences import Span
from search.types import Article, Contribution, Explanation, Facet, Hit, Hits, Leg, MatchedWord, Snippet

_COLUMNS = (
    *("rank", "id", "title", "date", "source", "section", "url"),
    *("score", "passage", "snippet", "copies", "copy_of"),
)
_NEAREST, _SAME = "≈ ", "= "
# At the beginning of a cell, and where a spreadsheet whose cells end at semicolons, as French ones do,
# would see one: it overlooks our quotation marks, and begins a row with each line. Four are Japanese.
_SIGN = "[=+\\-@＝＋－＠]"
_FORMULA = re.compile(rf"(^(?=\s*{_SIGN})|[\n;](?=[^\S\n]*{_SIGN}))")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~&])")
_INDENT = re.compile(r"(?m)^ +")
_BLOCK = re.compile(r"(?m)^(\d*)([-+=.)])")  # what would begin a list, a heading or a rule
_MONTHS = ("janvier février mars avril mai juin juillet août septembre octobre novembre décembre").split()
_LINK = re.compile(r"https?://[^\s<>()]+")


class Form(StrEnum):
    """How an answer is written."""

    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "md"


def export(result: Hits, form: Form, offset: int = 0) -> str:
    """An answer written in a form, ending in a line feed unless empty; ranks begin after ``offset``."""
    match form:
        case Form.JSON:
            return json_line(answer(result))
        case Form.JSONL:
            return "".join(json_line(_result(item)) for item in result.hits)
        case Form.CSV:
            return csv_header() + csv_rows(result, offset)
        case Form.MARKDOWN:
            entries = enumerate(result.hits, start=offset + 1)
            return "".join(_markdown(rank, item) for rank, item in entries)


def json_line(value: object) -> str:
    """A value as one line of JSON, legible in a terminal."""
    return escaped(msgspec.json.encode(value).decode()) + "\n"


def answer(result: Hits) -> dict[str, Any]:
    """The stable JSON form of an answer, described in README."""
    return {
        "query": result.query,
        "mode": result.mode.value,
        "total": result.total,
        "evidence": round(result.confidence, 4),
        "relevant": relevant(result),
        "took_ms": round(result.took_ms, 1),
        "generation": result.generation_id,
        "degraded": list(map(str, result.degraded)),
        "results": [_result(item) for item in result.hits],
        "below": [_result(item) for item in result.below],
    }


def explained(result: Hits, reasons: Iterable[Explanation]) -> dict[str, Any]:
    """The same, with what was understood and, for each result in order, why it is one."""
    told = answer(result)
    results = zip(told["results"], reasons, strict=True)
    return told | {
        "understood": result.understood,
        "results": [item | {"explain": _explanation(why)} for item, why in results],
    }


def counted(counts: Mapping[Facet, Sequence[tuple[str, int]]]) -> dict[str, Any]:
    """How many articles have each value, by what they are counted by."""
    return {
        facet.value: [{"value": value, "count": count} for value, count in values]
        for facet, values in counts.items()
    }


def described(article: Article) -> dict[str, str]:
    """What identifies an article, in the order of the columns of CSV."""
    return {
        "id": article.id,
        "title": article.title,
        "date": article.published,
        "source": article.source,
        "section": article.section,
        "url": article.url,
    }


def facts(article: Article) -> str:
    """Everything short about an article, its id last, on one line."""
    when = article.published.replace("T", " ")
    told = (when, article.place, article.source, article.section, article.id)
    return " · ".join(flat(fact) for fact in told if fact)


def citation(article: Article) -> str:
    """A reference to an article on one line: ``« Titre », Source, 12 septembre 2023. https://…``.

    What is unknown is left out.
    """
    told = (f"« {flat(article.title).strip()} »", flat(article.source), _in_words(article.published))
    reference = ", ".join(fact for fact in told if fact) + "."
    return f"{reference} {flat(article.url)}".rstrip()


def sign(snippet: Snippet) -> str:
    """What stands before a sentence that was chosen by its meaning."""
    return _NEAREST if snippet.leg is Leg.SEMANTIC else ""


def _in_words(published: str) -> str:
    """A date as French prints it, as precise as it is known."""
    year, *rest = published[:10].split("-")
    words = [year, *(_MONTHS[int(month) - 1] for month in rest[:1])]
    words += ["1er" if day == "01" else str(int(day)) for day in rest[1:]]
    return " ".join(reversed(words))


def _result(item: Hit) -> dict[str, Any]:
    return described(item.article) | {
        "score": round(item.score, 6),
        "evidence": round(item.confidence, 4),
        "passage": asdict(item.passage),
        "snippet": asdict(item.snippet),
        "highlights": [list(span) for span in item.highlights],
        "contributions": [_contribution(part) for part in item.contributions],
        "copies": [described(copy) for copy in item.copies],
        "copy_of": item.copy_of,
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


def _explanation(why: Explanation) -> dict[str, object]:
    told = {
        "matched": [_matched(word) for word in why.matched],
        "coverage": round(why.coverage, 6),
        "best_sentence": why.best_sentence,
    }
    if why.confidence is None:
        return told
    confidence, *parts = asdict(why.confidence).items()
    named = [("evidence", confidence[1]), *parts]
    return told | {"evidence": {name: round(value, 4) for name, value in named}}


def _matched(word: MatchedWord) -> dict[str, object]:
    return {"word": word.text, "articles": word.articles, "idf": round(word.idf, 6), "held": word.in_article}


def csv_rows(result: Hits, offset: int, *before: str) -> str:
    """The results as rows of CSV, each beginning with the cells ``before``; ranks begin after ``offset``."""
    return _csv(
        [
            *map(_cell, before),
            str(rank),
            *map(_cell, described(item.article).values()),
            f"{item.score:.6f}",
            _cell(item.passage.text),
            _cell(item.snippet.text),
            str(len(item.copies)),
            _cell(item.copy_of),
        ]
        for rank, item in enumerate(result.hits, start=offset + 1)
    )


def csv_header(*before: str) -> str:
    """The header of such rows, with the names of the cells ``before``."""
    return _csv([[*before, *_COLUMNS]])


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _cell(text: str) -> str:
    """The text, with a ``'`` before whatever a spreadsheet would take for the beginning of a formula."""
    return _FORMULA.sub(r"\1'", clean(text))


def heading(text: str) -> str:
    """A text as the heading of what follows it in Markdown."""
    return f"## {_literal(flat(text))}\n\n"


def _markdown(rank: int, item: Hit) -> str:
    quoted = _INDENT.sub("", "".join(_emphasised(item.snippet.text, item.marked)))
    quote = sign(item.snippet) + _BLOCK.sub(r"\1\\\2", quoted).replace("\n", "\n   > ")
    told = f"{rank}. **{_linked(item.article)}**  \n   {_literal(facts(item.article))}\n\n   > {quote}\n\n"
    alike = [_literal(flat(item.copy_of))] if item.copy_of else []
    alike += [f"{_linked(copy)} · {_literal(facts(copy))}" for copy in item.copies]
    return told + "".join(f"   - {_SAME}{one}\n" for one in alike) + "\n" * bool(alike)


def _linked(article: Article) -> str:
    """The title, with a link where the article has a sound one."""
    title, url = _literal(flat(article.title).strip()) or "–", clean(article.url)
    return f"[{title}]({url})" if _LINK.fullmatch(url) else title


def _emphasised(text: str, spans: Sequence[Span]) -> Iterator[str]:
    done = 0
    for start, end in spans:
        yield _literal(clean(text[done:start]))
        yield f"**{_literal(clean(text[start:end]))}**"
        done = end
    yield _literal(clean(text[done:]))


def _literal(text: str) -> str:
    """The text, without a sign that Markdown would take for its own."""
    return _MARKDOWN.sub(r"\\\1", text)
