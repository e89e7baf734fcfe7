"""Completes the names of sources, sections and the like while the user types them."""

from collections.abc import Sequence

from textual.suggester import Suggester

from search.text.analyzer import fold


class NameSuggester(Suggester):
    """Completes the last of several names that semicolons separate, by the first of ``names`` that fits."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.names: Sequence[str] = ()

    async def get_suggestion(self, value: str) -> str | None:
        """See ``Suggester.get_suggestion``; capitals and accents do not matter."""
        before, separator, last = value.rpartition(";")
        typed = last.lstrip(" -")
        letters = fold(typed)
        name = next((name for name in self.names if fold(name[: len(typed)]) == letters), None)
        if not letters or name is None:
            return None
        return f"{before}{separator}{last.removesuffix(typed)}{name}"
