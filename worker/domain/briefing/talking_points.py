"""What is remembered of a briefing's talking points, so that the next briefing can say what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from worker.domain.metrics import Goal


@dataclass(frozen=True, slots=True)
class TalkingPoint:
    """A concern of a day. ``kind`` is that of its insight, with a point for each queue of `costly_queues`.

    ``value``: the figure of the day that the point was about, None if it is not known. ``start`` and ``end``: local
    times such as "11:00", of a window. ``floor``: the adherence under which agents were counted. ``was_unusual``: the
    metric that missed its target was unusual too. ``place``: where an unusual figure lay, such as "unusually_high".
    ``metric`` is then its measure, which may be a time or a number of contacts. ``goal``: what the figure was judged
    against, None if it has none or if an older version stored the point.
    """

    kind: str
    value: float | None = None
    metric: str | None = None
    medium: str | None = None
    queue_id: str | None = None
    start: str | None = None
    end: str | None = None
    floor: float | None = None
    was_unusual: bool = False
    place: str | None = None
    goal: Goal | None = None


def talking_points_of(stored: Iterable[Mapping[str, Any]]) -> tuple[TalkingPoint, ...]:
    """Build points from their stored fields. Fields that only a later version knows are left out."""
    names = {field.name for field in fields(TalkingPoint)}
    return tuple(
        TalkingPoint(**{name: _unlisted(value) for name, value in point.items() if name in names}) for point in stored
    )


def _unlisted(value: Any) -> Any:
    """Return the two edges of a band, which JSON has as a list, as a tuple."""
    return tuple(value) if isinstance(value, list) else value
