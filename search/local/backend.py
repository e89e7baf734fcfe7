"""Opens, builds, checks and repairs an index in a folder, with errors that say what to do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from search.build_types import BuildReport, Manifest, Progress, RepairReport
from search.errors import IndexProblem, Translatable, UsageError, os_reason
from search.local import layout
from search.local.manifest import read_any_manifest
from search.local.reader import Generation, open_current, verify_current
from search.protocols import Corpus, Encoder


class FolderBackend:
    """Implements ``protocols.Backend``."""

    def __init__(self, index: str) -> None:
        self.location = index
        self._index = Path(index)

    def open(self) -> Generation:
        """See ``protocols.Backend.open``."""
        with self._read_errors_as_usage_errors():
            return open_current(self._index)

    def published_id(self) -> str:
        """See ``protocols.Backend.published_id``."""
        try:
            return layout.current(self._index).name
        except (IndexProblem, OSError):
            return ""

    def published_model(self) -> str:
        """See ``protocols.Backend.published_model``."""
        try:
            return read_any_manifest(layout.current(self._index)).model
        except IndexProblem:
            return ""

    def build(self, corpus: Corpus, encoder: Encoder, model: str, progress: Progress) -> BuildReport:
        """See ``protocols.Backend.build``."""
        from search.local.builder import build  # imported here: a search does not need it

        with self._write_errors_as_usage_errors():
            return build(self._index, corpus, encoder, model, progress)

    def verify(self) -> Manifest:
        """See ``protocols.Backend.verify``."""
        with self._read_errors_as_usage_errors():
            return verify_current(self._index)

    def repair(self, load_encoder: Callable[[str], Encoder], progress: Progress) -> RepairReport:
        """See ``protocols.Backend.repair``."""
        from search.local.repair import RepairContext, repair  # imported here: a search does not need it

        with self._write_errors_as_usage_errors():
            return repair(self._index, RepairContext(load_encoder, progress))

    @contextmanager
    def _read_errors_as_usage_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as exc:
            raise UsageError(
                Translatable(
                    "The index folder {} cannot be read: {}; give another with --index DIR.",
                    self.location,
                    os_reason(exc),
                )
            ) from exc

    @contextmanager
    def _write_errors_as_usage_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as exc:
            raise UsageError(
                Translatable(
                    "{} cannot be written: {}; make room there, or give another folder with --index DIR.",
                    self.location,
                    os_reason(exc),
                )
            ) from exc
