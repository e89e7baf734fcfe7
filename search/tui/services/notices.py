"""Notices to the user about errors that do not stop the interface."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from textual.app import App
from textual.message import Message

from search.errors import SearchError


@dataclass
class Notice(Message):
    """The user should read this text, which comes from below the interface."""

    text: str


@contextmanager
def report_errors(app: App[Any]) -> Iterator[None]:
    """Post a ``Notice`` to the app for a SearchError raised inside; any thread may do so."""
    try:
        yield
    except SearchError as error:
        app.post_message(Notice(error.message))
