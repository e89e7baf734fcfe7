"""Readers: they turn files of articles into a stream of ``Article | Rejected``.

The public interface is ``read(paths, options)``, ``reads(path)`` and ``ReadOptions``, which gives the
values that the files do not hold. A bad record is a value in the stream, not an exception.
"""

from search.corpus.reading import read, reads
from search.corpus.record import ReadOptions

__all__ = ["ReadOptions", "read", "reads"]
