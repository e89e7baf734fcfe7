"""What a format is: a name, how it is recognised, and its reader."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from search.corpus.record import Fault, Omission, RawRecord
from search.corpus.source import Source

Records = Iterator[RawRecord | Fault | Omission]
"""What a reader gives: records, places that it could not read, and parts that are no articles."""


@dataclass(frozen=True, slots=True)
class Format:
    """One way in which archives lie on disk.

    ``recognises`` judges by the beginning of a file, and by its name where the content does not tell.
    ``read`` gives the records in their order; it raises BadRecord where nothing of the file can be read.
    ``elements`` says for people where the fields lie, as ``{"title": "p.titreArticleVisu"}``; it is empty
    where the records have names of their own, as columns are.
    """

    name: str
    recognises: Callable[[Source], bool]
    read: Callable[[Source], Records]
    elements: Mapping[str, str] = field(default_factory=dict)


def by_extension(*extensions: str) -> Callable[[Source], bool]:
    """Recognise a file by the end of its name, as ``.csv``."""
    return lambda source: source.extension in extensions
