"""Marks articles as read or unread in threads, and shows what the user, or another program, has marked."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from textual.app import App

from search.tui.services.notices import report_errors
from search.tui.services.user_data import UserData
from search.types import Article
from search.user.article_marks import ArticleMarks


class Marking:
    """Changes the marks of articles, and calls ``show`` with all marks whenever they have changed."""

    def __init__(self, app: App[Any], user_data: UserData, show: Callable[[ArticleMarks], None]) -> None:
        self._app = app
        self._user_data = user_data
        self._show = show
        self._shown_version: object = None

    def refresh(self) -> None:
        """Show the marks if they have changed since the last call."""
        if self._user_data.marks_version != self._shown_version:
            self._start(lambda: None)

    def mark_read(self, articles: Sequence[Article]) -> None:
        """Mark articles as read."""
        self._start(partial(self._user_data.read_articles.add, [article.id for article in articles]))

    def toggle_read(self, articles: Sequence[Article]) -> None:
        """Mark articles as read; where all are, as unread."""
        self._start(partial(self._toggle, [article.id for article in articles]))

    def _toggle(self, ids: Sequence[str]) -> None:
        read = self._user_data.read_articles
        all_read = read.all().keys() >= set(ids)
        (read.remove if all_read else read.add)(ids)

    def _start(self, change: Callable[[], None]) -> None:
        self._app.run_worker(partial(self._change, change), group="marks", thread=True)

    def _change(self, change: Callable[[], None]) -> None:
        with report_errors(self._app):
            change()
            version = self._user_data.marks_version
            if version != self._shown_version:
                marks = self._user_data.marks()
                self._shown_version = version
                self._app.call_from_thread(self._show, marks)
