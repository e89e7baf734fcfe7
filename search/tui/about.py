"""What an index is, in a line and in full."""

from datetime import datetime

from rich.cells import cell_len
from textual.content import Content

from search.errors import IndexMissing, SearchError
from search.model import Manifest
from search.text.legible import clean, flat
from search.tui.texts import Texts

_MEGABYTE = 1_000_000


def about_line(texts: Texts, manifest: Manifest) -> str:
    """How much is searched, since when and by what model."""
    articles = texts.found(manifest.articles)
    return " · ".join((articles, f"{texts.key('index of')} {_day(texts, manifest)}", _model(manifest)))


def index_facts(texts: Texts, manifest: Manifest, size: int) -> Content:
    """All there is to know of a generation, a fact a line."""
    key = texts.key
    facts = {
        key("articles"): texts.number(manifest.articles),
        key("passages"): texts.number(manifest.chunks),
        key("rejected"): texts.number(manifest.rejected),
        key("replaced"): texts.number(manifest.replaced),
        key("model"): f"{flat(manifest.encoder)} · {manifest.dimension} {key('dimensions')}",
        key("size"): f"{texts.number(round(size / _MEGABYTE))} {key('MB')}",
        key("made"): f"{_day(texts, manifest)}, {_moment(manifest):%H:%M}",
        key("generation"): manifest.id,
        key("corpus"): ", ".join(map(flat, manifest.corpus)),
    }
    room = 2 + max(map(cell_len, facts))
    lines = [Content.assemble((name.ljust(room), "dim"), value) for name, value in facts.items()]
    return Content("\n").join(lines)


def trouble(texts: Texts, error: SearchError) -> Content:
    """Why there is nothing to search in, and the two ways to an index."""
    key, missing = texts.key, isinstance(error, IndexMissing)
    title = key("There is no index yet" if missing else "The index cannot be searched")
    ways = (key("s  index the sample: a few short articles"), key("p  type a folder of articles of your own"))
    return Content("\n").join(
        [
            Content.styled(title, "bold"),
            Content(clean(str(error))),
            Content(),
            *(Content(f"  {way}") for way in ways),
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
