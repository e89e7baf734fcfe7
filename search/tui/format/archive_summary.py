"""A description of an archive in one line."""

from search.build_types import Manifest
from search.retrieval.overview import ArchiveCounts
from search.tui.format.dates import period_name
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
    if not counts.first:
        return ""
    if counts.first == counts.last:
        return f", {period_name(counts.first, texts)}"
    days = (period_name(day, texts) for day in (counts.first, counts.last))
    return texts.translate(", from {} to {}").format(*days)
