"""A finished day of New York with nothing to talk about, and parts to change in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from worker.domain.briefing.comparison import UsualVolume
from worker.domain.briefing.content import AgentLine, Briefing, Change, Completeness, Counts, HalfHour, QueueLine, Tile
from worker.domain.briefing.usual_content import Place, UsualFigure
from worker.domain.groups import Targets
from worker.domain.metrics import Metric, Ratio
from worker.domain.rows import Window
from worker.domain.statuses import reading

ZONE = ZoneInfo("America/New_York")
DAY = date(2026, 10, 21)
TUESDAY, WEDNESDAYS = (date(2026, 10, 20),), (date(2026, 10, 7), date(2026, 10, 14))
TARGETS = Targets(service_level=0.8, abandonment=0.05, occupancy=(0.78, 0.86), adherence=0.92)
NO_COUNTS = Counts(None, None, None, None, None, None)


def unusual(place: Place) -> UsualFigure:
    """A usual range in which a figure lies at this place."""
    return UsualFigure(0.74, 0.84, 0.79, place, 26, False)


def _ratio(value: Any) -> Ratio | None:
    """(numerator, denominator), a value alone, or None."""
    if isinstance(value, tuple):
        return Ratio(value[0] / value[1], *value)
    return Ratio(value) if value is not None else None


@pytest.fixture(scope="session")
def tile() -> Callable[..., Tile]:
    def make(
        metric: Metric, value: Any, since_tuesday: Any = None, since_weekdays: Any = None, trend: Any = ()
    ) -> Tile:
        changes = []
        if since_tuesday is not None:
            changes.append(Change("previous", TUESDAY, since_tuesday))
        if since_weekdays is not None:
            changes.append(Change("weekday_average", WEDNESDAYS, since_weekdays))
        is_unusual = metric is Metric.SERVICE_LEVEL and since_tuesday is not None
        place = Place.UNUSUALLY_LOW if (since_tuesday or 0) < 0 else Place.UNUSUALLY_HIGH
        usual = unusual(place if is_unusual else Place.INSIDE)
        return Tile(reading(metric, _ratio(value), TARGETS), tuple(changes), trend, usual=usual)

    return make


@pytest.fixture(scope="session")
def half_hours() -> Callable[..., tuple[HalfHour, ...]]:
    """Half-hours from 07:00 on: (in time, offered, abandoned), or None where no one called."""

    def make(*halves: tuple[int, int, int] | None, first: datetime = datetime(2026, 10, 21, 7, tzinfo=ZONE)) -> Any:
        return tuple(
            HalfHour(
                first + timedelta(minutes=30 * index),
                replace(NO_COUNTS, offered=half[1], abandoned=half[2]) if half else NO_COUNTS,
                _ratio(half[:2]) if half else None,
            )
            for index, half in enumerate(halves)
        )

    return make


@pytest.fixture(scope="session")
def queue() -> Callable[..., QueueLine]:
    def make(name: str, in_time: int | None, offered: int | None) -> QueueLine:
        if in_time is None or offered is None:
            return QueueLine(name, NO_COUNTS, reading(Metric.SERVICE_LEVEL, None, TARGETS), None)
        level = _ratio((in_time, offered)) if offered else None
        counts = replace(NO_COUNTS, offered=offered, late=offered - in_time)
        return QueueLine(name, counts, reading(Metric.SERVICE_LEVEL, level, TARGETS), None)

    return make


@pytest.fixture(scope="session")
def agent() -> Callable[..., AgentLine]:
    def make(
        name: str, adherence: float | None, seconds_off: int | None = None, late_logins: int | None = None
    ) -> AgentLine:
        return AgentLine(
            name, (), reading(Metric.ADHERENCE, _ratio(adherence), TARGETS), None, seconds_off, late_logins
        )

    return make


def _with_contacts_of(level: Tile, queues: Sequence[QueueLine]) -> Tile:
    """The tile with the queues' contacts as its parts. Its value does not depend on them."""
    ratios = [line.service_level.ratio for line in queues if line.service_level.ratio]
    numerator = sum(ratio.numerator or 0 for ratio in ratios)
    denominator = sum(ratio.denominator or 0 for ratio in ratios)
    if level.reading.ratio is None:
        return level
    ratio = replace(level.reading.ratio, numerator=numerator, denominator=denominator)
    return replace(level, reading=replace(level.reading, ratio=ratio))


def _counts_of(queues: Sequence[QueueLine]) -> Counts:
    offered, late = [line.counts.offered or 0 for line in queues], [line.counts.late or 0 for line in queues]
    return Counts(sum(offered), None, None, sum(late), None, None)


@pytest.fixture(scope="session")
def day(tile: Callable[..., Tile]) -> Callable[..., Briefing]:
    """A day on which service level is just missed (not all is well) and the rest on target; ``tiles`` replace."""

    def make(tiles: tuple[Tile, ...] = (), **parts: Any) -> Briefing:
        usual = {
            Metric.SERVICE_LEVEL: (790, 1_000),
            Metric.ABANDONMENT: 0.05,
            Metric.OCCUPANCY: 0.8,
            Metric.ADHERENCE: 0.95,
        }
        replaced_tiles = {value.reading.metric: value for value in tiles}
        level, *other_tiles = (replaced_tiles.get(metric) or tile(metric, usual[metric]) for metric in Metric)
        fields: dict[str, Any] = {
            "run_id": "support:2026-10-21",
            "group_key": "support",
            "group_title": "Support",
            "reporting_day": DAY,
            "revision": 1,
            "window": Window(datetime(2026, 10, 21, tzinfo=ZONE), datetime(2026, 10, 22, tzinfo=ZONE)),
            "zone": "America/New_York",
            "generated_at": datetime(2026, 10, 22, 6, 5, tzinfo=ZONE),
            "service_level_seconds": 20,
            "tiles": (_with_contacts_of(level, parts["queues"]) if "queues" in parts else level, *other_tiles),
            "counts": _counts_of(parts["queues"]) if "queues" in parts else Counts(1_000, 950, 50, 210, None, None),
            "insights": (),
            "half_hours": (),
            "queues": (),
            "agents": (),
            "completeness": Completeness((), ()),
            "usual_offered": unusual(Place.INSIDE),
        }
        return Briefing(**{**fields, **parts})

    return make


@pytest.fixture(scope="session")
def usually() -> Callable[[float | None], UsualVolume | None]:
    def make(offered: float | None, weeks: int = 2) -> UsualVolume | None:
        return None if offered is None else UsualVolume(offered, WEDNESDAYS[:weeks])

    return make


@pytest.fixture
def awful(day: Any, tile: Any, half_hours: Any, queue: Any, agent: Any) -> Briefing:
    """Everything that can go wrong does; the third queue is a good one."""
    bad_day: Briefing = day(
        (tile(Metric.SERVICE_LEVEL, 0.6, -0.1, -0.1), tile(Metric.OCCUPANCY, 0.95), tile(Metric.ADHERENCE, 0.905)),
        half_hours=half_hours((10, 20, 4)),
        queues=(queue("A", 40, 100), queue("B", 50, 100), queue("C", 95, 100)),
        agents=(agent("Marta", 0.5, 600, 1),),
    )
    return bad_day
