"""Figures of planning groups by quarter of an hour, cut to the time around a day. Pure.

A file holds a whole schedule for all planning groups of a business unit. Only a day of it is kept, without the zeros of
the night, because every run of the morning reads it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from worker.domain.rows import Window
from worker.errors import MalformedAnswer
from worker.genesys.wfm.units import BusinessUnit

QUARTER_SECONDS = 900

_MARGIN = timedelta(hours=14)
"""The local day whose noon is on a date of the business unit begins at most 12 h before that date, or ends so long
after it. Clock changes need two hours more."""

Figures = Mapping[str, Sequence[float | None]]
"""A planning group's figures by name."""


class Series(NamedTuple):
    """``length`` steps, of which ``values`` are those from the first to the last that is not 0."""

    length: int
    first: int = 0
    values: Sequence[float | None] = ()


@dataclass(frozen=True, slots=True)
class PlanFile:
    """Series by planning group and figure. Steps of ``step_seconds`` begin at ``start``, in seconds since 1970."""

    start: int
    step_seconds: int
    groups: Mapping[str, Mapping[str, Series]]

    def value(self, group_id: str, figure: str, instant: int) -> float | None:
        """Return a figure of the step that an instant is in, None if the file does not say."""
        series = self.groups.get(group_id, {}).get(figure)
        step = (instant - self.start) // self.step_seconds
        if series is None or not 0 <= step < series.length:
            return None
        place = step - series.first
        return series.values[place] if 0 <= place < len(series.values) else 0.0


def encode_file(file: PlanFile) -> dict[str, object]:
    """Return a file as a JSON value."""
    return {"start": file.start, "step_seconds": file.step_seconds, "groups": file.groups}


def decode_file(value: object, group_ids: Collection[str]) -> PlanFile:
    """Return the part of a stored file that is about some planning groups.

    The others are not looked at: every run of a morning reads the file, and needs few of its groups. Raises
    `MalformedAnswer` if it is damaged.
    """
    try:
        stored = cast("dict[str, Any]", value)
        groups = {
            group_id: {name: Series(*series) for name, series in stored["groups"][group_id].items()}
            for group_id in group_ids
            if group_id in stored["groups"]
        }
        return PlanFile(int(stored["start"]), int(stored["step_seconds"]), groups)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise MalformedAnswer(f"A stored file of a schedule is damaged ({error!r}).") from error


def days_span(unit: BusinessUnit) -> Window:
    """Return the time that holds any group's day whose noon is on the unit's day."""
    zone = ZoneInfo(unit.zone)
    begin, end = (
        datetime.combine(day, time(), zone).astimezone(UTC) for day in (unit.day, unit.day + timedelta(days=1))
    )
    return Window(begin - _MARGIN, end + _MARGIN)


def cut(reference: datetime, step_seconds: int, span: Window, groups: Iterable[tuple[str, Figures]]) -> PlanFile:
    """Return the steps that touch the span. Steps are counted in UTC, so a clock change does not shift them."""
    start = int(reference.timestamp())
    first = max(0, (int(span.start.timestamp()) - start) // step_seconds)
    last = max(first, -((start - int(span.end.timestamp())) // step_seconds))
    series_by_group = {
        group_id: {name: _series(values[first:last]) for name, values in figures.items()}
        for group_id, figures in groups
    }
    return PlanFile(start=start + first * step_seconds, step_seconds=step_seconds, groups=series_by_group)


def _series(values: Sequence[float | None]) -> Series:
    places = [place for place, value in enumerate(values) if value != 0]
    if not places:
        return Series(length=len(values))
    return Series(length=len(values), first=places[0], values=tuple(values[places[0] : places[-1] + 1]))
