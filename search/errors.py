"""The errors of the program.

SearchError
├── UsageError                exit 2  an option or a configuration value that cannot be used
│   └── ConfigError           exit 2
├── QueryError(position)      exit 2  a query that cannot be parsed
├── CorpusError(path)         exit 3  no readable file, or every record rejected
├── IndexProblem
│   ├── IndexMissing          exit 4  no generation is published yet
│   ├── IndexCorrupt          exit 5  a generation differs from its manifest or is inconsistent
│   ├── IndexIncompatible     exit 5  a generation of another format, analyser or encoder
│   └── IndexBusy             exit 6  another build holds the lock
└── EncoderUnavailable        exit 7  ends a build and a search that reranks; other searches answer by
                                      keywords and report it

A message says what happened, where, and what to type next. Adapters translate the exceptions of their
libraries into these errors, ``from exc``. A message with values is ``Translatable``: the interface shows
it in the language of the user.
"""

from typing import Self


class Translatable(str):
    """An English message: a template whose ``{}`` stand for ``values``.

    Translations are looked up by the template. A value may be ``Translatable`` itself.
    """

    __slots__ = ("template", "values")

    template: str
    values: tuple[object, ...]

    def __new__(cls, template: str, *values: object) -> Self:
        """Put the values into the template."""
        text = super().__new__(cls, template.format(*values))
        text.template, text.values = template, values
        return text


def translatable(text: str) -> Translatable:
    """A text whose translation may be looked up, also as a value of another."""
    return (
        text if isinstance(text, Translatable) else Translatable(text.replace("{", "{{").replace("}", "}}"))
    )


def os_reason(error: OSError) -> str:
    """Why the operating system refused something."""
    return Translatable(error.strerror) if error.strerror else str(error)


class SearchError(Exception):
    """Base of all errors that this program raises; ``exit_code`` is the exit code of the process.

    ``message`` is the text of the error; it is ``Translatable`` when it has values.
    """

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UsageError(SearchError):
    """An option or argument cannot be used."""

    exit_code = 2


class ConfigError(UsageError):
    """A value of a configuration file or environment variable cannot be used."""


class QueryError(SearchError):
    """A query cannot be parsed; ``position`` is the index of the character where the error is."""

    exit_code = 2

    def __init__(self, message: str, position: int, suggestion: str = "") -> None:
        super().__init__(message)
        self.position = position
        self.suggestion = suggestion


class CorpusError(SearchError):
    """A corpus contains no article; ``path`` is the path of the corpus."""

    exit_code = 3

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message)
        self.path = path


class IndexProblem(SearchError):
    """Base of the errors of an index."""


class IndexMissing(IndexProblem):
    """No generation is published in the index."""

    exit_code = 4


class IndexCorrupt(IndexProblem):
    """A generation differs from its manifest or is inconsistent."""

    exit_code = 5


class IndexIncompatible(IndexProblem):
    """A generation was built with another format, analyser or encoder."""

    exit_code = 5


class IndexBusy(IndexProblem):
    """Another process is building the same index."""

    exit_code = 6


class EncoderUnavailable(SearchError):
    """The embedding model or the reranker cannot be loaded or run."""

    exit_code = 7
