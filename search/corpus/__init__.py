"""Readers: they turn files of articles into a stream of ``Article | Rejected``.

The public interface is ``read(paths, options)`` with ``ReadOptions``, which gives the values that the files
do not hold, ``reads(path)``, and ``absolute_paths(paths)``. A bad record is a value in the stream, not an
exception.
"""

from search.corpus.reading import absolute_paths, read, reads
from search.corpus.record import ReadOptions

__all__ = ["ReadOptions", "absolute_paths", "read", "reads"]
