"""What can go wrong, as one tree.

SearchError
├── UsageError                exit 2  an option or a configuration value that cannot be honoured
│   └── ConfigError           exit 2
├── QueryError(position)      exit 2  a query that cannot be understood
├── CorpusError(path)         exit 3  nothing readable, or every record rejected
├── IndexProblem
│   ├── IndexMissing          exit 4  no generation has been published yet
│   ├── IndexCorrupt          exit 5  a generation contradicts its manifest or itself
│   ├── IndexIncompatible     exit 5  sound, but made by another format, analyser or encoder
│   └── IndexBusy             exit 6  another build holds the lock
└── EncoderUnavailable        exit 7  fatal for a build; a search answers by keyword and says so, but one
                                      that is to be reranked ends

A message says what happened, where, and what to type next. Adapters translate the exceptions of
their library into these, ``from exc``. What holds values is ``Translatable``, so that the interface can
say it in another language.
"""

from typing import Self


class Translatable(str):
    """A message in English that was made of a template, whose ``{}`` stand for ``values``.

    The template is also what the message is translated by; a value may be worded itself.
    """

    __slots__ = ("template", "values")

    template: str
    values: tuple[object, ...]

    def __new__(cls, template: str, *values: object) -> Self:
        """The message with its values put in."""
        text = super().__new__(cls, template.format(*values))
        text.template, text.values = template, values
        return text


class SearchError(Exception):
    """Base of every error this program raises on purpose; ``exit_code`` is the process's.

    ``message`` is what ``str()`` gives, worded where it holds values.
    """

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UsageError(SearchError):
    """An option or argument cannot be honoured."""

    exit_code = 2


class ConfigError(UsageError):
    """A configuration file or environment variable holds a value that cannot be used."""


class QueryError(SearchError):
    """A query cannot be understood; ``position`` counts characters from 0 in the query."""

    exit_code = 2

    def __init__(self, message: str, position: int, suggestion: str = "") -> None:
        super().__init__(message)
        self.position = position
        self.suggestion = suggestion


class CorpusError(SearchError):
    """A corpus yields no article; ``path`` names the place."""

    exit_code = 3

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message)
        self.path = path


class IndexProblem(SearchError):
    """Base of what can be wrong with an index folder."""


class IndexMissing(IndexProblem):
    """No generation has been published in the index folder."""

    exit_code = 4


class IndexCorrupt(IndexProblem):
    """A generation contradicts its manifest or itself."""

    exit_code = 5


class IndexIncompatible(IndexProblem):
    """A generation is sound but was made by another format, analyser or encoder."""

    exit_code = 5


class IndexBusy(IndexProblem):
    """Another process is building in the same index folder."""

    exit_code = 6


class EncoderUnavailable(SearchError):
    """The embedding model, or a reranker, cannot be loaded or run."""

    exit_code = 7
