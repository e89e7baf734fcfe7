"""Compared answers for reading: shares of the archive, rows of a table, first and last articles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.query.printer import to_text
from search.retrieval.comparison import Comparison, DatedAnswer, per_mille
from search.text.periods import TimeUnit
from search.text.sanitize import flat
from search.tui.format.dates import period_name
from search.tui.i18n import Texts
from search.types import Article

LETTERS = "AB"
_SHORTEST_TITLE = 8  # cells
_MANY = 400  # periods from which those without articles are not listed


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A name and the numbers of the answers and of the archive; ``period`` is ``""`` where it is none.

    ``whole`` says whether the row stands for all articles, so that a query without dates finds them.
    """

    name: str
    period: str
    numbers: tuple[str, ...]
    whole: bool = False


def share(texts: Texts, value: float) -> str:
    """A number of articles by thousand of the archive."""
    return f"{texts.decimal(value, 1)} ‰"


def compared_rows(
    comparison: Comparison, unit: TimeUnit, texts: Texts, *, relative: bool
) -> list[ComparedRow]:
    """The totals, every period, and the articles whose date is not precise enough or not known."""
    answers = [answer.timeline for answer in comparison.answers]

    def numbers(counts: Sequence[int], archive: int) -> tuple[str, ...]:
        shown = [
            share(texts, per_mille(count, archive)) if relative else texts.number(count) for count in counts
        ]
        return (*shown, texts.number(archive))

    def row(name: str, counts: Sequence[int], archive: int) -> ComparedRow:
        return ComparedRow(name, "", numbers(counts, archive))

    def others(name: str, counts: Sequence[int], archive: int) -> Iterator[ComparedRow]:
        if any(counts):
            yield row(name, counts, archive)

    periods = comparison.periods(unit)
    listed = [each for each in periods if len(periods) <= _MANY or any(each.counts)]
    total = numbers([timeline.total for timeline in answers], comparison.archive.total)
    imprecise = {TimeUnit.MONTH: texts.translate("no month"), TimeUnit.DAY: texts.translate("no day")}
    return [
        ComparedRow(texts.translate("total"), "", total, whole=True),
        *(
            ComparedRow(period_name(each.period, texts), each.period, numbers(each.counts, each.archive))
            for each in listed
        ),
        *others(
            imprecise.get(unit, ""),
            [timeline.imprecise(unit) for timeline in answers],
            comparison.archive.imprecise(unit),
        ),
        *others(texts.undated, [timeline.undated for timeline in answers], comparison.archive.undated),
    ]


def table_text(comparison: Comparison, unit: TimeUnit, texts: Texts) -> str:
    """Every period with its numbers of articles, below the queries: lines of fields between tabs.

    Articles whose date is not precise enough, or not known, come last. A letter precedes each query, so that
    none begins a formula.
    """
    asked = zip(LETTERS, comparison.answers, strict=False)
    queries = [f"{letter} {flat(to_text(answer.request.query))}" for letter, answer in asked]
    timelines = [*(answer.timeline for answer in comparison.answers), comparison.archive]
    periods = [(each.period, *each.counts, each.archive) for each in comparison.periods(unit)]
    others = [
        (texts.translate("less precise"), *(timeline.imprecise(unit) for timeline in timelines)),
        (texts.undated, *(timeline.undated for timeline in timelines)),
    ]
    head = (texts.translate("period"), *queries, texts.translate("archive"))
    lines = [head, *periods, *(line for line in others if any(line[1:]))]
    return "".join("\t".join(map(str, line)) + "\n" for line in lines)


def omits_periods(comparison: Comparison, unit: TimeUnit) -> bool:
    """Whether the rows leave out periods without articles."""
    return len(comparison.periods(unit)) > _MANY


def answer_facts(answer: DatedAnswer, texts: Texts, width: int) -> str:
    """The number of articles, and the first and the last one with their dates, in so many cells."""
    count = texts.article_count(answer.timeline.total)
    ends = [article for article in (answer.first, answer.last) if article is not None]
    if not ends:
        return count
    dates = [period_name(article.published[: TimeUnit.DAY.precision], texts) for article in ends]
    signs = len(f" {_quoted(texts, '')}")
    room = (width - len(" · ".join([count, *dates]))) // 2 - signs
    return " · ".join([count, *(_titled(texts, *each, room) for each in zip(dates, ends, strict=True))])


def _titled(texts: Texts, day: str, article: Article, room: int) -> str:
    """A day with a title in so many cells, where these are enough to recognise it."""
    title = flat(article.title)
    if room < _SHORTEST_TITLE:
        return day
    short = title if len(title) <= room else f"{title[: room - 1].rstrip()}…"
    return f"{day} {_quoted(texts, short)}"


def _quoted(texts: Texts, title: str) -> str:
    return texts.translate("“{}”").format(title)
