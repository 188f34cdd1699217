"""Records by group and local date, generated or replayed, kept while they are asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from sandbox.instants import dates_touching
from sandbox.organisation import Group
from sandbox.records import Day

KEPT_DAYS = 600
"""So many days of groups stay in memory; a day of ten agents takes some 200 kB."""

Source = Callable[[Group, date], Day]


def replayed(days: Mapping[date, Day]) -> Source:
    """The days of a file; no records on any other."""
    return lambda _, day: days.get(day, Day())


class History:
    """What happened. ``silent(group key, date)`` says that there are no records by script. Thread-safe."""

    def __init__(self, sources: Mapping[str, Source], silent: Callable[[str, date], bool]) -> None:
        self._sources = sources
        self._silent = silent
        self._kept: OrderedDict[tuple[str, date], Day] = OrderedDict()
        self._lock = threading.Lock()

    def day(self, group: Group, day: date) -> Day:
        """A group's records that begin on a local date."""
        if self._silent(group.key, day):
            return Day()
        with self._lock:
            key = (group.key, day)
            if key not in self._kept:
                self._kept[key] = self._sources[group.key](group, day)
                while len(self._kept) > KEPT_DAYS:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    def days(self, group: Group, span: tuple[int, int]) -> Iterator[Day]:
        """The days whose records can fall into the span, in order."""
        return (self.day(group, day) for day in dates_touching(span, group.zone))
