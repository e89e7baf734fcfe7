"""Markdown: a numbered list of articles with what they say."""

import re
from collections.abc import Iterator, Sequence

from search.export.citation import metadata_line, snippet_prefix
from search.export.content import Content, Export
from search.text.sanitize import clean, flat
from search.text.sentences import Span
from search.types import Article, Hit

_COPY, _NOTE = "= ", "✎ "
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~&])")
_INDENT = re.compile(r"(?m)^ +")
_BLOCK = re.compile(r"(?m)^(\d*)([-+=.)])")  # the beginning of a list, a heading or a rule
_LINK = re.compile(r"https?://[^\s<>()]+")


def markdown_list(export: Export) -> Iterator[str]:
    """An entry for each hit; a whole text takes the place of the excerpt."""
    for rank, hit in enumerate(export.hits, start=export.answer.offset + 1):
        yield _entry(rank, hit, export)


def heading(text: str) -> str:
    """A text as a Markdown heading."""
    return f"## {_literal(flat(text))}\n\n"


def _entry(rank: int, hit: Hit, export: Export) -> str:
    whole = export.content is Content.WHOLE_TEXTS
    text = _literal(clean(hit.article.body)) if whole else "".join(_emphasised(hit.snippet.text, hit.marked))
    prefix = "" if whole else snippet_prefix(hit.snippet)
    quote = prefix + _BLOCK.sub(r"\1\\\2", _INDENT.sub("", text)).replace("\n", "\n   > ")
    head = f"{rank}. **{_linked(hit.article)}**  \n   {_literal(metadata_line(hit.article))}"
    copies = [_literal(flat(hit.copy_of))] if hit.copy_of else []
    copies += [f"{_linked(copy)} · {_literal(metadata_line(copy))}" for copy in hit.copies]
    copy_lines = "".join(f"   - {_COPY}{copy}\n" for copy in copies) + "\n" * bool(copies)
    note = _literal(flat(export.note(hit.article)))
    note_line = f"   {_NOTE}{note}\n\n" if note else ""
    return f"{head}\n\n   > {quote}\n\n{note_line}{copy_lines}"


def _linked(article: Article) -> str:
    """The title, linked to the address of the article if that is a plain web address."""
    title, url = _literal(flat(article.title).strip()) or "–", clean(article.url)
    return f"[{title}]({url})" if _LINK.fullmatch(url) else title


def _emphasised(text: str, spans: Sequence[Span]) -> Iterator[str]:
    done = 0
    for start, end in spans:
        yield _literal(clean(text[done:start]))
        yield f"**{_literal(clean(text[start:end]))}**"
        done = end
    yield _literal(clean(text[done:]))


def _literal(text: str) -> str:
    """The text, with a backslash before each sign of Markdown."""
    return _MARKDOWN.sub(r"\\\1", text)
