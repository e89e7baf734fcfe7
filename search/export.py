"""Answers as text for other programs: JSON, JSON lines, CSV and Markdown; and citations of articles."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

import msgspec

from search.retrieval.relevance import relevant
from search.text.sanitize import clean, escaped, flat
from search.text.sentences import Span
from search.types import (
    VALUE_SEPARATOR,
    Article,
    Contribution,
    Explanation,
    FacetCounts,
    Hit,
    Hits,
    Leg,
    MatchedWord,
    Snippet,
)

_COLUMNS = (
    *("rank", "id", "title", "date", "source", "section", "url", "author", "page", "place"),
    *("kicker", "standfirst", "keywords", "edition", "word_count"),
    *("score", "passage", "snippet", "copies", "copy_of"),
)
_SEMANTIC, _COPY, _NOTE = "≈ ", "= ", "✎ "
# A formula can begin a cell, or follow a semicolon or line end: a spreadsheet that separates cells by
# semicolons, as in France, does not see our quotation marks. The last four signs are full-width forms.
_SIGN = "[=+\\-@＝＋－＠]"
_FORMULA = re.compile(rf"(^(?=\s*{_SIGN})|[\n;](?=[^\S\n]*{_SIGN}))")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~&])")
_INDENT = re.compile(r"(?m)^ +")
_BLOCK = re.compile(r"(?m)^(\d*)([-+=.)])")  # the beginning of a list, a heading or a rule
_MONTHS = ("janvier février mars avril mai juin juillet août septembre octobre novembre décembre").split()
_LISTED_AUTHORS = 3
_PAGE = re.compile(r"pp?\.|pages?\b", re.IGNORECASE)  # a value that says what it is
_EDITION = re.compile(r"[ée]d(\.|ition\b)", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s<>()]+")


class ExportFormat(StrEnum):
    """The format of an exported answer."""

    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "md"


class Content(StrEnum):
    """What is written of the words of an article: the passage that answers, or the whole text too."""

    EXCERPTS = "excerpts"
    WHOLE_TEXTS = "texts"


Notes = Mapping[str, str]
"""The user's notes on the articles of a dossier, by their ids."""


def export_hits(
    result: Hits,
    export_format: ExportFormat,
    offset: int = 0,
    notes: Notes | None = None,
    content: Content = Content.EXCERPTS,
) -> str:
    """Write an answer in a format; ranks begin after ``offset``. Ends in a line feed unless empty.

    ``notes`` are written where they are given. In Markdown a whole text takes the place of the excerpt.
    """
    match export_format:
        case ExportFormat.JSON:
            return json_line(hits_document(result, notes, content))
        case ExportFormat.JSONL:
            return "".join(json_line(_hit_document(hit, notes, content)) for hit in result.hits)
        case ExportFormat.CSV:
            rows = csv_rows(result, offset, notes=notes, content=content)
            return csv_header(notes=notes, content=content) + rows
        case ExportFormat.MARKDOWN:
            entries = enumerate(result.hits, start=offset + 1)
            return "".join(_markdown(rank, hit, notes or {}, content) for rank, hit in entries)


def json_line(value: object) -> str:
    """A value as one line of JSON that is safe to show in a terminal."""
    return escaped(msgspec.json.encode(value).decode()) + "\n"


def hits_document(
    result: Hits, notes: Notes | None = None, content: Content = Content.EXCERPTS
) -> dict[str, Any]:
    """The JSON object of an answer; its keys are stable and documented."""
    return {
        "query": result.query,
        "mode": result.mode.value,
        "total": result.total,
        "evidence": round(result.confidence, 4),
        "relevant": relevant(result),
        "took_ms": round(result.took_ms, 1),
        "generation": result.generation_id,
        "degraded": list(map(str, result.degraded)),
        "results": [_hit_document(hit, notes, content) for hit in result.hits],
        "below": [_hit_document(hit, notes, content) for hit in result.below],
    }


def explained_document(
    result: Hits,
    explanations: Iterable[Explanation],
    notes: Notes | None = None,
    content: Content = Content.EXCERPTS,
) -> dict[str, Any]:
    """The JSON object of an answer, with the parsed query and the explanation of each hit, in order."""
    document = hits_document(result, notes, content)
    pairs = zip(document["results"], explanations, strict=True)
    return document | {
        "understood": result.understood,
        "results": [hit | {"explain": _explanation_document(explanation)} for hit, explanation in pairs],
    }


def facets_document(counts: FacetCounts) -> dict[str, Any]:
    """The JSON object of facet counts: for each facet, how many articles have each value."""
    return {
        facet.value: [{"value": value, "count": count} for value, count in values]
        for facet, values in counts.items()
    }


def article_document(article: Article) -> dict[str, str | int]:
    """The JSON object of an article, without its text; its keys have the order of the CSV columns.

    It does not say where the article lies on the disk: answers are given away.
    """
    return {
        "id": article.id,
        "title": article.title,
        "date": article.published,
        "source": article.source,
        "section": article.section,
        "url": article.url,
        "author": article.author,
        "page": article.page,
        "place": article.place,
        "kicker": article.kicker,
        "standfirst": article.standfirst,
        "keywords": article.keywords,
        "edition": article.edition,
        "word_count": article.word_count,
    }


def metadata_line(article: Article) -> str:
    """The date, place, source, section, page, authors and id of an article, on one line."""
    date, authors = article.published.replace("T", " "), listed(article.author)
    where = (article.place, article.source, article.section, page_label(article.page))
    return " · ".join(flat(value) for value in (date, *where, authors, article.id) if value)


def citation(article: Article) -> str:
    """A reference to an article, on one line, as the French press is cited; skips unknown values.

    ``Auteur, « Titre », Source, éd. Édition, Lieu, 12 septembre 2023, p. 3. https://…``
    """
    values = (
        _cited_authors(article.author),
        f"« {flat(article.title).strip()} »",
        *(article.source, edition_label(article.edition), article.place),
        _french_date(article.published),
        page_label(article.page),
    )
    reference = ", ".join(flat(value) for value in values if value) + "."
    return f"{reference} {flat(article.url)}".rstrip()


def listed(values: str) -> str:
    """Several authors or keywords for reading."""
    return values.replace(VALUE_SEPARATOR, ", ")


def page_label(page: str) -> str:
    """A page as it is cited: ``p. A6``; a page that is not known is ``""``."""
    return page if not page or _PAGE.match(page) else f"p. {page}"


def edition_label(edition: str) -> str:
    """An edition as it is cited: ``éd. Valmont``; one that is not known is ``""``."""
    return edition if not edition or _EDITION.match(edition) else f"éd. {edition}"


def snippet_prefix(snippet: Snippet) -> str:
    """The sign before a snippet that was chosen by its meaning; ``""`` before others."""
    return _SEMANTIC if snippet.leg is Leg.SEMANTIC else ""


def _cited_authors(author: str) -> str:
    """The authors as a list in French; of many, the first."""
    *others, last = author.split(VALUE_SEPARATOR)
    if len(others) >= _LISTED_AUTHORS:
        return f"{others[0]} et al."
    return f"{', '.join(others)} et {last}" if others else last


def _french_date(published: str) -> str:
    """A date in French, as precise as it is known."""
    year, *rest = published[:10].split("-")
    words = [year, *(_MONTHS[int(month) - 1] for month in rest[:1])]
    words += ["1er" if day == "01" else str(int(day)) for day in rest[1:]]
    return " ".join(reversed(words))


def _added(article: Article, notes: Notes | None, content: Content) -> dict[str, str]:
    """What is written of an article where it is asked for: the user's note, and its text."""
    noted = {} if notes is None else {"note": notes.get(article.id, "")}
    return noted | ({"text": article.body} if content is Content.WHOLE_TEXTS else {})


def _hit_document(hit: Hit, notes: Notes | None, content: Content) -> dict[str, Any]:
    return (
        article_document(hit.article)
        | _added(hit.article, notes, content)
        | {
            "score": round(hit.score, 6),
            "evidence": round(hit.confidence, 4),
            "passage": asdict(hit.passage),
            "snippet": asdict(hit.snippet),
            "highlights": [list(span) for span in hit.highlights],
            "contributions": [_contribution_document(part) for part in hit.contributions],
            "copies": [article_document(copy) for copy in hit.copies],
            "copy_of": hit.copy_of,
        }
    )


def _contribution_document(part: Contribution) -> dict[str, object]:
    return {
        "leg": part.leg.value,
        "rank": part.rank,
        "score": round(part.score, 6),
        "standardised": round(part.standardised, 6),
        "weight": round(part.weight, 6),
        "points": round(part.points, 6),
    }


def _explanation_document(explanation: Explanation) -> dict[str, object]:
    document = {
        "matched": [_matched_document(word) for word in explanation.matched],
        "coverage": round(explanation.coverage, 6),
        "best_sentence": explanation.best_sentence,
    }
    if explanation.confidence is None:
        return document
    confidence, *parts = asdict(explanation.confidence).items()
    values = [("evidence", confidence[1]), *parts]
    return document | {"evidence": {name: round(value, 4) for name, value in values}}


def _matched_document(word: MatchedWord) -> dict[str, object]:
    return {"word": word.text, "articles": word.articles, "idf": round(word.idf, 6), "held": word.in_article}


def csv_rows(
    result: Hits, offset: int, *before: str, notes: Notes | None = None, content: Content = Content.EXCERPTS
) -> str:
    """The hits as rows of CSV. Each row begins with the cells ``before``; ranks begin after ``offset``.

    It ends with the note where ``notes`` are given, and with the whole text where that is asked for.
    """
    return _csv(
        [
            *map(_cell, before),
            str(rank),
            *map(_cell, map(str, article_document(hit.article).values())),
            f"{hit.score:.6f}",
            _cell(hit.passage.text),
            _cell(hit.snippet.text),
            str(len(hit.copies)),
            _cell(hit.copy_of),
            *map(_cell, _added(hit.article, notes, content).values()),
        ]
        for rank, hit in enumerate(result.hits, start=offset + 1)
    )


def csv_header(*before: str, notes: Notes | None = None, content: Content = Content.EXCERPTS) -> str:
    """The header of the rows; ``before`` names the first cells."""
    note = [] if notes is None else ["note"]
    return _csv([[*before, *_COLUMNS, *note, *(["text"] if content is Content.WHOLE_TEXTS else [])]])


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _cell(text: str) -> str:
    """The text, with a ``'`` before each sign that a spreadsheet could read as the start of a formula."""
    return _FORMULA.sub(r"\1'", clean(text))


def heading(text: str) -> str:
    """A text as a Markdown heading."""
    return f"## {_literal(flat(text))}\n\n"


def _markdown(rank: int, hit: Hit, notes: Notes, content: Content) -> str:
    whole = content is Content.WHOLE_TEXTS
    text = _literal(clean(hit.article.body)) if whole else "".join(_emphasised(hit.snippet.text, hit.marked))
    prefix = "" if whole else snippet_prefix(hit.snippet)
    quote = prefix + _BLOCK.sub(r"\1\\\2", _INDENT.sub("", text)).replace("\n", "\n   > ")
    head = f"{rank}. **{_linked(hit.article)}**  \n   {_literal(metadata_line(hit.article))}"
    copies = [_literal(flat(hit.copy_of))] if hit.copy_of else []
    copies += [f"{_linked(copy)} · {_literal(metadata_line(copy))}" for copy in hit.copies]
    copy_lines = "".join(f"   - {_COPY}{copy}\n" for copy in copies) + "\n" * bool(copies)
    note = _literal(flat(notes.get(hit.article.id, "")))
    note_line = f"   {_NOTE}{note}\n\n" if note else ""
    return f"{head}\n\n   > {quote}\n\n{note_line}{copy_lines}"


def _linked(article: Article) -> str:
    """The title, linked to the address of the article if that is a plain web address."""
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
    """The text, with a backslash before each sign of Markdown."""
    return _MARKDOWN.sub(r"\\\1", text)
