"""A press review as a web page: one file, without scripts, that can be printed."""

from html import escape
from typing import BinaryIO

from search.export.content import Export
from search.export.press_review import Entry, Layout, article_count, review_title, write_review
from search.language import FRENCH

_STYLE = """\
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.55 Georgia, serif;
  color: #1a1a1a; background: #fff; }
h1, h2 { line-height: 1.25; }
nav, h1, .facts, footer { font-family: system-ui, sans-serif; }
article { border-top: 1px solid #bbb; margin-top: 2.5rem; }
.facts { color: #444; font-size: .9rem; }
.note { border-left: .25rem solid #777; padding-left: .75rem; }
a { color: #0b4a8f; overflow-wrap: anywhere; }
@media print {
  body { max-width: none; margin: 0; font-size: 11pt; }
  article { break-before: page; border: 0; }
  h2 { break-after: avoid; }
  nav a { color: inherit; text-decoration: none; }
}
"""


def write_html(export: Export, stream: BinaryIO) -> None:
    """Write title, contents with links, articles, and sources; nothing is fetched from elsewhere."""
    write_review(export, Layout(_opening, _contents_entry, _between, _article, _sources), stream)


def _opening(export: Export) -> str:
    title = escape(review_title(export))
    language = "fr" if export.language is FRENCH else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n"
        f"<header><h1>{title}</h1></header>\n"
        f"<nav>\n<h2>{escape(export.language.translate('Contents'))}</h2>\n<ol>\n"
    )


def _contents_entry(entry: Entry) -> str:
    return f'<li><a href="#{entry.anchor}">{escape(entry.title)}</a> – {escape(entry.facts)}</li>\n'


def _between(_: Export) -> str:
    return "</ol>\n</nav>\n<main>\n"


def _article(entry: Entry, export: Export) -> str:
    authors = f'<p class="facts">{escape(entry.authors)}</p>\n' if entry.authors else ""
    paragraphs = "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in entry.paragraphs)
    is_link = entry.url.startswith(("https://", "http://"))
    link = f'<p class="facts"><a href="{escape(entry.url)}">{escape(entry.url)}</a></p>\n' if is_link else ""
    noted = export.language.translate("Note: {}").format(entry.note)
    note = f'<p class="note">{escape(noted)}</p>\n' if entry.note else ""
    return (
        f'<article id="{entry.anchor}">\n<h2>{escape(entry.title)}</h2>\n'
        f'<p class="facts">{escape(entry.facts)}</p>\n{authors}{note}{paragraphs}{link}</article>\n'
    )


def _sources(sources: list[tuple[str, int]], export: Export) -> str:
    unknown = export.language.translate("unknown source")
    items = "".join(
        f"<li>{escape(name or unknown)} – {escape(article_count(export, count))}</li>\n"
        for name, count in sources
    )
    heading = escape(export.language.translate("Sources"))
    return f"</main>\n<footer>\n<h2>{heading}</h2>\n<ul>\n{items}</ul>\n</footer>\n</body>\n</html>\n"
