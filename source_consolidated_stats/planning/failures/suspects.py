"""The search for sequences whose statistics the API refuses: one of them refuses a whole call."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from ..due.window import Window


class Suspects:
    """Which sequences were accepted in this sync, which are refused, and which groups hold a refused one for sure."""

    def __init__(self) -> None:
        self._accepted: set[str] = set()
        self._groups: list[frozenset[str]] = []
        self._refused: dict[str, str] = {}

    @property
    def refused(self) -> Mapping[str, str]:
        """The API's words for each sequence that it refuses."""
        return self._refused

    @property
    def searching(self) -> bool:
        return bool(self._groups)

    def unknown(self, sequence_ids: Iterable[str]) -> tuple[str, ...]:
        """Those of which it is not known that they are accepted."""
        return tuple(one for one in sequence_ids if one not in self._accepted)

    def accept(self, sequence_ids: Iterable[str]) -> None:
        self._accepted.update(sequence_ids)
        self._set_groups(group - self._accepted for group in self._groups)

    def suspect(self, sequence_ids: Collection[str]) -> bool:
        """Notes that one of these is refused; gives whether this was known already."""
        group = frozenset(self.unknown(sequence_ids))
        known = any(narrower <= group for narrower in self._groups)
        if not known:
            self._set_groups([*(wider for wider in self._groups if not group <= wider), group])
        return known

    def refuse(self, sequence_id: str, words: str) -> None:
        self._refused[sequence_id] = words
        self._set_groups(group for group in self._groups if sequence_id not in group)

    def drop(self, sequence_ids: Collection[str]) -> None:
        """Ends the search among these without a result."""
        self._set_groups(group for group in self._groups if group.isdisjoint(sequence_ids))

    def is_refused_for_sure(self, window: Window) -> bool:
        """Whether the window holds a group of several of which one is refused."""
        ids = frozenset(window.sequence_ids)
        return any(group <= ids for group in self._groups)

    def split(self, window: Window) -> tuple[Window, ...]:
        """Parts of a refused window with several sequences: half of those that may be the reason, the other half, and
        those that were accepted before."""
        unknown = self.unknown(window.sequence_ids)
        middle = (len(unknown) + 1) // 2
        return window.of(unknown[:middle]), window.of(unknown[middle:]), window.without(unknown)

    def _set_groups(self, groups: Iterable[frozenset[str]]) -> None:
        self._groups = [group for group in groups if group]
