"""The half-hours of a plan, from the series of planning groups and the agents' schedules. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from worker.domain.rows import Window
from worker.domain.today.plan import PlannedActivity, PlannedInterval
from worker.genesys.wfm.files import HANDLE_SECONDS, OFFERED, REQUIRED, SERVICE_LEVEL
from worker.genesys.wfm.series import QUARTER_SECONDS, PlanFile
from worker.genesys.wfm.shifts import AgentDay

HALF_HOUR = timedelta(minutes=30)
_HALF_HOUR_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class GroupFiles:
    """A planning group with the files of its business unit. A file that is not known is None."""

    id: str
    required: PlanFile | None = None
    forecast: PlanFile | None = None
    prediction: PlanFile | None = None

    def figure(self, file: PlanFile | None, name: str, instant: int) -> float | None:
        """Return a figure of this planning group."""
        return file.value(self.id, name, instant) if file else None

    def without_empty_requirement(self, instants: Sequence[int]) -> GroupFiles:
        """Return the group without required agents if it requires none at these instants, and its contacts need some.

        A schedule that was made without staffing requirements has zeros. They would make other groups' agents spare.
        Contacts that keep a whole agent busy in a quarter of an hour need one.
        """
        is_required = any(self.figure(self.required, REQUIRED, instant) for instant in instants)
        needs_agents = any(self._busy_agents(instant) >= 1 for instant in instants)
        return replace(self, required=None) if needs_agents and not is_required else self

    def _busy_agents(self, instant: int) -> float:
        contacts, seconds = (self.figure(self.forecast, name, instant) for name in (OFFERED, HANDLE_SECONDS))
        return (contacts or 0.0) * (seconds or 0.0) / QUARTER_SECONDS


def half_hours(
    window: Window, zone: ZoneInfo, groups: Sequence[GroupFiles], agents: Sequence[AgentDay] | None
) -> tuple[PlannedInterval, ...]:
    """Return the half-hours of a medium from the first to the last in which something is planned.

    ``groups`` are the planning groups of the medium. ``agents`` are those who serve it, None if they are not known.
    """
    starts = list(_starts(window))
    instants = [int(start.timestamp()) + quarter for start in starts for quarter in (0, QUARTER_SECONDS)]
    known_groups = [group.without_empty_requirement(instants) for group in groups]
    return without_edges([_interval(start, zone, known_groups, agents) for start in starts])


def all_media(
    media: Iterable[Sequence[PlannedInterval]], agents: Sequence[AgentDay] | None
) -> tuple[PlannedInterval, ...]:
    """Return required and scheduled agents over all media. An agent who serves several media counts once."""
    intervals: dict[datetime, list[PlannedInterval]] = {}
    for interval in (interval for medium in media for interval in medium):
        intervals.setdefault(interval.start.astimezone(UTC), []).append(interval)
    return tuple(
        PlannedInterval(
            start=parts[0].start,
            required=_total([part.required for part in parts]),
            scheduled=heads_at(agents, parts[0].start) if agents is not None else None,
        )
        for _, parts in sorted(intervals.items())
    )


def activities(agents: Iterable[AgentDay], zone: ZoneInfo) -> tuple[PlannedActivity, ...]:
    """Return the trainings, meetings and meals of agents, those at the same time as one."""
    counts = Counter((start, end, kind) for agent in agents for kind, start, end in set(agent.movable))
    return tuple(
        PlannedActivity(kind, datetime.fromtimestamp(start, zone), datetime.fromtimestamp(end, zone), agent_count)
        for (start, end, kind), agent_count in sorted(counts.items())
    )


def heads_at(agents: Iterable[AgentDay], start: datetime) -> float:
    """Return how many agents are on queue in a half-hour, on average over it."""
    begin = int(start.timestamp())
    end = begin + _HALF_HOUR_SECONDS
    seconds = sum(max(0, min(last, end) - max(first, begin)) for agent in agents for first, last in agent.on_queue)
    return seconds / _HALF_HOUR_SECONDS


def without_edges(intervals: Sequence[PlannedInterval]) -> tuple[PlannedInterval, ...]:
    """Leave out the half-hours before the first and after the last in which something is planned."""
    planned = [place for place, interval in enumerate(intervals) if _is_planned(interval)]
    return tuple(intervals[planned[0] : planned[-1] + 1]) if planned else ()


def _starts(window: Window) -> Iterator[datetime]:
    start, end = window.start.astimezone(UTC), window.end.astimezone(UTC)
    while start < end:
        yield start
        start += HALF_HOUR


def _interval(
    start: datetime, zone: ZoneInfo, groups: Sequence[GroupFiles], agents: Sequence[AgentDay] | None
) -> PlannedInterval:
    begin = int(start.timestamp())
    pairs = [(group, instant) for group in groups for instant in (begin, begin + QUARTER_SECONDS)]
    offered = [group.figure(group.forecast, OFFERED, instant) for group, instant in pairs]
    handle = [group.figure(group.forecast, HANDLE_SECONDS, instant) for group, instant in pairs]
    required = [group.figure(group.required, REQUIRED, instant) for group, instant in pairs]
    levels = [group.figure(group.prediction, SERVICE_LEVEL, instant) for group, instant in pairs]
    agent_quarters = _total(required)
    interval = PlannedInterval(
        start=start.astimezone(zone),
        offered=_total(offered),
        handle_seconds=_weighted(handle, offered),
        required=None if agent_quarters is None else agent_quarters * QUARTER_SECONDS / _HALF_HOUR_SECONDS,
        scheduled=heads_at(agents, start) if agents is not None else None,
    )
    return replace(interval, service_level=_weighted(levels, offered if interval.offered is not None else None))


def _is_planned(interval: PlannedInterval) -> bool:
    return bool(interval.offered or interval.required or interval.scheduled)


def _total(values: Sequence[float | None]) -> float | None:
    """Add up. A value that is not known makes the sum unknown."""
    known_values = [value for value in values if value is not None]
    return sum(known_values) if known_values and len(known_values) == len(values) else None


def _weighted(values: Sequence[float | None], weights: Sequence[float | None] | None) -> float | None:
    """Return the mean of values, weighted by contacts where they are known. None if a part that counts is not known."""
    shares = [1.0] * len(values) if weights is None else [weight or 0.0 for weight in weights]
    counted = [(value, share) for value, share in zip(values, shares, strict=True) if share > 0]
    products = [value * share for value, share in counted if value is not None]
    if not products or len(products) < len(counted):
        return None
    return sum(products) / sum(share for _, share in counted)
