"""The help dialog: tasks, the query language, and the keys of each place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap
from textual.containers import VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.widgets import Static

from search.tui.format.key_names import key_name
from search.tui.format.palette import SOURCE
from search.tui.format.wrapping import wrap
from search.tui.i18n import Texts
from search.tui.recipes import recipes
from search.tui.screens.localized import LocalizedModal

_GAP = "  "
_WIDEST_KEYS = 14  # cells of the column of keys; longer ones push their text aside


class HelpScreen(LocalizedModal[None]):
    """Explains ten tasks, how to write a query, and the keys of each place, that of the user first.

    ``places`` has the keys of each place with what they do, under its heading.
    """

    BINDINGS = [  # noqa: RUF012 - as Textual declares it
        Binding("escape,f1,q,question_mark", "dismiss", "close", tooltip="Back", id="close_help")
    ]

    def __init__(self, texts: Texts, places: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        super().__init__(texts)
        self._places = places

    def compose(self) -> ComposeResult:
        """The sections in a box, which scrolls."""
        translate = self.texts.translate
        with VerticalScroll(classes="box help") as box:
            box.border_title = translate("Help")
            box.border_subtitle = (
                f"↓ {translate('PgDn')} · {self.texts.key_name('close_help')} {translate('close')}"
            )
            here, *others = self._places.items()
            yield Section(*here)
            yield Section(translate("Ten tasks"), recipes(self.texts), stacked=True)
            yield Section(translate("Queries"), self.texts.query_examples, stacked=True)
            for heading, keys in others:
                yield Section(heading, keys)


class Section(Static):
    """A heading, and terms with their explanations: beside them, or ``stacked`` below them."""

    def __init__(self, heading: str, entries: Iterable[tuple[str, str]], *, stacked: bool = False) -> None:
        super().__init__(markup=False)
        self.heading = heading
        self._entries = list(entries)
        self._stacked = stacked

    def on_resize(self) -> None:
        """Fit the lines to the width."""
        self.update(Content("\n").join(self._lines(self.content_size.width)))

    def _lines(self, width: int) -> Iterator[Content]:
        yield Content.styled(self.heading, "bold $match")
        longest = max((len(term) for term, _ in self._entries), default=0)
        column = 0 if self._stacked else min(longest, _WIDEST_KEYS)
        for term, explanation in self._entries:
            indent = _GAP * 2 if self._stacked else " " * (column + 2 * len(_GAP))
            lines = wrap(Content(explanation), max(1, width - len(indent)))
            name = Content.styled(f"{_GAP}{term}", "bold" if self._stacked else f"bold {SOURCE}")
            if self._stacked or len(term) > column:
                yield name
            else:
                yield name + " " * (len(indent) - name.cell_length) + lines.pop(0)
            yield from (indent + line for line in lines)


def keys_of(
    owners: Iterable[type[DOMNode]], chosen: Mapping[str, str], texts: Texts
) -> list[tuple[str, str]]:
    """The keys of each action of some widgets, as the user chose them, and what the action does."""
    keys: dict[str, list[str]] = {}
    for owner in owners:
        bindings = BindingsMap(owner.BINDINGS)
        bindings.apply_keymap(dict(chosen))
        for _, binding in bindings:
            names = keys.setdefault(texts.translate(binding.tooltip or binding.description), [])
            if (name := key_name(binding, texts)) not in names:
                names.append(name)
    return [(" ".join(names), explanation) for explanation, names in keys.items()]
