"""Things to ask instead, where there are no results: a list with a key for each."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events, on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from search.memory import History, SavedSearches
from search.model import Mode
from search.query.relax import Relaxation, RelaxationKind
from search.query.render import to_text
from search.query.tree import Query
from search.text.legible import flat
from search.tui.asking import Advice, Way
from search.tui.texts import Texts

_KEYS = "123456789"
_SAVED = 4  # saved searches at most, so that there is room for questions


@dataclass(frozen=True, slots=True)
class Offer:
    """A query to ask, in a mode unless that stays as it is, and what is said of it."""

    text: str
    label: str
    mode: Mode | None = None
    note: str = ""


class OfferList(OptionList):
    """A heading and offers, each chosen by its digit, by Enter or by a click: tells ``Taken``."""

    @dataclass
    class Taken(Message):
        """An offer is accepted."""

        offer: Offer

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._offers: tuple[Offer, ...] = ()
        self.display = False

    def show(self, heading: str, offers: Sequence[Offer]) -> None:
        """Show a heading and up to nine offers under it."""
        self._offers = tuple(offers[: len(_KEYS)])
        rows = [Option(_row(key, offer)) for key, offer in zip(_KEYS, self._offers, strict=False)]
        self.set_options([Option(Content(heading), disabled=True), *rows])
        self.highlighted = 1 if rows else None

    def take(self) -> None:
        """Accept the offer that the cursor is on."""
        if self.highlighted:
            self.post_message(self.Taken(self._offers[self.highlighted - 1]))

    @on(OptionList.OptionSelected)
    def _take_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.take()

    def on_key(self, event: events.Key) -> None:
        """Accept the offer of a digit."""
        place = _KEYS.find(event.character or " ") + 1
        if 0 < place < self.option_count:
            event.stop()
            self.highlighted = place
            self.take()


def ways_out(advice: Advice, texts: Texts) -> list[Offer]:
    """What was probably meant first, then each way out with the number of articles it finds."""
    meant = [Offer(advice.suggestion, advice.suggestion)] if advice.suggestion else []
    return meant + [
        Offer(way.text, _label(way, texts), way.mode, texts.found(way.total)) for way in advice.ways
    ]


def recalled(history: History, saved: SavedSearches, texts: Texts) -> list[Offer]:
    """Saved searches, the last saved first, then the last questions; raises UsageError."""
    kept = [Offer(one.query, one.name, one.mode, texts.saved) for one in reversed(saved.all()[-_SAVED:])]
    asked = history.recent(len(_KEYS))
    return kept + [Offer(one.query, one.query, one.mode, texts.found(one.total)) for one in asked]


def _label(way: Way, texts: Texts) -> str:
    match way.relaxation:
        case None:
            return texts.by_meaning
        case Relaxation(RelaxationKind.DROP, dropped) if dropped is not None:
            return texts.drop.format(to_text(Query("", (), dropped, "")))
        case Relaxation(RelaxationKind.WIDER_DATES):
            return texts.wider_dates
        case _:
            return texts.soften


def _row(key: str, offer: Offer) -> Content:
    note = Content.styled(f"  {flat(offer.note)}" if offer.note else "", "dim")
    return Content.assemble((f" {key} ", "bold"), " ", flat(offer.label), note)
