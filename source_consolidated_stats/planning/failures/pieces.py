"""What a part is read in: as it is, or in pieces, if it is too large or has something that is known to fail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ..due.days import Days, between, stretches
from ..due.window import Window
from ..windows.slicer import Slicer
from .division import Part
from .facts import Facts

LAST = 100
"""The trouble of days on which nothing is read."""


class Pieces(NamedTuple):
    now: Part | None = None
    """What is read of it now: the part itself, if it can be read as it is."""
    rest: Sequence[Part] = ()
    """What is read after it, in that order."""
    last: Sequence[Part] = ()
    """What is known to fail, and is read apart from all others."""
    too_large: Window | None = None
    """What only its size keeps from being read."""


def pieces_of(part: Part, retention_start: date, facts: Facts, slicer: Slicer) -> Pieces:
    area = part.area.trimmed(retention_start, facts.refused.keys())
    if area is None:
        return Pieces()
    last = []
    others = area.without(facts.apart)
    if others.sequence_ids and others != area:
        last.append(Part(area.only(facts.apart), max(1, part.trouble), is_whole=part.is_whole))
        area = others
    if part.trouble < LAST and (bad := facts.bad_day(area.days)):
        last.append(Part(area._replace(days=Days(bad, bad)), LAST))
        around = stretches(between(*area.days) & ~between(bad, bad))
        return Pieces(rest=[Part(area._replace(days=days), part.trouble) for days in reversed(around)], last=last)
    fit, rest = slicer.cut(area) if part.is_whole else slicer.fit(area, area.days.length)
    if rest and not part.is_whole:
        return Pieces(last=last, too_large=area)
    if fit == part.area:
        part.is_whole = False
        now = part
    else:
        now = Part(fit, part.trouble)
    return Pieces(now, [Part(each, part.trouble, is_whole=True) for each in rest], last)
