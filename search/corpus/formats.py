"""All formats, in the order in which they are tried: the particular before the general."""

from search.corpus.dispatches import read_dispatch
from search.corpus.format import Format, by_extension
from search.corpus.json_records import read_json, read_jsonl
from search.corpus.markdown import read_markdown
from search.corpus.pages import read_page
from search.corpus.source import Source
from search.corpus.tables import read_table

FORMATS: tuple[Format, ...] = (
    Format("JSON lines", by_extension(".jsonl", ".ndjson"), read_jsonl),
    Format("JSON", by_extension(".json"), read_json),
    Format("table", by_extension(".csv", ".tsv"), read_table),
    Format("Markdown", by_extension(".md"), read_markdown),
    Format("web page", by_extension(".html", ".htm"), read_page),
    Format("dispatch", by_extension(".txt"), read_dispatch),
)


def recognise(source: Source) -> Format | None:
    """The format of a file; None where no format recognises it."""
    return next((known for known in FORMATS if known.recognises(source)), None)
