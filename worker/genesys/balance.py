"""Whether the contacts of a day add up if its blank cells are zeros. Pure.

A contact can be offered in one half-hour and answered or abandoned in a later one. So a row may have contacts left
over, as long as later rows end them. If none does, a blank cell of that row or the next could hide them
(docs/decisions/blank-cells.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.domain.rows import Window

_NEAR_MIDNIGHT = timedelta(hours=1)
"""Contacts that wait at midnight are offered in the last hour of a day, and answered or abandoned in the first."""


@dataclass(frozen=True, slots=True)
class Movement:
    """The contacts of one row: offered, and ended (answered or abandoned). A blank cell counts as 0."""

    start: datetime | None
    offered: float
    ended: float
    has_blank_offer: bool
    has_blank_end: bool

    @property
    def is_evidence(self) -> bool:
        """Whether a blank cell is zero if the day adds up. Without contacts it could mean "nothing to count"."""
        return (self.has_blank_end and self.offered > 0) or (self.has_blank_offer and self.ended > 0)


def blanks_hide_contacts(movements: Iterable[Movement], window: Window) -> bool:
    """Return whether contacts of a queue and medium are left over where a blank cell could hide them."""
    rows = sorted(movements, key=lambda row: row.start or window.start)
    for index, difference in _unmatched([row.offered - row.ended for row in rows]):
        if _waits_at_midnight(rows[index].start, difference, window):
            continue
        if difference > 0 and any(row.has_blank_end for row in rows[index : index + 2]):
            return True
        if difference < 0 and any(row.has_blank_offer for row in rows[max(index - 1, 0) : index + 1]):
            return True
    return False


def _waits_at_midnight(start: datetime | None, difference: float, window: Window) -> bool:
    if start is None:
        return False
    return window.end - start <= _NEAR_MIDNIGHT if difference > 0 else start - window.start < _NEAR_MIDNIGHT


def _unmatched(differences: Sequence[float]) -> Iterator[tuple[int, float]]:
    """Yield index and contacts of rows with too many or too few, after the latest that wait are answered first."""
    waiting: list[tuple[int, float]] = []
    for index, difference in enumerate(differences):
        if difference > 0:
            waiting.append((index, difference))
        shortfall = -min(difference, 0.0)
        while shortfall and waiting:
            earlier, contacts = waiting.pop()
            if contacts > shortfall:
                waiting.append((earlier, contacts - shortfall))
            shortfall = max(shortfall - contacts, 0.0)
        if shortfall:
            yield index, -shortfall
    yield from waiting
