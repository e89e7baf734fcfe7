"""How wide the panel of filters is, and how its lists share the height."""

from collections.abc import Sequence

from rich.cells import cell_len

from search.text.sanitize import flat
from search.types import Facet, FacetCounts

_NARROWEST, _USUAL = 30, 36
_SHARE = 4  # the panel is at most this part of the screen, or as wide as usual
_BESIDE_NAMES = 19  # cells of a row beside its name: sign, bar, count, blanks, scroll bar
_MEASURED = 8  # names of each list, the most frequent ones: those below them may be cut


def panel_width(counts: FacetCounts, screen_width: int) -> int:
    """The width of a panel that holds the most frequent names, as far as the screen allows."""
    named = (values[:_MEASURED] for facet, values in counts.items() if facet not in (Facet.YEAR, Facet.MONTH))
    longest = max((cell_len(flat(name)) for values in named for name, _ in values), default=0)
    widest = max(_USUAL, screen_width // _SHARE)
    return max(_NARROWEST, min(longest + _BESIDE_NAMES, widest))


def fair_shares(needed: Sequence[int], room: int) -> list[int]:
    """What each gets of ``room``: what it needs, or else an equal share of what the modest ones leave.

    The shares fill the room when the needs do; a line that cannot be divided goes to the first ones.
    """
    shares = [0] * len(needed)
    rest = max(0, room)
    by_need = sorted(range(len(needed)), key=lambda place: (needed[place], -place))
    for left, place in zip(range(len(needed), 0, -1), by_need, strict=True):
        shares[place] = min(needed[place], rest // left)
        rest -= shares[place]
    return shares
