"""Another version of Dépêche as a contestant: what an older ``benchmarks.depeche`` lacks is added to it here.

The file is copied into a checkout of that version, with ``trial`` and what else ``revisions`` names, and
runs there. It uses as little as it can of what may have had another name.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import depeche, encoders
from benchmarks.exchange import Passages, Question
from benchmarks.trial import Contestant, main
from search.corpus import ReadOptions, read
from search.query.plain import plain_query
from search.retrieval.request import Request
from search.text.chunking import text_hash


class _KnownVectors:
    @staticmethod
    def build(passages: Passages, folder: Path) -> None:
        """See ``trial.Contestant``."""
        known = dict(zip(map(text_hash, passages.texts), passages.vectors, strict=True))
        depeche._build(folder, read((str(passages.source),), ReadOptions({}, "", "")), known)


class _Scored(_KnownVectors):
    mode: Any
    _engine: Any

    def scores(self, question: Question) -> Mapping[str, float]:
        """See ``trial.Contestant``."""
        return dict(self._engine.rank(Request(plain_query(question.text), self.mode)))


def _adapted(kind: type[Contestant]) -> type[Contestant]:
    return type(kind.__name__, (_Scored if hasattr(kind, "mode") else _KnownVectors, kind), {})


CONTESTANTS: Mapping[str, type[Contestant]] = {
    **{name: _adapted(kind) for name, kind in depeche.CONTESTANTS.items()},
    **encoders.CONTESTANTS,
}

if __name__ == "__main__":
    main(CONTESTANTS)
