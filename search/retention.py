"""Which articles of a published index stay when another is built."""

from collections.abc import Callable, Iterable, Mapping, Sequence

Keeps = Callable[[str, str], bool]
"""Whether a published article stays though it is not read again, by its id and its file."""
OnGone = Callable[[Mapping[str, int]], None]
"""Takes how many published articles of each file go; what it raises stops the build."""


def keep_all(_article_id: str, _file: str) -> bool:
    """Keep every published article: the index grows."""
    return True


def keep_none(_article_id: str, _file: str) -> bool:
    """Keep no published article: the index holds exactly what is read."""
    return False


def keep_outside(places: Iterable[str]) -> Keeps:
    """Keep the published articles of other files than those in these places."""
    known = tuple(places)
    return lambda _article_id, file: not lies_under(file, known)


def lies_under(file: str, places: Iterable[str]) -> bool:
    """Whether a file is one of these files, or lies in one of these folders or archives."""
    return any(file == place or file.startswith(f"{place.rstrip('/')}/") for place in places)


def place_of_old(corpus: Sequence[str]) -> str:
    """Where the articles of an index come from that does not know their files.

    It is the path that the index was made from, if it was only one; else ``""``.
    """
    return corpus[0] if len(corpus) == 1 else ""


def ignore_gone(_gone: Mapping[str, int]) -> None:
    """Let published articles go."""
