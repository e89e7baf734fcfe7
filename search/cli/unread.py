"""What a build did not read: counted for the summary, and listed in a file with ``--rejects``."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from search.build_types import LostField, PassedOver, Rejected, Replaced, Unread, UnreadCounts
from search.cli.language import number, plural, translate
from search.errors import Translatable, UsageError, os_reason
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
        self._counts = UnreadCounts()

    def __call__(self, unread: Unread) -> None:
        """Count and write one; raises UsageError when the file cannot be written."""
        self._counts.add(unread)
        if self._path is not None and self._file is not None:
            with _write_errors(self._path):
                reason = translate(unread.reason)
                cells = (flat(unread.path), str(unread.line), flat(reason), _what(unread))
                self._file.write("\t".join(cells) + "\n")

    def summary(self, replaced: int) -> str:
        """What is not in the index, by kind, in words; the reason where one record alone was rejected."""
        counts = self._counts
        parts = [plural("{} rejected", "{} rejected", counts.rejected) + _only_reason(counts)]
        if passed_over := counts.passed_over.total():
            kinds = _kinds(counts.passed_over)
            parts.append(f"{plural('{} passed over', '{} passed over', passed_over)} ({kinds})")
        parts += [lost_of(name, count) for name, count in sorted(counts.lost_fields.items())]
        listed = counts.rejected + counts.passed_over.total() + counts.lost_fields.total() + counts.replaced
        where = (
            translate("list them with --rejects FILE")
            if self._path is None
            else translate("listed in {}", flat(self._path))
        )
        hint = f" – {where}" if listed > 1 or (listed and not counts.rejected) else ""
        duplicates = plural(
            ", {} replaced by a later article with the same id",
            ", {} replaced by a later article with the same id",
            replaced,
        )
        return ", ".join(parts) + hint + (duplicates if replaced else "")


def _what(unread: Unread) -> str:
    """What happened, as the list says it in every language: programs read this column."""
    match unread:
        case Rejected():
            return "rejected"
        case PassedOver():
            return "passed over"
        case LostField(field="text"):
            return "text cut short"
        case LostField():
            return f"{unread.field} lost"
        case Replaced():
            return "replaced"


def _only_reason(counts: UnreadCounts) -> str:
    """Why the record was rejected, where it is the only one."""
    if counts.first is None or counts.rejected > 1:
        return ""
    path, line, reason = counts.first.path, counts.first.line, flat(translate(counts.first.reason))
    if line:
        return translate(" ({}, line {}: {})", flat(path), line, reason)
    return translate(" ({}: {})", flat(path), reason)


def lost_of(field: str, count: int) -> str:
    """How many values of a field were lost, in words; of a text, it is the end."""
    if field == "text":
        return plural("{} text cut short", "{} texts cut short", count)
    return plural(*lost_labels(field), count)


def lost_labels(field: str) -> tuple[str, str]:
    """The messages for one value of a field that was lost, and for many."""
    many = f"{field.removesuffix('s')}s"
    return f"{{}} {field} not read", f"{{}} {many} not read"


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
        raise UsageError(
            Translatable("{} is among the files to index; give another file with --rejects FILE.", rejects)
        )


def _kinds(counts: Counter[str]) -> str:
    return ", ".join(f"{number(count)} {flat(translate(kind))}" for kind, count in counts.most_common())


@contextmanager
def _write_errors(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise UsageError(
            Translatable(
                "{} cannot be written: {}; give another file with --rejects FILE.", path, os_reason(exc)
            )
        ) from exc
