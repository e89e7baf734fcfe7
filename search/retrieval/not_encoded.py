"""What an answer lacks because passages are not encoded yet, in words."""

from search.errors import Translatable
from search.retrieval.archive_sample import ArchiveSample
from search.types import Mode


def not_encoded(sample: ArchiveSample, mode: Mode) -> tuple[str, ...]:
    """What an answer of this mode lacks; nothing where every passage of the archive has a vector."""
    if sample.is_complete:
        return ()
    share = 100 * sample.encoded_count // len(sample.encoded)
    if mode is Mode.SEMANTIC:
        return (Translatable("Only {} % of the passages are encoded; the others cannot be found.", share),)
    return (Translatable("Only {} % of the passages are encoded; words alone judge the others.", share),)
