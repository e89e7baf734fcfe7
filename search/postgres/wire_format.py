"""Sends many numbers to a server, or receives them, without a Python object for each."""

from collections.abc import Iterable

import numpy as np

from search.protocols import Floats, Ints


def int_array(numbers: Iterable[int]) -> str:
    """Whole numbers, written as PostgreSQL reads an array."""
    return f"{{{','.join(map(str, numbers))}}}"


def float_array(numbers: Iterable[float]) -> str:
    """Numbers in single precision, written as PostgreSQL reads an array."""
    return f"{{{','.join(f'{number:.9g}' for number in numbers)}}}"


def unpack_ints(data: bytes | None) -> Ints:
    """The numbers that ``int4send`` packed one after the other; none for None."""
    return np.frombuffer(data or b"", ">i4").astype(np.int64)


def unpack_floats(data: bytes | None) -> Floats:
    """The numbers that ``float4send`` packed one after the other; none for None."""
    return np.frombuffer(data or b"", ">f4").astype(np.float32)
