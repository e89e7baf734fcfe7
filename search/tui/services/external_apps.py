"""Articles for other programs: a web browser, an editor, the clipboard."""

import os
import shlex
import subprocess
import tempfile
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from search.errors import Translatable, UsageError
from search.export import metadata_line
from search.text.sanitize import clean, flat
from search.types import Article

_SAFE_SCHEMES = ("http", "https")


def web_address(article: Article) -> str:
    """The web address of an article; ``""`` when it has none that is safe to open."""
    try:
        scheme = urlsplit(article.url).scheme
    except ValueError:
        return ""
    return flat(article.url) if scheme.lower() in _SAFE_SCHEMES else ""


def can_browse() -> bool:
    """Whether this machine has a web browser."""
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def as_text(article: Article) -> str:
    """An article as plain text without control characters: title, facts, address, body."""
    head = "\n".join(filter(None, (flat(article.title), metadata_line(article), flat(article.url))))
    return f"{head}\n\n{clean(article.body)}\n"


def edit(article: Article, environment: Mapping[str, str] = os.environ) -> None:
    """Open a copy of an article in ``$VISUAL`` or ``$EDITOR``, and wait until the editor ends.

    Only the user can read the copy; it is removed afterwards. Raises UsageError.
    """
    editor = environment.get("VISUAL") or environment.get("EDITOR")
    if not editor:
        raise UsageError("No editor is set. Start again with the name of one: EDITOR=nano depeche")
    with tempfile.TemporaryDirectory(prefix="depeche-") as folder:
        path = Path(folder) / "article.txt"
        path.touch(mode=0o600)
        path.write_text(as_text(article), encoding="utf-8")
        try:
            subprocess.run([*shlex.split(editor), str(path)], check=False)  # noqa: S603 - the user's own choice
        except (OSError, ValueError) as exc:
            raise UsageError(
                Translatable("The editor {!r} cannot be started: {}; set EDITOR to another.", editor, exc)
            ) from exc
