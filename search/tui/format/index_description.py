"""Descriptions of an index: in one line, as a table of facts, and why none can be opened."""

from collections.abc import Mapping
from datetime import datetime

from rich.table import Table
from rich.text import Text
from textual.content import Content

from search.build_types import Manifest
from search.errors import IndexMissing, SearchError
from search.text.sanitize import clean, flat
from search.tui.format.dates import period_name
from search.tui.i18n import Texts
from search.tui.services.index_manager import REPAIRABLE

_MEGABYTE = 1_000_000


def index_summary(texts: Texts, manifest: Manifest) -> str:
    """The number of articles, how many have their meaning if not all, and the date of the index."""
    articles = texts.article_count(manifest.articles)
    meaning = () if manifest.complete else (f"{texts.translate('meaning:')} {_encoded(texts, manifest)}",)
    return " · ".join((articles, *meaning, f"{texts.translate('index of')} {_day(texts, manifest)}"))


def index_facts(texts: Texts, manifest: Manifest, size: int) -> Table:
    """All facts about a generation of ``size`` bytes, each beside its name."""
    translate = texts.translate
    encoded = {} if manifest.complete else {translate("meaning"): _encoded(texts, manifest)}
    facts = {
        translate("articles"): texts.number(manifest.articles),
        translate("passages"): texts.number(manifest.chunks),
        **encoded,
        translate("rejected"): texts.number(manifest.rejected),
        translate("replaced"): texts.number(manifest.replaced),
        translate("passed over"): _counts(texts, manifest.passed_over),
        translate("fields not read"): _counts(texts, manifest.lost_fields),
        translate("model"): f"{flat(manifest.encoder)} · {manifest.dimension} {translate('dimensions')}",
        translate("size"): f"{texts.number(round(size / _MEGABYTE))} {translate('MB')}",
        translate("built"): f"{_day(texts, manifest)}, {_created(manifest):%H:%M}",
        translate("generation"): flat(manifest.id),
        translate("corpus"): ", ".join(map(flat, manifest.corpus)),
    }
    table = Table.grid(padding=(0, 2))
    for name, value in facts.items():
        table.add_row(Text(name, "dim", no_wrap=True), Text(value, overflow="fold"))
    return table


def _counts(texts: Texts, counts: Mapping[str, int]) -> str:
    """How many of each kind, as ``2 .jpg, 1 .pdf``."""
    kinds = (f"{texts.number(count)} {flat(kind)}" for kind, count in counts.items())
    return ", ".join(kinds) or texts.number(0)


def index_problem(texts: Texts, error: SearchError) -> Content:
    """Why no index is open, and the keys that help."""
    translate, missing = texts.translate, isinstance(error, IndexMissing)
    title = translate("There is no index yet" if missing else "The index cannot be searched")
    sample = {"build_sample": translate("index the sample: a few short articles")}
    existing = {"open_again": translate("open it again")}
    if isinstance(error, REPAIRABLE):
        existing["repair_index"] = translate("repair it from its intact parts")
    own = {"type_paths": translate("type the folder of your own articles")}
    helpful = (sample if missing else existing) | own
    return Content("\n").join(
        [
            Content.styled(title, "bold"),
            Content(clean(translate(error.message))),
            Content(),
            *(Content(f"  {texts.key_name(action)}  {effect}") for action, effect in helpful.items()),
        ]
    )


def _encoded(texts: Texts, manifest: Manifest) -> str:
    """How many of the passages are encoded."""
    numbers = map(texts.number, (manifest.encoded, manifest.chunks))
    return texts.translate("{} of {} passages").format(*numbers)


def _day(texts: Texts, manifest: Manifest) -> str:
    return period_name(_created(manifest).date().isoformat(), texts)


def _created(manifest: Manifest) -> datetime:
    return datetime.fromisoformat(manifest.created).astimezone()
