"""Why a request was not answered, for programs: never with a path or an address of the server's machine."""

from enum import IntEnum
from typing import Any

from search.errors import EncoderUnavailable, QueryError, SearchError, UsageError


class Status(IntEnum):
    """Whose fault it is, as HTTP counts: the request's, an unknown article, or the server's."""

    WRONG_REQUEST = 400
    UNKNOWN_ARTICLE = 404
    UNAVAILABLE = 503


class WrongParameter(UsageError):
    """A parameter is unknown, missing or cannot be used; ``place`` is its name."""

    def __init__(self, message: str, place: str, suggestion: str) -> None:
        super().__init__(message)
        self.place = place
        self.suggestion = suggestion


class UnknownArticle(UsageError):
    """The index holds no article with the id that was asked for."""


def status_of(error: SearchError) -> Status:
    """Whose fault an error is."""
    match error:
        case WrongParameter() | QueryError():
            return Status.WRONG_REQUEST
        case UnknownArticle():
            return Status.UNKNOWN_ARTICLE
        case _:
            return Status.UNAVAILABLE


def problem_document(error: SearchError) -> dict[str, Any]:
    """The JSON object of an error, see ``documents.ProblemDocument``."""
    match error:
        case WrongParameter():
            return problem(error.message, error.suggestion, error.place)
        case QueryError():
            document = problem(error.message, error.suggestion, "query")
            document["error"]["position"] = error.position
            return document
        case UnknownArticle():
            return problem(error.message, "ids are in the results of find and similar", "id")
        case EncoderUnavailable():
            return problem(
                "The model of the server cannot be loaded, so nothing can be searched by meaning.",
                "ask with mode=keyword; the server printed the reason",
            )
        case _:
            return problem(
                "The index cannot be read at the moment.",
                "try again; if it lasts, run depeche verify where the server runs: it printed the reason",
            )


def problem(message: str, suggestion: str, place: str = "") -> dict[str, Any]:
    """The JSON object of any error; ``place`` is the name of a parameter."""
    return {"error": {"message": str(message), "suggestion": str(suggestion), "place": place}}
