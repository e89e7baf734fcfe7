"""Readers: files of articles in, a stream of ``Article | Rejected`` out.

``read(paths, options)`` and ``reads(path)`` are the whole of the public interface; ``ReadOptions`` says
what the files themselves do not. A bad record is a value in the stream, never an exception.
"""

from search.corpus.reading import read, reads
from search.corpus.record import ReadOptions

__all__ = ["ReadOptions", "read", "reads"]
