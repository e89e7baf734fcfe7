"""The dialog that explains why an article was found: reasons in words, best sentence, and figures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.table import Table
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Footer, Static

from search.errors import SearchError
from search.query.ast import RankingWord
from search.query.matcher import matches
from search.retrieval.reasons import Reasons, reasons
from search.retrieval.request import Request
from search.text.sanitize import flat
from search.tui.format.charts import KEYWORD_LEGS, SEMANTIC_LEGS
from search.tui.format.highlight import highlighted
from search.tui.format.reasons import reason_sentences
from search.tui.i18n import Texts
from search.tui.screens.localized import LocalizedModal
from search.tui.widgets.paragraph import Paragraph
from search.types import ConfidenceBreakdown, Contribution, Explanation, Hit, Leg, MatchedWord

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

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


@dataclass(frozen=True, slots=True)
class ExplainedHit:
    """A hit with its explanation and the reasons in it; ``words`` are marked in its best sentence.

    ``similar_to`` is the title of the article whose similar ones were asked for, ``""`` for another request.
    """

    hit: Hit
    explanation: Explanation
    reasons: Reasons
    words: tuple[RankingWord, ...] = ()
    similar_to: str = ""


class ExplanationScreen(LocalizedModal[None]):
    """The reasons, and on request the figures of ``find --explain``. A thread calls ``explain``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "toggle_figures", "figures", tooltip="Show or hide the figures", id="figures"),
        Binding("escape,f6,w,q", "dismiss", "close", tooltip="Back to the results", id="close_why"),
    ]

    @dataclass
    class Explained(Message):
        """The explanation is ready."""

        explained: ExplainedHit

    @dataclass
    class Failed(Message):
        """There is no explanation because of an error."""

        error: SearchError

    def __init__(self, texts: Texts, title: str, explain: Callable[[], ExplainedHit]) -> None:
        super().__init__(texts)
        self._title = title
        self._explain = explain

    def compose(self) -> ComposeResult:
        """The sentences, and below them the figures, in a box, which scrolls on a small terminal."""
        with VerticalScroll(classes="box") as box:
            box.border_title = flat(self._title).replace("[", "\\[")
            yield Paragraph(id="reasons", markup=False)
            yield Paragraph(id="sentence", markup=False)
            with Vertical(id="figures"):
                yield Static(id="legs")
                yield Static(id="matched")
                yield Static(id="confidence", markup=False)
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Start to explain."""
        self.query_one("#figures").display = False
        self._start_explaining()

    @work(thread=True)
    def _start_explaining(self) -> None:
        try:
            explained = self._explain()
        except SearchError as error:
            self.post_message(self.Failed(error))
        else:
            self.post_message(self.Explained(explained))

    @on(Failed)
    def _show_error(self, message: Failed) -> None:
        error = flat(self.texts.translate(message.error.message))
        self.query_one("#reasons", Paragraph).show(Content(error))

    @on(Explained)
    def _show(self, message: Explained) -> None:
        explained = message.explained
        sentences = reason_sentences(self.texts, explained.reasons, explained.similar_to)
        self.query_one("#reasons", Paragraph).show(Content(sentences))
        self.query_one("#sentence", Paragraph).show(best_sentence(self.texts, explained))
        self._show_figures(explained.explanation)

    def _show_figures(self, explanation: Explanation) -> None:
        contributions = contributions_table(self.texts, explanation.contributions)
        self.query_one("#legs", Static).update(contributions)
        if explanation.matched:
            share = share_found(self.texts, explanation.coverage)
            table = matched_words_table(self.texts, explanation.matched)
            table.caption, table.caption_justify, table.caption_style = share, "left", ""
            self.query_one("#matched", Static).update(table)
        if explanation.confidence is not None:
            confidence = confidence_line(self.texts, explanation.confidence)
            self.query_one("#confidence", Static).update(confidence)

    def action_toggle_figures(self) -> None:
        """Show or hide the figures; they are scrolled to where a small terminal does not show them."""
        figures = self.query_one("#figures")
        figures.display = not figures.display
        if figures.display:
            self.call_after_refresh(figures.scroll_visible, animate=False)


def explain_hit(engine: "Engine", request: Request, hit: Hit) -> ExplainedHit:
    """Explain a hit. A similar article matches no words: its explanation has only its contributions."""
    if request.query.words or request.query.constraint:
        explanation, similar_to = engine.explain(request, hit), ""
    else:
        explanation = Explanation(hit.contributions, (), 0.0, hit.passage.text)
        similar_to = engine.article(request.query.raw).title
    return ExplainedHit(hit, explanation, reasons(request, hit, explanation), request.query.words, similar_to)


def best_sentence(texts: Texts, explained: ExplainedHit) -> Content:
    """The sentence that answers best, with its words marked, below a heading."""
    sentence = explained.explanation.best_sentence
    whole_passage = sentence == explained.hit.passage.text
    heading = texts.translate("Best passage" if whole_passage else "Best sentence")
    marked = highlighted(sentence, matches(explained.words, sentence), flat)
    return Content.assemble((heading, "bold"), "\n", marked)


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
        values = (part.score, part.standardised, part.weight, part.points)
        figures = (_decimal(texts, value, 3) for value in values)
        table.add_row(f"{_sign(texts, part.leg)} {translate(LEG_LABELS[part.leg])}", rank, *figures)
    total = sum(part.points for part in contributions)
    table.add_row(f"  {translate('score')}", "", "", "", "", _decimal(texts, total, 3), style="bold")
    return table


def share_found(texts: Texts, coverage: float) -> Text:
    """The share of the words' weight that the article holds."""
    return Text(f"{texts.translate('share of the words’ weight found:')} {_percent(texts, coverage)}")


def confidence_line(texts: Texts, breakdown: ConfidenceBreakdown) -> Content:
    """The confidence that the article answers, and the log odds whose sum it is made of."""
    translate = texts.translate
    after = translate("{} for a year after the archive's end").format(_signed(texts, breakdown.years))
    years = (after,) if breakdown.later else ()
    parts = (
        translate("{} for the words, {} found").format(
            _signed(texts, breakdown.words), _percent(texts, breakdown.coverage)
        ),
        translate("{} for the weakest word, {} supported").format(
            _signed(texts, breakdown.weakest), _percent(texts, breakdown.support)
        ),
        translate("{} for the names, {} missing").format(
            _signed(texts, breakdown.names), _percent(texts, breakdown.missing)
        ),
        *years,
        translate("{} for a similarity of {}").format(
            _signed(texts, breakdown.meaning), _decimal(texts, breakdown.likeness, 1)
        ),
        _signed(texts, breakdown.constant),
    )
    log_odds = translate("log odds {}").format("; ".join(parts))
    confidence = f" {_decimal(texts, breakdown.confidence, 2)}  "
    return Content.assemble((translate("confidence"), "bold"), confidence, (log_odds, "dim"))


def matched_words_table(texts: Texts, matched: tuple[MatchedWord, ...]) -> Table:
    """A row for each word of the query."""
    translate = texts.translate
    table = _table(translate("word"), translate("in the article"), translate("articles"), translate("idf"))
    for word in matched:
        in_article, idf = translate("yes" if word.in_article else "no"), _decimal(texts, word.idf, 3)
        table.add_row(Text(flat(word.text)), in_article, texts.number(word.articles), idf)
    return table


def _sign(texts: Texts, leg: Leg) -> str:
    """The sign of the score bar to which a leg belongs, a blank for the others."""
    words, meaning = texts.score_signs
    if leg in KEYWORD_LEGS:
        return words
    return meaning if leg in SEMANTIC_LEGS else " "


def _decimal(texts: Texts, value: float, digits: int) -> str:
    return texts.decimal(value, digits).replace("-", "−")


def _signed(texts: Texts, value: float) -> str:
    sign = "" if value < 0 else "+"
    return f"{sign}{_decimal(texts, value, 1)}"


def _percent(texts: Texts, share: float) -> str:
    return texts.translate("{}%").format(f"{share:.0%}".removesuffix("%"))


def _table(*headings: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for place, heading in enumerate(headings):
        table.add_column(Text(heading), justify="right" if place else "left")
    return table
