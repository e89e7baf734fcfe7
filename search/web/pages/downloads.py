"""Downloads of an answer, in the formats of ``search.export``."""

from dataclasses import dataclass

from search.export import ExportFormat
from search.web.pages.state import SearchState, address

_TYPES = {
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Download:
    """A format that an answer may be had in, and where."""

    label: str
    address: str


def downloads(state: SearchState) -> tuple[Download, ...]:
    """Every format, for the whole answer to a search."""
    return tuple(
        Download(each.value.upper(), address("/download", {**state.first_page.parameters, "format": each}))
        for each in ExportFormat
    )


def export_format(name: str) -> ExportFormat | None:
    """The format of this name."""
    return ExportFormat(name) if name in list(ExportFormat) else None


def media_type(export_format: ExportFormat) -> str:
    """What a browser is told of a file of this format."""
    return _TYPES.get(export_format.value, "application/octet-stream")
