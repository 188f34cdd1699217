"""Find what went wrong with the agents' times: adherence under the floor, occupancy outside its band."""

from __future__ import annotations

from worker.domain.briefing.content import Briefing, Insight
from worker.domain.briefing.usual_content import UsualFigure
from worker.domain.groups.thresholds import DEFAULT_THRESHOLDS, Thresholds
from worker.domain.insights.lasting import is_told_on_another_day
from worker.domain.metrics import OF_CONTACTS, Metric, Ratio, Status
from worker.domain.rounding import FLOAT_ERROR

FEWEST_AGENTS = 2
"""Of fewer agents nothing is said: it would be about one person."""


FEWEST_FOR_OCCUPANCY = 30
"""Of fewer contacts no advice on staffing is given.

One contact more or less moves the occupancy of 30 contacts by about 3 points.
"""


def agents_under_floor(day: Briefing, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Insight | None:
    """Count the agents whose adherence is far below the group's target, and their time off schedule.

    A point about a single agent would be about a person, and a low adherence in a group that met its target is one
    day's noise: neither is said.
    """
    tile = day.tile(Metric.ADHERENCE)
    floor = thresholds.floor(tile.reading.lowest_goal)
    agents = [line for line in day.agents if _is_below(line.adherence.ratio, floor)]
    if len(agents) < FEWEST_AGENTS or tile.reading.status is not Status.MISSED:
        return None
    late_logins = [line.late_logins for line in agents if line.late_logins is not None]
    return Insight(
        "agents_under_floor",
        Status.MISSED,
        {
            "count": len(agents),
            "floor": floor,
            "off_schedule_seconds": sum(line.off_schedule_seconds or 0 for line in agents),
            "late_logins": sum(late_logins) if late_logins else None,
        },
    )


def _is_below(ratio: Ratio | None, limit: float) -> bool:
    return ratio is not None and ratio.value < limit - FLOAT_ERROR


def occupancy_out_of_band(day: Briefing) -> Insight | None:
    """Report occupancy that missed its band: above it agents have no pause, below it they wait.

    Outside on most days, it is told once a week, as a missed target is.
    """
    tile = day.tile(Metric.OCCUPANCY)
    reading = tile.reading
    if not reading.ratio or reading.status is not Status.MISSED or not isinstance(reading.goal, tuple):
        return None
    if has_few_for_occupancy(day) or is_told_on_another_day(day, tile):
        return None
    low, high = reading.goal
    kind = "occupancy_high" if reading.ratio.value > high else "occupancy_low"
    if kind == "occupancy_low" and _is_service_short(day):
        return None  # agents who wait could have answered: time for coaching is not what such a day needs
    figures = {"value": reading.ratio.value, "low": low, "high": high}
    if kind == "occupancy_high":
        return Insight(kind, reading.status, figures | ({"is_one_agent": True} if len(day.agents) == 1 else {}))
    return Insight(kind, reading.status, figures | ({} if _is_often_low(day, low) else {"is_once": True}))


PATTERN_DAYS, DAYS_OF_A_PATTERN = 5, 3
"""Occupancy below its band on so many of the last days is no accident. One quiet day leaves no room for coaching."""


def _is_often_low(day: Briefing, low: float) -> bool:
    """Return whether occupancy was below its band on most of the last days, and the day's contacts are not unusual."""
    if isinstance(day.usual_offered, UsualFigure) and day.usual_offered.is_unusual:
        return False
    last_days = day.tile(Metric.OCCUPANCY).trend[-PATTERN_DAYS:]
    return sum(value is not None and value < low - FLOAT_ERROR for value in last_days) >= DAYS_OF_A_PATTERN


def has_few_for_occupancy(day: Briefing) -> bool:
    """Return whether the day's contacts are too few to conclude anything from the agents' occupancy."""
    contacts = day.counts.answered if day.counts.answered is not None else day.counts.offered
    return contacts is not None and contacts < FEWEST_FOR_OCCUPANCY


def _is_service_short(day: Briefing) -> bool:
    """Return whether contacts waited or hung up more than the targets allow, in any medium."""
    return any(reading.metric in OF_CONTACTS and reading.status.is_off_target for reading in day.readings)
