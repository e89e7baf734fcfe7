"""What an operation gives."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON object of an answer; ``is_repeatable`` where the same question has it again on the same day.

    What depends on the dossiers of the user, or lacks a part that may come back, is not repeatable.
    """

    document: dict[str, Any]
    is_repeatable: bool
