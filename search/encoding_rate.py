"""How fast a build encodes and how long it goes on, from its progress."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from search.language import Language

_WINDOW = 600.0  # seconds; a rate of fewer would jump, one of all would not see that the machine is free now
_SHORT = 20.0  # seconds; the rest of a shorter build is not worth a sentence


@dataclass(frozen=True, slots=True)
class Estimate:
    """``rate`` in passages a second, and ``left`` in seconds."""

    rate: float
    left: float


class EncodingRate:
    """Estimates from the progress of ``Stage.ENCODE``, which one thread reports and others may read.

    The first batch does not count, as the model is loaded in its time. ``estimate`` is None before the second
    batch, at the end, and in a build that has never had more than 20 seconds left.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.estimate: Estimate | None = None
        self._clock = clock
        self._samples: deque[tuple[float, int]] = deque()
        self._long = False

    def advance(self, done: int, total: int) -> None:
        """So many of all passages that lacked a vector have one now."""
        now = self._clock()
        self.estimate = None
        if self._samples and done < self._samples[-1][1]:  # another run
            self._samples.clear()
        if not 0 < done < total:
            return
        self._samples.append((now, done))
        while now - self._samples[0][0] > _WINDOW and len(self._samples) > 2:
            self._samples.popleft()
        began, before = self._samples[0]
        if done == before or now <= began:
            return
        rate = (done - before) / (now - began)
        left = (total - done) / rate
        self._long = self._long or left > _SHORT
        if self._long:
            self.estimate = Estimate(rate, left)


def sentence(language: Language, estimate: Estimate) -> str:
    """The rate and the remaining time, in words."""
    template = language.translate("{} passages/s, about {} left")
    return template.format(rate_text(language, estimate), time_text(language, estimate.left))


def rate_text(language: Language, estimate: Estimate) -> str:
    """Passages a second, of small rates with a decimal."""
    small = estimate.rate < 10
    return language.decimal(estimate.rate, 1) if small else language.number(round(estimate.rate))


def time_text(language: Language, seconds: float) -> str:
    """A time in steps of about a tenth, so that the words change seldom."""
    minutes, hours = seconds / 60, seconds / 3600
    if seconds < 90:
        return language.translate("{} s").format(max(10, 10 * round(seconds / 10)))
    if minutes < 90:
        step = 1 if minutes < 10 else 5
        return language.translate("{} min").format(step * round(minutes / step))
    half_hours = round(2 * hours)
    odd = half_hours % 2 and hours < 10
    return language.translate("{} h").format(
        language.decimal(half_hours / 2, 1) if odd else language.number(round(hours))
    )
