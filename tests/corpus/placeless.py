"""Reads files as the corpus does, without saying where each article lies: what most tests compare."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from search import corpus
from search.build_types import Unread
from search.corpus import ReadOptions
from search.types import Article


def read(paths: Sequence[str], options: ReadOptions | None = None) -> Iterator[Article | Unread]:
    """What ``corpus.read`` gives, with a blank ``Article.file``."""
    for record in corpus.read(paths, options or ReadOptions()):
        yield replace(record, file="") if isinstance(record, Article) else record
