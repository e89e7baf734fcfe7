"""An article handed out of the interface, and what the user is told of it."""

from typing import Any

from textual.app import App, SuspendNotSupported

from search.export import citation
from search.text.sanitize import flat
from search.tui.i18n import Texts
from search.tui.services.error_messages import telling
from search.tui.services.external_apps import as_text, can_browse, edit, web_address
from search.types import Article


def to_browser(app: App[Any], texts: Texts, article: Article) -> None:
    """Open its address; where there is no browser, tell the address and copy it."""
    address = web_address(article)
    if not address:
        app.notify(texts.naming("It has no web address; {} opens it in the editor.", "edit"))
    elif app.is_web or can_browse():
        app.open_url(address)
    else:
        app.copy_to_clipboard(address)
        app.notify(flat(address), title=texts.key("No browser here; the address is copied"), markup=False)


def to_editor(app: App[Any], texts: Texts, article: Article) -> None:
    """Open its text, and wait until the editor is left."""
    try:
        with telling(app), app.suspend():
            edit(article)
    except SuspendNotSupported:
        app.notify(texts.key("There is no terminal here for an editor."), severity="warning")


def copy_text(app: App[Any], texts: Texts, article: Article) -> None:
    """Copy its text."""
    app.copy_to_clipboard(as_text(article))
    app.notify(texts.key("The text is copied."))


def copy_citation(app: App[Any], texts: Texts, article: Article) -> None:
    """Copy a reference to it."""
    app.copy_to_clipboard(citation(article))
    app.notify(citation(article), title=texts.key("Copied"), markup=False)
