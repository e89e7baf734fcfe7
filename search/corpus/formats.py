"""All formats, in the order in which they are tried: the particular before the general."""

from search.corpus.agencies.formats import AGENCIES
from search.corpus.databases.formats import DATABASES
from search.corpus.dispatches import is_dispatch, read_dispatch
from search.corpus.documents.formats import DOCUMENTS
from search.corpus.first_record import is_json, is_json_lines
from search.corpus.format import Format, by_extension
from search.corpus.json_records import read_json, read_jsonl
from search.corpus.libraries.formats import LIBRARIES
from search.corpus.mail.formats import MAIL
from search.corpus.markdown import read_markdown
from search.corpus.pages import read_page
from search.corpus.record import FIELDS, KNOWN_NAMES
from search.corpus.research.formats import RESEARCH
from search.corpus.source import Source
from search.corpus.tables import read_table
from search.corpus.web.formats import WEB

_TEXTS = frozenset(FIELDS["text"])


def _is_json_lines(source: Source) -> bool:
    if source.extension in (".jsonl", ".ndjson"):
        return True
    return is_json_lines(source.opening) and _is_json(source)


def _is_json(source: Source) -> bool:
    """Whatever the name of the file, records have a text; a map or a notebook has none."""
    return source.extension == ".json" or (is_json(source.opening) and not _TEXTS.isdisjoint(source.names))


def _is_table(source: Source) -> bool:
    """A table may have any name where its header has a text and one more field of ours."""
    if source.extension in (".csv", ".tsv"):
        return True
    return len(KNOWN_NAMES & source.names) > 1 and not _TEXTS.isdisjoint(source.names)


def _is_page(source: Source) -> bool:
    return source.extension in (".html", ".htm", ".xhtml") or source.root == "html"


FORMATS: tuple[Format, ...] = (
    *AGENCIES,
    *DATABASES,
    *DOCUMENTS,
    *LIBRARIES,
    *RESEARCH,
    *WEB,
    *MAIL,
    Format("JSON lines", _is_json_lines, read_jsonl),
    Format("JSON", _is_json, read_json),
    Format("table", _is_table, read_table),
    Format("Markdown", by_extension(".md", ".markdown"), read_markdown),
    Format("web page", _is_page, read_page),
    Format("dispatch", is_dispatch, read_dispatch),
)


def recognise(source: Source) -> Format | None:
    """The format of a file; None where no format recognises it."""
    return next((known for known in FORMATS if known.recognises(source)), None)
