"""The dialog that explains why an article was found: legs, matched words, confidence, best sentence."""

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
from search.tui.screens.localized import LocalizedModal
from search.types import ConfidenceBreakdown, Contribution, Explanation, Hit, Leg, MatchedWord

LEG_LABELS = {
    Leg.KEYWORD: "words, whole article",
    Leg.PASSAGE: "words, best passage",
    Leg.SEMANTIC: "meaning",
    Leg.COVERAGE: "words held",
    Leg.NEIGHBOURS: "similar articles",
    Leg.FEEDBACK: "like the first results",
    Leg.EXPANSION: "words of the first results",
    Leg.LITERAL: "rare word, exact spelling",
    Leg.RECENCY: "recency",
    Leg.RERANK: "reranker",
}


class ExplanationScreen(LocalizedModal[None]):
    """The figures of ``find --explain``. A thread calls ``explain``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f6,w,q", "dismiss", "close", tooltip="Back to the results", id="close_why")
    ]

    @dataclass
    class Explained(Message):
        """The explanation is ready."""

        explanation: Explanation

    @dataclass
    class Failed(Message):
        """There is no explanation because of an error."""

        error: SearchError

    def __init__(self, texts: Texts, hit: Hit, explain: Callable[[], Explanation]) -> None:
        super().__init__(texts)
        self._hit = hit
        self._explain = explain

    def compose(self) -> ComposeResult:
        """The tables and the sentence in a box, which scrolls on a small terminal."""
        with VerticalScroll(classes="box") as box:
            box.border_title = flat(self._hit.article.title).replace("[", "\\[")
            box.border_subtitle = f"{self.texts.key_name('close_why')} {self.texts.translate('close')}"
            yield Static(id="legs")
            yield Static(id="matched")
            yield Static(id="confidence", markup=False)
            yield Static(id="sentence", markup=False)

    def on_mount(self) -> None:
        """Start to explain."""
        self._start_explaining()

    @work(thread=True)
    def _start_explaining(self) -> None:
        try:
            explanation = self._explain()
        except SearchError as error:
            self.post_message(self.Failed(error))
        else:
            self.post_message(self.Explained(explanation))

    @on(Failed)
    def _show_error(self, message: Failed) -> None:
        self.query_one("#sentence", Static).update(flat(self.texts.translate(message.error.message)))

    @on(Explained)
    def _show(self, message: Explained) -> None:
        translate, explanation = self.texts.translate, message.explanation
        contributions = contributions_table(self.texts, explanation.contributions)
        self.query_one("#legs", Static).update(contributions)
        if explanation.matched:
            share = Text(f"{translate('share of the words’ weight found:')} {explanation.coverage:.0%}")
            table = matched_words_table(self.texts, explanation.matched)
            table.caption, table.caption_justify, table.caption_style = share, "left", ""
            self.query_one("#matched", Static).update(table)
        if explanation.confidence is not None:
            confidence = confidence_line(self.texts, explanation.confidence)
            self.query_one("#confidence", Static).update(confidence)
        whole_passage = explanation.best_sentence == self._hit.passage.text
        heading = translate("Best passage" if whole_passage else "Best sentence")
        sentence = Content.assemble((heading, "bold"), "\n", flat(explanation.best_sentence))
        self.query_one("#sentence", Static).update(sentence)


def explain_hit(engine: Engine, request: Request, hit: Hit) -> Explanation:
    """Explain a hit. A similar article matches no words: its explanation has only its contributions."""
    if request.query.words:
        return engine.explain(request, hit)
    return Explanation(hit.contributions, (), 0.0, hit.passage.text)


def contributions_table(texts: Texts, contributions: tuple[Contribution, ...]) -> Table:
    """A row for each leg, and the score as the sum of their points."""
    translate = texts.translate
    table = _table(
        "",
        translate("rank"),
        translate("score"),
        translate("standardised"),
        translate("weight"),
        translate("points"),
    )
    for part in contributions:
        rank = texts.number(part.rank) if part.rank else "–"
        figures = (f"{value:.3f}" for value in (part.score, part.standardised, part.weight, part.points))
        table.add_row(translate(LEG_LABELS[part.leg]), rank, *figures)
    total = sum(part.points for part in contributions)
    table.add_row(translate("score"), "", "", "", "", f"{total:.3f}", style="bold")
    return table


def confidence_line(texts: Texts, breakdown: ConfidenceBreakdown) -> Content:
    """The confidence that the article answers, and the log odds whose sum it is made of."""
    translate = texts.translate
    after = translate("{:+.1f} for a year after the archive's end").format(breakdown.years)
    years = (after,) if breakdown.later else ()
    parts = (
        translate("{:+.1f} for the words, {:.0%} found").format(breakdown.words, breakdown.coverage),
        translate("{:+.1f} for the weakest word, {:.0%} supported").format(
            breakdown.weakest, breakdown.support
        ),
        translate("{:+.1f} for the names, {:.0%} missing").format(breakdown.names, breakdown.missing),
        *years,
        translate("{:+.1f} for a similarity of {:.1f}").format(breakdown.meaning, breakdown.likeness),
        f"{breakdown.constant:+.1f}",
    )
    log_odds = translate("log odds {}").format(", ".join(parts))
    confidence = f" {breakdown.confidence:.2f}  "
    return Content.assemble((translate("confidence"), "bold"), confidence, (log_odds, "dim"))


def matched_words_table(texts: Texts, matched: tuple[MatchedWord, ...]) -> Table:
    """A row for each word of the query."""
    translate = texts.translate
    table = _table(translate("word"), translate("in the article"), translate("articles"), translate("idf"))
    for word in matched:
        in_article = translate("yes" if word.in_article else "no")
        table.add_row(Text(flat(word.text)), in_article, texts.number(word.articles), f"{word.idf:.3f}")
    return table


def _table(*headings: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for place, heading in enumerate(headings):
        table.add_column(Text(heading), justify="right" if place else "left")
    return table
