"""What a translation could not say, part by part."""

from dataclasses import dataclass, field
from enum import StrEnum

from search.errors import Translatable


class Fidelity(StrEnum):
    """What became of a part of a query."""

    LEFT_OUT = "left out"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Remark:
    """A part of a query that is not translated as it is; ``position`` counts characters of the query."""

    part: str
    position: int
    fidelity: Fidelity
    reason: Translatable


@dataclass(slots=True)
class Remarks:
    """Collects the remarks on one query while it is translated."""

    listed: list[Remark] = field(default_factory=list)

    def left_out(self, part: str, position: int, reason: Translatable) -> None:
        """A part is not in the translation."""
        self.listed.append(Remark(part, position, Fidelity.LEFT_OUT, reason))

    def changed(self, part: str, position: int, reason: Translatable) -> None:
        """A part is in the translation, but asks something else."""
        self.listed.append(Remark(part, position, Fidelity.CHANGED, reason))
