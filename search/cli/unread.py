"""What a build did not read: counted for the summary, and listed in a file with ``--rejects``."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from search.build_types import LostField, PassedOver, Rejected, Replaced, Unread
from search.cli.options import plural
from search.errors import UsageError
from search.text.sanitize import flat

rejects_option = click.option(
    "--rejects",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write what was not read to this file: path, line, reason, and whether a record was rejected, "
    "a file passed over, a field lost, or an article replaced by one with the same id.",
)


class UnreadLog:
    """Counts what was not read, and writes it to the file if there is one; a call adds one."""

    def __init__(self, path: str | None, file: TextIO | None) -> None:
        self._path, self._file = path, file
        self._rejected = self._replaced = 0
        self._first: Rejected | None = None
        self._passed_over: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()

    def __call__(self, unread: Unread) -> None:
        """Count and write one; raises UsageError when the file cannot be written."""
        match unread:
            case Rejected():
                self._rejected += 1
                self._first = self._first or unread
                what = "rejected"
            case PassedOver():
                self._passed_over[unread.kind] += 1
                what = "passed over"
            case LostField():
                self._lost[unread.field] += 1
                what = "text cut short" if unread.field == "text" else f"{unread.field} lost"
            case Replaced():
                self._replaced += 1
                what = "replaced"
        if self._path is not None and self._file is not None:
            with _write_errors(self._path):
                cells = (flat(unread.path), str(unread.line), flat(unread.reason), what)
                self._file.write("\t".join(cells) + "\n")

    def summary(self, replaced: int) -> str:
        """What is not in the index, by kind, in words; the reason where one record alone was rejected."""
        parts = [f"{self._rejected} rejected{self._only_reason()}"]
        if self._passed_over:
            parts.append(f"{self._passed_over.total()} passed over ({_kinds(self._passed_over)})")
        parts += [lost_of(name, count) for name, count in sorted(self._lost.items())]
        listed = self._rejected + self._passed_over.total() + self._lost.total() + self._replaced
        where = "list them with --rejects FILE" if self._path is None else f"listed in {flat(self._path)}"
        hint = f" – {where}" if listed > 1 or (listed and not self._rejected) else ""
        duplicates = f", {replaced} replaced by a later article with the same id" if replaced else ""
        return ", ".join(parts) + hint + duplicates

    def _only_reason(self) -> str:
        if self._first is None or self._rejected > 1:
            return ""
        line = f", line {self._first.line}" if self._first.line else ""
        return f" ({flat(self._first.path)}{line}: {flat(self._first.reason)})"


def lost_of(field: str, count: int) -> str:
    """How many values of a field were lost, in words; of a text, it is the end."""
    return f"{plural(count, field)} {'cut short' if field == 'text' else 'not read'}"


@contextmanager
def unread_log(path: str | None) -> Iterator[UnreadLog]:
    """A log that also writes to the file, if one is given; raises UsageError when it cannot be written."""
    if path is None:
        yield UnreadLog(None, None)
        return
    with _write_errors(path), Path(path).open("w", encoding="utf-8", buffering=1) as file:
        yield UnreadLog(path, file)


def check_rejects_path(rejects: str | None, paths: Sequence[str]) -> None:
    """Raise UsageError for a list that would replace, or be read as, articles."""
    from search.corpus import reads

    if rejects is None:
        return
    target = Path(os.path.realpath(rejects))  # pathlib's fails on circular links
    sources = {Path(os.path.realpath(path)) for path in paths}
    if target in sources or (reads(target) and not sources.isdisjoint(target.parents)):
        raise UsageError(f"{rejects} is among the files to index; give another file with --rejects FILE.")


def _kinds(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {flat(kind)}" for kind, count in counts.most_common())


@contextmanager
def _write_errors(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        reason = exc.strerror or exc
        raise UsageError(
            f"{path} cannot be written: {reason}; give another file with --rejects FILE."
        ) from exc
