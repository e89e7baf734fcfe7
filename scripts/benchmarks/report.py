"""What a benchmark found: a table to read, and JSON to keep."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.machine import machine, versions

_LEAST = 0.001  # that is written with decimals
RESULTS = Path(__file__).with_name("results")


def keep(section: str, found: Mapping[str, object]) -> None:
    """Write what a section found, with the machine, the versions and the day, under ``results/``."""
    RESULTS.mkdir(exist_ok=True)
    whole = {"section": section, "day": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine()}
    text = json.dumps(whole | {"versions": versions()} | dict(found), ensure_ascii=False, indent=1)
    (RESULTS / f"{section}.json").write_text(text + "\n", encoding="utf-8")


def show_machine() -> None:
    """Print what the figures that follow were measured on."""
    found = machine()
    sys.stdout.write(f"{found['processor']}, {found['cores']} cores, {found['instructions']}\n")


def show(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table, as Markdown with its columns in line; the first column holds names, others figures."""
    cells = [list(heads), *([_written(value) for value in row] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(heads))]
    lines = [_line(row, widths) for row in cells]
    rule = "|".join(["", "-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:]), ""])
    sys.stdout.write("\n".join(["", title, "", lines[0], rule, *lines[1:], ""]))
    sys.stdout.flush()


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = row
    figures = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
    return "| " + " | ".join([first.ljust(widths[0]), *figures]) + " |"


def _written(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.1e}" if 0 < value < _LEAST else f"{value:,.{_decimals(value)}f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _decimals(value: float) -> int:
    """Three digits that say something, and one decimal of a large figure."""
    return 3 if value < 1 else 2 if value < 10 else 1
