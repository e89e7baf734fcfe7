"""Errors told to the user, who goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from textual.app import App
from textual.message import Message

from search.errors import SearchError


@dataclass
class Told(Message):
    """The user should know this, which is a message from below the interface."""

    message: str


@contextmanager
def telling(app: App[Any]) -> Iterator[None]:
    """Tell the app of a SearchError raised inside; in any thread."""
    try:
        yield
    except SearchError as error:
        app.post_message(Told(error.message))
