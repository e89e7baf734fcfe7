"""A list of suggested queries, each with a key; it takes the place of the results when there are none."""

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
from search.retrieval.advice import Advice, Alternative
from search.text.sanitize import flat
from search.tui.i18n import Texts
from search.types import Mode

_DIGITS = tuple("123456789")
_MAX_ALTERNATIVES = 4  # as many as have keys


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A query that the user may ask. Without ``mode`` the mode stays; ``note`` is shown after the label."""

    text: str
    label: str
    mode: Mode | None = None
    note: str = ""


class SuggestionList(OptionList):
    """A heading and suggestions. The user accepts one by its key, by Enter or by a click: ``Accepted``."""

    @dataclass
    class Accepted(Message):
        """The user has accepted a suggestion."""

        suggestion: Suggestion

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._suggestions: tuple[Suggestion, ...] = ()
        self._keys: Sequence[str] = ()
        self.display = False

    def show(self, heading: str, suggestions: Sequence[Suggestion], keys: Sequence[str] = _DIGITS) -> None:
        """Show a heading and as many suggestions as there are keys.

        The list itself handles keys that are single characters; the screen handles others.
        """
        self._suggestions, self._keys = tuple(suggestions[: len(keys)]), keys
        width = max(map(cell_len, keys), default=0)
        rows = [
            Option(_row(set_cell_size(key, width), suggestion))
            for key, suggestion in zip(keys, self._suggestions, strict=False)
        ]
        self.set_options([Option(Content(heading), disabled=True), *rows])
        self.highlighted = 1 if rows else None

    def accept_selected(self) -> None:
        """Accept the suggestion under the cursor."""
        if self.highlighted:
            self.accept(self.highlighted - 1)

    def accept(self, place: int) -> None:
        """Accept the suggestion at this place, counted from 0, if there is one."""
        if self.display and place < len(self._suggestions):
            self.post_message(self.Accepted(self._suggestions[place]))

    @on(OptionList.OptionSelected)
    def _accept_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.accept_selected()

    def on_key(self, event: events.Key) -> None:
        """Accept the suggestion of this key."""
        if event.character in self._keys:
            event.stop()
            self.accept(self._keys.index(event.character))


def advice_suggestions(advice: Advice, texts: Texts) -> list[Suggestion]:
    """The corrected query first, then the alternatives with their numbers of articles.

    When there are too many alternatives, the last one is kept: it demands the least.
    """
    corrections = [Suggestion(advice.correction, advice.correction)] if advice.correction else []
    alternatives = advice.alternatives
    if len(alternatives) > _MAX_ALTERNATIVES:
        alternatives = (*alternatives[: _MAX_ALTERNATIVES - 1], alternatives[-1])
    return corrections + [
        Suggestion(one.text, _label(one, texts), one.mode, texts.article_count(one.total))
        for one in alternatives
    ]


def advice_keys(active: Iterable[ActiveBinding], display: Callable[[Binding], str]) -> list[str]:
    """The names of the keys for ``advice_suggestions``, as they are bound now."""
    actions = ("correct", *(f"alternative({place})" for place in range(_MAX_ALTERNATIVES)))
    keys = {one.binding.action: display(one.binding) for one in active if one.binding.action in actions}
    return [keys[action] for action in actions if action in keys]


def _label(alternative: Alternative, texts: Texts) -> str:
    match alternative.relaxation:
        case None:
            return texts.semantic_only
        case Relaxation(RelaxationKind.DROP, dropped) if dropped is not None:
            return texts.without.format(to_text(Query("", (), dropped, "")))
        case Relaxation(RelaxationKind.WIDER_DATES):
            return texts.any_date
        case _:
            return texts.words_only


def _row(key: str, suggestion: Suggestion) -> Content:
    note = Content.styled(f"  {flat(suggestion.note)}" if suggestion.note else "", "dim")
    return Content.assemble((f" {key} ", "bold"), " ", flat(suggestion.label), note)
