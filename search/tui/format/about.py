"""What an index is, in a line and in full."""

from datetime import datetime

from rich.table import Table
from rich.text import Text
from textual.content import Content

from search.build_types import Manifest
from search.errors import IndexCorrupt, IndexIncompatible, IndexMissing, SearchError
from search.text.sanitize import clean, flat
from search.tui.i18n import Texts

REPAIRABLE = (IndexCorrupt, IndexIncompatible)
_MEGABYTE = 1_000_000


def about_line(texts: Texts, manifest: Manifest) -> str:
    """How much is searched, since when and by what model."""
    articles = texts.found(manifest.articles)
    return " · ".join((articles, f"{texts.key('index of')} {_day(texts, manifest)}", _model(manifest)))


def index_facts(texts: Texts, manifest: Manifest, size: int) -> Table:
    """All there is to know of a generation, each fact beside its name."""
    key = texts.key
    facts = {
        key("articles"): texts.number(manifest.articles),
        key("passages"): texts.number(manifest.chunks),
        key("rejected"): texts.number(manifest.rejected),
        key("replaced"): texts.number(manifest.replaced),
        key("model"): f"{flat(manifest.encoder)} · {manifest.dimension} {key('dimensions')}",
        key("size"): f"{texts.number(round(size / _MEGABYTE))} {key('MB')}",
        key("made"): f"{_day(texts, manifest)}, {_moment(manifest):%H:%M}",
        key("generation"): flat(manifest.id),
        key("corpus"): ", ".join(map(flat, manifest.corpus)),
    }
    table = Table.grid(padding=(0, 2))
    for name, value in facts.items():
        table.add_row(Text(name, "dim", no_wrap=True), Text(value, overflow="fold"))
    return table


def trouble(texts: Texts, error: SearchError) -> Content:
    """Why there is nothing to search in, and the ways to an index."""
    key, missing = texts.key, isinstance(error, IndexMissing)
    title = key("There is no index yet" if missing else "The index cannot be searched")
    sample = {"build_sample": key("index the sample: a few short articles")}
    again = {"open_again": key("open it again")}
    if isinstance(error, REPAIRABLE):
        again["repair_index"] = key("repair it from what is sound of it")
    own = {"type_paths": key("type a folder of articles of your own")}
    ways = (sample if missing else again) | own
    return Content("\n").join(
        [
            Content.styled(title, "bold"),
            Content(clean(texts.said(error.message))),
            Content(),
            *(Content(f"  {texts.key_of(action)}  {way}") for action, way in ways.items()),
        ]
    )


def _day(texts: Texts, manifest: Manifest) -> str:
    made = _moment(manifest)
    return f"{made.day} {texts.months[made.month - 1]} {made.year}"


def _moment(manifest: Manifest) -> datetime:
    return datetime.fromisoformat(manifest.created).astimezone()


def _model(manifest: Manifest) -> str:
    """The encoder without its revision, such as ``e5-small 4 bits``."""
    name = manifest.encoder.partition("@")[0].removeprefix("multilingual-")
    return flat(name.replace("-q4", " 4 bits"))
