"""A bounded cache that threads share."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class LruCache(Generic[Key, Value]):
    """Keeps the values that were asked for last, at most ``size``.

    It refers to values only. ``functools.lru_cache`` and ``cachetools.cachedmethod`` refer to the object
    whose method they cache, which refers to them: such an object outlives its last user until the garbage
    collector passes.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key, compute: Callable[[], Value]) -> Value:
        """The value of a key, computed where it is not kept; raises what ``compute`` does, and keeps nothing.

        Threads that ask at once for a value that is not kept all compute it, and all get the first.
        """
        with self._lock:
            values = self._values
            if key in values:
                values.move_to_end(key)
                return values[key]
        computed = compute()
        with self._lock:
            value = values.setdefault(key, computed)
            values.move_to_end(key)
            if len(values) > self._size:
                values.popitem(last=False)
        return value

    def get_all(self, keys: Sequence[Key], compute: Callable[[list[Key]], Iterable[Value]]) -> list[Value]:
        """The values of these keys, in their order; ``compute`` gives at once those that are not kept."""
        with self._lock:
            values = self._values
            kept = {key: values[key] for key in keys if key in values}
            for key in kept:
                values.move_to_end(key)
        if missing := [key for key in dict.fromkeys(keys) if key not in kept]:
            kept.update(zip(missing, compute(missing), strict=True))
            with self._lock:
                for key in missing[-self._size :]:
                    values[key] = kept[key]
                    values.move_to_end(key)
                while len(values) > self._size:
                    values.popitem(last=False)
        return [kept[key] for key in keys]

    def discard(self, key: Key) -> None:
        """Forget the value of a key, if there is one."""
        with self._lock:
            self._values.pop(key, None)

    def clear(self) -> None:
        """Forget all values, those too that are being computed now."""
        with self._lock:
            self._values = OrderedDict()
