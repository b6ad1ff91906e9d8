"""How long a rate limit's window is, as refusals and accepted calls show. In seconds."""

from __future__ import annotations

import math

PRECISION = 0.05
"""How well the length is to be known, as a share of it."""
RETRY_AFTER_STEP_S = 1.0
"""A Retry-After can be rounded up by so much."""


class WindowLength:
    """Between which two lengths the window's is, both counted from the first call in it."""

    def __init__(self, shortest: float = 0.0, longest: float = math.inf) -> None:
        self.shortest = shortest
        self.longest = longest

    @property
    def is_certain(self) -> bool:
        return self.longest - self.shortest <= PRECISION * self.longest

    @property
    def next_try(self) -> float:
        """The length to go by; one that is not certain is halved by a call that tries it."""
        return self.longest if self.is_certain else (self.shortest + self.longest) / 2

    def refused_at(self, age: float) -> None:
        """A call was refused when the window was so old."""
        if self.shortest == self.longest:
            return
        self.shortest = max(self.shortest, age)
        if self.longest < self.shortest:
            self.longest = math.inf

    def accepted_at(self, age: float) -> None:
        """A call went through when the window was so old."""
        self.longest = max(self.shortest, min(self.longest, age))

    def named(self, age: float) -> None:
        """A refusal says that the window ends when it is so old, or up to a second before."""
        self.refused_at(age - RETRY_AFTER_STEP_S)
        self.accepted_at(age)
