"""Opens, builds and checks an index on servers."""

from collections.abc import Callable
from contextlib import closing

from search.build_types import BuildReport, Manifest, Progress, RepairReport
from search.errors import Translatable, UsageError
from search.postgres.connections import location
from search.postgres.reader import PostgresGeneration, published_id, published_model
from search.protocols import Corpus, Encoder


class PostgresBackend:
    """Implements ``protocols.Backend``."""

    def __init__(self, dsn: str, workers: str = "") -> None:
        """``dsn`` is the address of the coordinator: ``postgresql://user@host/database``.

        ``workers`` is the address of a Dask scheduler whose workers encode; without it, a build encodes here.
        """
        self._dsn = dsn
        self._workers = workers

    @property
    def location(self) -> str:
        """See ``protocols.Backend.location``."""
        return location(self._dsn)

    def open(self) -> PostgresGeneration:
        """See ``protocols.Backend.open``."""
        return PostgresGeneration(self._dsn)

    def published_id(self) -> str:
        """See ``protocols.Backend.published_id``."""
        return published_id(self._dsn)

    def published_model(self) -> str:
        """See ``protocols.Backend.published_model``."""
        return published_model(self._dsn)

    def build(self, corpus: Corpus, encoder: Encoder, model: str, progress: Progress) -> BuildReport:
        """See ``protocols.Backend.build``."""
        from search.postgres.builder import Encoding, build  # imported here: a search does not need it

        return build(self._dsn, corpus, Encoding(encoder, model, self._workers), progress)

    def verify(self) -> Manifest:
        """See ``protocols.Backend.verify``."""
        with closing(self.open()) as generation:
            generation.verify()
            return generation.manifest

    def repair(self, load_encoder: Callable[[str], Encoder], progress: Progress) -> RepairReport:
        """Raises UsageError: only an index in a folder can be repaired."""
        raise UsageError(
            Translatable(
                "An index on servers cannot be repaired; build it again: depeche build --database … PATH"
            )
        )
