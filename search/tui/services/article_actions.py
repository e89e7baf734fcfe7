"""Actions on one article: open it in another program, or copy it. Each action tells the user what it did."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from textual.app import App, SuspendNotSupported

from search.errors import SearchError
from search.export import citation
from search.text.sanitize import flat
from search.tui.i18n import Texts
from search.tui.services.external_apps import as_text, can_browse, edit, web_address
from search.tui.services.notices import report_errors
from search.types import Article


def open_in_browser(app: App[Any], texts: Texts, article: Article) -> None:
    """Open the article's address. Without a browser, show the address and copy it."""
    address = web_address(article)
    if not address:
        app.notify(texts.with_keys("It has no web address; {} opens it in the editor.", "edit"))
    elif app.is_web or can_browse():
        app.open_url(address)
    else:
        app.copy_to_clipboard(address)
        title = texts.translate("No browser here; the address is copied")
        app.notify(flat(address), title=title, markup=False)


def open_in_editor(app: App[Any], texts: Texts, article: Article) -> None:
    """Open the article's text in the editor, and wait until the user closes it."""
    try:
        with report_errors(app), _suspended(app):
            edit(article)
    except SuspendNotSupported:
        app.notify(texts.translate("There is no terminal here for an editor."), severity="warning")


def copy_text(app: App[Any], texts: Texts, article: Article) -> None:
    """Copy the article's text."""
    app.copy_to_clipboard(as_text(article))
    app.notify(texts.translate("The text is copied."))


def copy_citation(app: App[Any], texts: Texts, article: Article) -> None:
    """Copy a reference to the article."""
    app.copy_to_clipboard(citation(article))
    app.notify(citation(article), title=texts.translate("Copied"), markup=False)


@contextmanager
def _suspended(app: App[Any]) -> Iterator[None]:
    """Lend the terminal to another program.

    Textual takes the terminal back only when nothing is raised inside ``suspend``; otherwise it would stay
    frozen. So an error waits until the app has the terminal again.
    """
    error: SearchError | None = None
    with app.suspend():
        try:
            yield
        except SearchError as exc:
            error = exc
    if error is not None:
        raise error
