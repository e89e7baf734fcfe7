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
    facts = {
        "articles": texts.number(manifest.articles),
        "passages": texts.number(manifest.chunks),
        "rejected": texts.number(manifest.rejected),
        "replaced": texts.number(manifest.replaced),
        "model": f"{flat(manifest.encoder)} · {manifest.dimension} {texts.key('dimensions')}",
        "size": f"{texts.number(round(size / _MEGABYTE))} {texts.key('MB')}",
        "made": f"{_day(texts, manifest)}, {_moment(manifest):%H:%M}",
        "generation": manifest.id,
        "corpus": ", ".join(map(flat, manifest.corpus)),
    }
    names = {texts.key(name): value for name, value in facts.items()}
    room = 2 + max(map(cell_len, names))
    lines = [Content.assemble((name.ljust(room), "dim"), value) for name, value in names.items()]
    return Content("\n").join(lines)


def trouble(texts: Texts, error: SearchError) -> Content:
    """Why there is nothing to search in, and the two ways to an index."""
    title = "There is no index yet" if isinstance(error, IndexMissing) else "The index cannot be searched"
    ways = ("s  index the sample: a few short articles", "p  type a folder of articles of your own")
    lines = [f"  {texts.key(way)}" for way in ways]
    return Content("\n").join(
        [
            Content.styled(texts.key(title), "bold"),
            Content(clean(str(error))),
            Content(),
            *map(Content, lines),
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
