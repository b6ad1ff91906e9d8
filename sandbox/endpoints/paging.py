"""How a list is cut into pages: as it should be, and in the ways that make a careless client loop."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    items: Sequence[T]
    has_more: bool


class Paging(Protocol):
    def __call__(self, items: Sequence[T], number: int, size: int, invent: Callable[[int], T]) -> Page[T]:
        """The page with that number, from 1; `invent` makes up an item that is not in the list."""


def honest(items: Sequence[T], number: int, size: int, invent: Callable[[int], T]) -> Page[T]:
    return Page(items[(number - 1) * size : number * size], number * size < len(items))


def repeated(items: Sequence[T], number: int, size: int, invent: Callable[[int], T]) -> Page[T]:
    return Page(items[:size], has_more=True)


def nothing(items: Sequence[T], number: int, size: int, invent: Callable[[int], T]) -> Page[T]:
    return Page([], has_more=False)


def emptied(items: Sequence[T], number: int, size: int, invent: Callable[[int], T]) -> Page[T]:
    return Page([], honest(items, number, size, invent).has_more)


def endless_empty(items: Sequence[T], number: int, size: int, invent: Callable[[int], T]) -> Page[T]:
    return Page(honest(items, number, size, invent).items, has_more=True)


def endless_fresh(items: Sequence[T], number: int, size: int, invent: Callable[[int], T]) -> Page[T]:
    fresh = [invent(place) for place in range((number - 1) * size, number * size)]
    return Page(honest(items, number, size, invent).items or fresh, has_more=True)
