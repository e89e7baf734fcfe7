"""A description of an archive in one line."""

from search.build_types import Manifest
from search.retrieval.overview import ArchiveCounts
from search.text.periods import TimeUnit
from search.tui.format.dates import period_name, periods_name
from search.tui.i18n import Texts

_SEPARATOR = " · "


def archive_summary(texts: Texts, manifest: Manifest, counts: ArchiveCounts | None) -> str:
    """The number of articles; once they are counted, their period, sources and those without a date.

    While passages are still being encoded, also the share of them that can be found by meaning.
    """
    facts = [texts.article_count(manifest.articles)]
    if counts is not None:
        facts[0] += _period(texts, counts)
        facts += [texts.source_count(len(counts.sources))] if counts.sources else []
        undated = counts.timeline.undated
        facts += [texts.undated_count(undated)] if undated else []
    if not manifest.complete:
        share = round(100 * manifest.encoded / max(1, manifest.chunks))
        facts.append(texts.translate("meaning: {} %").format(share))
    return _SEPARATOR.join(facts)


def _period(texts: Texts, counts: ArchiveCounts) -> str:
    """From the first day to the last; ``""`` where no article has a date."""
    first, last = counts.first, counts.last
    if not first:
        return ""
    if len(first) != len(last):
        return f", {period_name(first, texts)} – {period_name(last, texts)}"
    if first == last or len(first) < TimeUnit.DAY.precision:
        return f", {periods_name(first, last, texts)}"
    return texts.translate(", from {} to {}").format(period_name(first, texts), period_name(last, texts))
