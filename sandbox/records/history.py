"""Records by group and local date, generated or replayed, with a cache."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from sandbox.organisation.model import Group
from sandbox.records.instants import Span, dates_touching
from sandbox.records.model import DayRecords

CACHED_DAYS = 600
"""How many days of groups stay in memory. A day of ten agents takes about 200 kB."""

Source = Callable[[Group, date], DayRecords]


def replayed(days: Mapping[date, DayRecords]) -> Source:
    """Return a source that knows the days of a file and has no records on any other day."""
    return lambda _, day: days.get(day, DayRecords())


class History:
    """All records. ``is_silent(group key, date)`` tells whether a scenario says that no one called. Thread-safe."""

    def __init__(self, sources: Mapping[str, Source], is_silent: Callable[[str, date], bool]) -> None:
        self._sources = sources
        self._is_silent = is_silent
        self._cache: OrderedDict[tuple[str, date], DayRecords] = OrderedDict()
        self._lock = threading.Lock()

    def day(self, group: Group, day: date) -> DayRecords:
        """Return a group's records that begin on a local date."""
        if self._is_silent(group.key, day):
            return DayRecords()
        with self._lock:
            key = (group.key, day)
            if key not in self._cache:
                self._cache[key] = self._sources[group.key](group, day)
                while len(self._cache) > CACHED_DAYS:
                    self._cache.popitem(last=False)
            self._cache.move_to_end(key)
            return self._cache[key]

    def days(self, group: Group, span: Span) -> Iterator[DayRecords]:
        """Yield the days whose records can overlap the span, in order."""
        return (self.day(group, day) for day in dates_touching(span, group.zone))
