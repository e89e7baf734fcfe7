"""Errors told to the user, who goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from textual.app import App

from search.errors import SearchError
from search.text.legible import flat


@contextmanager
def telling(app: App[Any]) -> Iterator[None]:
    """Show a SearchError raised inside as a notice; in any thread."""
    try:
        yield
    except SearchError as error:
        app.notify(flat(str(error)), severity="warning", markup=False)
