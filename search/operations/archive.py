"""The operation over the whole index: status."""

from typing import TYPE_CHECKING

from search.operations.answer import Answer
from search.operations.parameters import StatusParameters

if TYPE_CHECKING:
    from search.index import Index


def status(index: "Index", _: StatusParameters) -> Answer:
    """What the index holds, and by what it was made; not where it lies."""
    manifest = index.manifest
    document = {
        "generation": manifest.id,
        "created": manifest.created,
        "articles": manifest.articles,
        "passages": manifest.chunks,
        "encoded": manifest.encoded,
        "rejected": manifest.rejected,
        "replaced": manifest.replaced,
        "encoder": manifest.encoder,
        "dimension": manifest.dimension,
        "bytes": index.size,
    }
    return Answer(document, is_repeatable=True)
