"""Keeps articles apart whose ids are row numbers of different files."""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePath

from search.retention import lies_under
from search.types import Article

_WHOLE_NUMBER = re.compile(r"[0-9]+")
_COMPRESSED = ".gz"


def may_be_row_number(identifier: str) -> bool:
    """Whether an id may be the number of a row, which tells nothing in another file."""
    return _WHOLE_NUMBER.fullmatch(identifier) is not None


def distinct_id(article: Article, holder: Callable[[str], Article | None]) -> str:
    """The id under which an article is stored.

    ``holder`` gives the article that has an id already. An id that is a whole number may be the number of a
    row: if another article of another file has it, this article gets ``ID@NAME``, with the name of its file.
    If that is taken too, the folders around the file go before the name, one after the other. An article that
    has such an id keeps it. Any other id stays what it is.
    """
    if not may_be_row_number(article.id):
        return article.id
    holding = holder(article.id)
    if holding is not None and _same_file(holding, article):
        return article.id
    free = article.id
    for name in _names(article.file):
        free = f"{article.id}@{name}"
        named = holder(free)
        if named is None:
            break
        if _same_file(named, article):
            return free
    same = holding is None or (holding.title, holding.body) == (article.title, article.body)
    return article.id if same else free


def _same_file(holding: Article, article: Article) -> bool:
    """Whether they come from one file; of an old index, only the folder may be known, or nothing."""
    return not holding.file or lies_under(article.file, (holding.file,))


def _names(file: str) -> Iterator[str]:
    """The name of a file without extension, then with its folder, then with one more each time."""
    path = PurePath(file.removesuffix(_COMPRESSED))
    folders = [part for part in path.parts[:-1] if part != path.root]
    name = path.stem
    yield name
    for folder in reversed(folders):
        name = f"{folder}/{name}"
        yield name
