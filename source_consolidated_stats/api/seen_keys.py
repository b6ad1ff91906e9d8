"""Which rows of a window have come already: how pages that move, repeat or never end are noticed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping


class SeenKeys:
    """The keys of the rows that came so far, as hashes. Rows that move between the pages of a window while it is read
    are missing at one place and come twice at another, so a repeated key is the sign of a missing row."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._repeats: Counter[int] = Counter()

    @property
    def repeats(self) -> Mapping[int, int]:
        """How often each key came again."""
        return self._repeats

    @property
    def fingerprint(self) -> Hashable:
        """Equal for the same keys, each as often, in any order."""
        return hash(frozenset(self._seen)), frozenset(self._repeats.items())

    def has_all(self, keys: Iterable[int]) -> bool:
        """Whether none of `keys` is new."""
        return all(map(self._seen.__contains__, keys))

    def add(self, keys: list[int], ambiguous: frozenset[int] = frozenset()) -> None:
        """Notes the keys of a page. Those that are `ambiguous` cannot tell one row from another, so their coming again
        says nothing."""
        if self._seen.isdisjoint(keys) and len(set(keys)) == len(keys):
            self._seen.update(keys)
            return
        for key in keys:
            if key in self._seen and key not in ambiguous:
                self._repeats[key] += 1
            self._seen.add(key)
