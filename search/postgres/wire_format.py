"""Many numbers at once, to a server and from it, without an object for each."""

from collections.abc import Iterable

import numpy as np

from search.protocols import Floats, Ints


def listed(numbers: Iterable[int]) -> str:
    """Whole numbers as PostgreSQL reads an array of them."""
    return f"{{{','.join(map(str, numbers))}}}"


def numbers(sent: bytes | None) -> Ints:
    """What ``int4send`` sends, one after the other; none for None."""
    return np.frombuffer(sent or b"", ">i4").astype(np.int64)


def decimals(sent: bytes | None) -> Floats:
    """What ``float4send`` sends, one after the other; none for None."""
    return np.frombuffer(sent or b"", ">f4").astype(np.float32)
