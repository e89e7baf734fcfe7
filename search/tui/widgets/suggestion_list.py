"""Things to ask instead, where there are no results: a list with a key for each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from textual import events, on
from textual.binding import ActiveBinding, Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from search.query.ast import Query
from search.query.printer import to_text
from search.query.relaxation import Relaxation, RelaxationKind
from search.text.sanitize import flat
from search.tui.i18n import Texts
from search.tui.services.search_session import Advice, Way
from search.types import Mode
from search.user.history import History
from search.user.saved_searches import SavedSearches

_DIGITS = tuple("123456789")
_WAYS = 4  # at most, each with a key of its own
_SAVED = 4  # saved searches at most, so that there is room for questions


@dataclass(frozen=True, slots=True)
class Offer:
    """A query to ask, in a mode unless that stays as it is, and what is said of it."""

    text: str
    label: str
    mode: Mode | None = None
    note: str = ""


Recall = Callable[[], Sequence[Offer]]
"""Gives what could be asked again; raises SearchError."""


class OfferList(OptionList):
    """A heading and offers, each chosen by its key, by Enter or by a click: tells ``Taken``."""

    @dataclass
    class Taken(Message):
        """An offer is accepted."""

        offer: Offer

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._offers: tuple[Offer, ...] = ()
        self._keys: Sequence[str] = ()
        self.display = False

    def show(self, heading: str, offers: Sequence[Offer], keys: Sequence[str] = _DIGITS) -> None:
        """Show a heading, and under it as many offers as there are keys; digits work here alone."""
        self._offers, self._keys = tuple(offers[: len(keys)]), keys
        width = max(map(cell_len, keys), default=0)
        rows = [
            Option(_row(set_cell_size(key, width), offer))
            for key, offer in zip(keys, self._offers, strict=False)
        ]
        self.set_options([Option(Content(heading), disabled=True), *rows])
        self.highlighted = 1 if rows else None

    def take(self) -> None:
        """Accept the offer that the cursor is on."""
        if self.highlighted:
            self.take_from(self.highlighted - 1)

    def take_from(self, place: int) -> None:
        """Accept the offer in this place, counted from 0, if there is one."""
        if self.display and place < len(self._offers):
            self.post_message(self.Taken(self._offers[place]))

    @on(OptionList.OptionSelected)
    def _take_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.take()

    def on_key(self, event: events.Key) -> None:
        """Accept the offer of a digit."""
        if event.character in self._keys:
            event.stop()
            self.take_from(self._keys.index(event.character))


def ways_out(advice: Advice, texts: Texts) -> list[Offer]:
    """What was probably meant first, then each way out with the number of articles it finds."""
    meant = [Offer(advice.suggestion, advice.suggestion)] if advice.suggestion else []
    ways = advice.ways if len(advice.ways) <= _WAYS else (*advice.ways[: _WAYS - 1], advice.ways[-1])
    return meant + [Offer(way.text, _label(way, texts), way.mode, texts.found(way.total)) for way in ways]


def way_keys(active: Iterable[ActiveBinding], display: Callable[[Binding], str]) -> list[str]:
    """The keys of what ``ways_out`` gives, as they are bound now."""
    actions = ("correct", *(f"way({place})" for place in range(_WAYS)))
    keys = {one.binding.action: display(one.binding) for one in active if one.binding.action in actions}
    return [keys[action] for action in actions if action in keys]


def recalled(history: History, saved: SavedSearches, texts: Texts) -> list[Offer]:
    """Saved searches, the last saved first, then the last questions; raises UsageError."""
    kept = [Offer(one.query, one.name, one.mode, texts.saved) for one in reversed(saved.all()[-_SAVED:])]
    asked = history.recent(len(_DIGITS))
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
