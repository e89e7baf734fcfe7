"""An engine with counted values, and what the filters show of them."""

from textual.pilot import Pilot
from textual.widgets import Input

from search.retrieval.timeline import Timeline
from search.tui.widgets.facet_list import FacetList
from search.types import Facet
from tests.tui.driving import lines, settle
from tests.tui.fakes import FakeEngine

COUNTS = {
    Facet.SOURCE: (("AFP", 1200), ("Reuters", 300), ("L'Équipe", 2), ("", 1)),
    Facet.SECTION: (("Monde", 90), ("Économie", 30)),
}
DATES = Timeline((("2022-12-01", 4), ("2023-02-28", 2), ("2023-09-11", 10)))


NAMED = {
    **COUNTS,
    Facet.AUTHOR: (("", 900), ("Jeanne Modèle", 40), ("Paul Exemple", 12)),
    Facet.PLACE: (("", 1200),),
    Facet.KEYWORD: (("grève", 50), ("", 3)),
}


def counting() -> FakeEngine:
    engine = FakeEngine()
    engine.values, engine.dates = COUNTS, DATES
    return engine


def box(pilot: Pilot[None]) -> str:
    return pilot.app.screen_stack[0].query_one(Input).value


def panel(pilot: Pilot[None]) -> list[str]:
    """The lines of the filter panel that are not blank."""
    shown = (line.partition("▕")[0].rstrip() for line in lines(pilot) if "▕" in line)
    return [line for line in shown if line]


def values(pilot: Pilot[None], place: int) -> list[str]:
    """The rows of one of the lists, without extra spaces."""
    shown = pilot.app.screen.query(FacetList)[place]
    return [" ".join(str(option.prompt).split()) for option in shown.options]


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settle(pilot)


def headings(pilot: Pilot[None]) -> list[str]:
    """The headings of the lists that are shown."""
    headings = [line.strip("─▄▂▆█▇").partition(" · ")[0] for line in panel(pilot)]
    return [heading for heading in headings if heading[:1].isalpha()]
