"""``depeche build --dry-run``: what a build would make of each file."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from search.build_types import Stage, Unread
from search.cli.language import plural, translate
from search.cli.unread import UnreadLog, lost_of
from search.errors import CorpusError, Translatable
from search.indexing.distinct_ids import may_be_row_number
from search.text.sanitize import clean, flat

if TYPE_CHECKING:
    from search.build_types import Progress
    from search.corpus.inspection import FileReport


def dry_run(
    reports: "Iterable[FileReport | Unread]", paths: tuple[str, ...], log: UnreadLog, advance: "Progress"
) -> str:
    """Read the files and print a report for each kind of them; give the summary that a build would give.

    Files of one format whose fields come from the same columns share one report. Raises CorpusError when
    there is nothing to index.
    """
    from search.corpus.inspection import FileReport

    alike: dict[object, list[FileReport]] = {}
    ids: set[str] = set()
    replaced = done = 0
    for report in reports:
        if not isinstance(report, FileReport):
            log(report)
            continue
        for unread in report.unread:
            log(unread)
        alike.setdefault(_kind(report), []).append(report)
        own = {f"{name}@{report.path}" if may_be_row_number(name) else name for name in report.ids}
        replaced += len(report.ids) - len(own - ids)
        ids |= own
        done += len(report.ids)
        advance(Stage.READ, done, 0)
    for group in alike.values():
        click.echo(clean("\n".join(_lines(group))))
    summary = log.summary(replaced)
    if not ids:
        named = ", ".join(paths)
        raise CorpusError(Translatable("Nothing to index in {}: {}.", named, summary), named)
    articles = plural("{} article", "{} articles", len(ids))
    return translate("{}, {}; nothing was changed", articles, summary)


def _kind(report: "FileReport") -> object:
    """What two files share that are reported together."""
    rejected, passed_over, lost = report.counts
    origins = tuple((name, where) for name, (where, _) in report.origins.items())
    problems = (bool(rejected), *sorted(passed_over), *sorted(lost))
    return report.format, origins, tuple(report.left_over), tuple(report.suggested), problems


def _lines(group: "list[FileReport]") -> Iterable[str]:
    first, articles = group[0], sum(len(report.ids) for report in group)
    others = plural(" and {} file like it", " and {} files like it", len(group) - 1) if group[1:] else ""
    yield f"{flat(first.path)}{others}"
    yield f"  {first.format}, {plural('{} article', '{} articles', articles)}{_problems(group)}"
    yield from _columns((name, where, example) for name, (where, example) in first.origins.items())
    yield from _columns((translate("left over"), name, example) for name, example in first.left_over.items())
    for name, column in first.suggested.items():
        yield translate(
            "  to read {} as the {}, type --column {}, or set in the\n  configuration, under [columns]: {}",
            *(repr(column), name, f'{name}="{column}"', f'{name} = "{column}"'),
        )


def _problems(group: "list[FileReport]") -> str:
    rejected, passed_over, lost = 0, Counter[str](), Counter[str]()
    for report in group:
        counts = report.counts
        rejected, passed_over, lost = rejected + counts[0], passed_over + counts[1], lost + counts[2]
    parts = [plural("{} rejected", "{} rejected", rejected)] if rejected else []
    parts += [
        translate("{}: {}", plural("{} passed over", "{} passed over", count), translate(kind))
        for kind, count in passed_over.items()
    ]
    parts += [lost_of(name, count) for name, count in lost.items()]
    return "".join(f", {part}" for part in parts)


def _columns(rows: Iterable[tuple[str, str, str]]) -> Iterable[str]:
    shown = [tuple(map(flat, row)) for row in rows]
    first = min(max((len(name) for name, *_ in shown), default=0), 12)
    second = min(max((len(where) for _, where, _ in shown), default=0), 40)
    for name, where, example in shown:
        yield f"  {name:<{first}}  {where:<{second}}  {example}".rstrip()
