"""Why an article answers: what each leg found, which words matched, the best sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from search.errors import SearchError
from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.text.sanitize import flat
from search.tui.i18n import Texts
from search.tui.screens.base import LocalModal
from search.types import ConfidenceBreakdown, Contribution, Explanation, Hit, MatchedWord

LEGS = {
    "keyword": "words, whole article",
    "passage": "words, best passage",
    "semantic": "meaning",
    "neighbours": "articles like it",
    "literal": "rare word, as written",
    "recency": "recent",
    "rerank": "reranker",
}


class WhyScreen(LocalModal[None]):
    """The figures of ``find --explain``; ``explain`` is called in a thread."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f6,w,q", "dismiss", "close", tooltip="Back to the results", id="close_why")
    ]

    @dataclass
    class Explained(Message):
        """The reasons are known."""

        explanation: Explanation

    @dataclass
    class Failed(Message):
        """The reasons cannot be told."""

        error: SearchError

    def __init__(self, texts: Texts, result: Hit, explain: Callable[[], Explanation]) -> None:
        super().__init__(texts)
        self._result = result
        self._explain = explain

    def compose(self) -> ComposeResult:
        """One text, which scrolls where the terminal is small."""
        with VerticalScroll(classes="box") as box:
            box.border_title = flat(self._result.article.title).replace("[", "\\[")
            box.border_subtitle = f"{self.texts.key_of('close_why')} {self.texts.key('close')}"
            yield Static(id="legs")
            yield Static(id="matched")
            yield Static(id="grounds", markup=False)
            yield Static(id="sentence", markup=False)

    def on_mount(self) -> None:
        """Ask for the reasons."""
        self._ask()

    @work(thread=True)
    def _ask(self) -> None:
        try:
            explanation = self._explain()
        except SearchError as error:
            self.post_message(self.Failed(error))
        else:
            self.post_message(self.Explained(explanation))

    @on(Failed)
    def _show_error(self, message: Failed) -> None:
        self.query_one("#sentence", Static).update(flat(self.texts.said(message.error.message)))

    @on(Explained)
    def _show(self, message: Explained) -> None:
        key, found = self.texts.key, message.explanation
        self.query_one("#legs", Static).update(legs_table(self.texts, found.contributions))
        if found.matched:
            share = Text(f"{key('share of the words’ weight held')} {found.coverage:.0%}")
            table = words_table(self.texts, found.matched)
            table.caption, table.caption_justify, table.caption_style = share, "left", ""
            self.query_one("#matched", Static).update(table)
        if found.confidence is not None:
            self.query_one("#grounds", Static).update(evidence_told(self.texts, found.confidence))
        whole = found.best_sentence == self._result.passage.text
        heading = key("Best passage") if whole else key("Best sentence")
        sentence = Content.assemble((heading, "bold"), "\n", flat(found.best_sentence))
        self.query_one("#sentence", Static).update(sentence)


def explained(engine: Engine, request: Request, result: Hit) -> Explanation:
    """Why an article answers; one that was found by likeness, for no words, by its contributions only."""
    if request.query.words:
        return engine.explain(request, result)
    return Explanation(result.contributions, (), 0.0, result.passage.text)


def legs_table(texts: Texts, contributions: tuple[Contribution, ...]) -> Table:
    """A row for each leg and the sum of their points, which is the score."""
    key = texts.key
    headings = (key("rank"), key("score"), key("standardised"), key("weight"), key("points"))
    table = _table("", *headings)
    for part in contributions:
        rank = texts.number(part.rank) if part.rank else "–"
        figures = (f"{value:.3f}" for value in (part.score, part.standardised, part.weight, part.points))
        table.add_row(key(LEGS[part.leg]), rank, *figures)
    total = sum(part.points for part in contributions)
    table.add_row(key("score"), "", "", "", "", f"{total:.3f}", style="bold")
    return table


def evidence_told(texts: Texts, grounds: ConfidenceBreakdown) -> Content:
    """How sure it is that the article answers, and the log odds which that figure is made of."""
    key = texts.key
    parts = (
        key("{:+.1f} of words that hold {:.0%}").format(grounds.words, grounds.coverage),
        key("{:+.1f} as the weakest is backed to {:.0%}").format(grounds.weakest, grounds.support),
        key("{:+.1f} as {:.0%} are missing names").format(grounds.names, grounds.missing),
        key("{:+.1f} of a likeness of {:.1f}").format(grounds.meaning, grounds.likeness),
        f"{grounds.constant:+.1f}",
    )
    made_of = key("log odds {}").format(", ".join(parts))
    return Content.assemble((key("evidence"), "bold"), f" {grounds.confidence:.2f}  ", (made_of, "dim"))


def words_table(texts: Texts, matched: tuple[MatchedWord, ...]) -> Table:
    """A row for each word of the query."""
    key = texts.key
    table = _table(key("word"), key("in the article"), key("articles"), key("idf"))
    for word in matched:
        held = key("yes" if word.in_article else "no")
        table.add_row(Text(flat(word.text)), held, texts.number(word.articles), f"{word.idf:.3f}")
    return table


def _table(*headings: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for place, heading in enumerate(headings):
        table.add_column(Text(heading), justify="right" if place else "left")
    return table
