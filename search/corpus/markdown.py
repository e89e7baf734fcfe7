"""Markdown files: YAML front matter, then the text."""

import re
from collections.abc import Iterator, Mapping

import yaml

from search.corpus.encodings import read_text
from search.corpus.record import FIELDS, BadRecord, RawRecord
from search.corpus.values import by_name
from search.errors import Translatable

_FRONT_LIMIT = 1 << 16  # characters: the loader reads 100,000 a second
_FRONT_MATTER = re.compile(r"\s*---[^\S\n]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[^\S\n]*$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"\s*#[^\S\n]++(?P<title>[^\n]*[^\s#])[\s#]*?$", re.MULTILINE)


def read_markdown(source: Iterator[bytes]) -> Iterator[RawRecord]:
    """Read a file that holds one article.

    When the front matter gives no title and the text begins with a heading, the heading becomes the
    title and is removed from the text. Raises BadRecord when the file is too large, is not text, or has
    front matter that is not YAML.
    """
    fields, text = _split(read_text(source))
    heading = _HEADING.match(text)
    if heading and not _has_title(fields):
        fields, text = {**fields, "title": heading["title"]}, text[heading.end() :]
    yield RawRecord({**fields, "text": text})


def _has_title(fields: Mapping[str, object]) -> bool:
    named = by_name(fields)
    return any(str(named.get(name) or "").strip() for name in FIELDS["title"])


def _split(text: str) -> tuple[Mapping[str, object], str]:
    """Split a file into front matter and text. Text between two rules is not front matter."""
    front = _FRONT_MATTER.match(text)
    if not front:
        return {}, text
    if len(front["yaml"]) > _FRONT_LIMIT:
        raise BadRecord(Translatable("the front matter is longer than {} characters", _FRONT_LIMIT))
    fields = _mapping(front["yaml"])
    return ({}, text) if fields is None else (fields, text[front.end() :])


def _mapping(source: str) -> Mapping[str, object] | None:
    try:
        # BaseLoader keeps every scalar as text: 2023-09 stays a month, and "no" a word.
        loaded = yaml.load(source, Loader=yaml.BaseLoader) or {}  # noqa: S506
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        where = " ".join(str(error).split())
        raise BadRecord(
            Translatable("the front matter is not YAML; put values that hold ': ' in quotes ({})", where)
        ) from error
    return loaded if isinstance(loaded, dict) else None
