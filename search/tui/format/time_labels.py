"""The line below a histogram over time: labels of the periods, and marks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.text.periods import TimeUnit
from search.tui.format.dates import month_label
from search.tui.format.time_columns import Column, spans
from search.tui.i18n import Texts

POINTER = "▲"
"""The mark of the cursor, which needs no colour."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text that begins below a cell."""

    cell: int
    text: str


def labels(columns: Sequence[Column], width: int, texts: Texts) -> tuple[Label, ...]:
    """The labels below the columns, in order: round years first, then every period where there is room."""
    if not columns:
        return ()
    starts = [span.start for span in spans(len(columns), width)]
    placed: list[Label] = []
    for names in _label_levels([column.first for column in columns], texts):
        offered = [Label(start, name) for start, name in zip(starts, names, strict=True) if name]
        placed += _fitting(offered, placed, width)
    return tuple(sorted(placed, key=lambda label: label.cell))


def label_line(placed: Sequence[Label], width: int) -> str:
    """The labels in one line."""
    line = ""
    for label in placed:
        line = line.ljust(label.cell) + label.text
    return line.ljust(width)


def marked_line(columns: Sequence[Column], marks: Mapping[int, str], width: int, texts: Texts) -> str:
    """The labels, and in the middle of some columns a mark; labels give way to marks."""
    cells = spans(len(columns), width) if columns else ()
    marked = [Label((cells[place].start + cells[place].stop - 1) // 2, mark) for place, mark in marks.items()]
    kept = [
        label
        for label in labels(columns, width, texts)
        if all(not label.cell - 1 <= mark.cell <= label.cell + len(label.text) for mark in marked)
    ]
    return label_line(sorted([*kept, *marked], key=lambda label: label.cell), width)


def _label_levels(firsts: Sequence[str], texts: Texts) -> Iterator[list[str]]:
    """By column its label or ``""``, for one level of labels after the other."""
    unit = len(firsts[0])
    years = _where_it_changes([first[: TimeUnit.YEAR.precision] for first in firsts])
    months = _where_it_changes([first[: TimeUnit.MONTH.precision] for first in firsts])
    several_years, several_months = sum(map(bool, years)) > 1, sum(map(bool, months)) > 1
    if unit == TimeUnit.YEAR.precision or several_years:
        for step in (100, 50, 10, 5, 1):
            yield [year if year and int(year) % step == 0 else "" for year in years]
    if unit == TimeUnit.MONTH.precision or (unit > TimeUnit.MONTH.precision and several_months):
        for step in (1,) if several_years else (6, 3, 1):  # "juil. 2020" would read as a date
            yield [
                month_label(month, texts) if month and int(month[-2:]) % step == 1 % step else ""
                for month in months
            ]
    if unit == TimeUnit.DAY.precision:
        numbers = [int(first[-2:]) for first in firsts]
        for step in (10, 5, 1):
            yield [str(number) if number % step == 0 else "" for number in numbers]


def _where_it_changes(names: Sequence[str]) -> list[str]:
    return [name if name != before else "" for before, name in pairwise(["", *names])]


def _fitting(offered: Sequence[Label], placed: Sequence[Label], width: int) -> list[Label]:
    """These labels where no other begins, if all have room; the first may give way to the next."""
    taken = {label.cell for label in placed}
    new = [label for label in offered if label.cell not in taken and label.cell + len(label.text) <= width]
    for candidates in (new, new[1:]):
        line = sorted([*placed, *candidates], key=lambda label: label.cell)
        if all(before.cell + len(before.text) < after.cell for before, after in pairwise(line)):
            return list(candidates)
    return []
