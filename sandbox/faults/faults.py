"""The faults that are planned for a sandbox, and how often each has hit."""

from dataclasses import dataclass

from sandbox.faults.fault import Fault
from sandbox.messages import Request


class Faults:
    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def add(self, fault: Fault) -> None:
        self._planned.append(_Planned(fault))

    def remove(self, fault: Fault) -> None:
        """Raises `ValueError` if no such fault is planned."""
        remaining = [planned for planned in self._planned if planned.fault != fault]
        if len(remaining) == len(self._planned):
            raise ValueError(f"no such fault is planned: {fault}")
        self._planned = remaining

    def clear(self) -> None:
        self._planned = []

    def hit(self, request: Request) -> Fault | None:
        """The fault that hits this call, if any: of several, the one that was added first."""
        matching = [planned for planned in self._planned if planned.fault.matches(request)]
        ready = [planned for planned in matching if not planned.spares_call()]
        for planned in ready:
            if planned.fault.times is None or planned.hits < planned.fault.times:
                planned.hits += 1
                return planned.fault
        return None


@dataclass
class _Planned:
    fault: Fault
    spared: int = 0
    hits: int = 0

    def spares_call(self) -> bool:
        if self.spared == self.fault.skip:
            return False
        self.spared += 1
        return True
