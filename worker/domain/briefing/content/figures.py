"""The figures of a day as data: tiles, sums, half-hours, and the lines of media, queues and agents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from worker.domain.briefing.usual_content import Usual
from worker.domain.metrics import Ratio, Reading


@dataclass(frozen=True, slots=True)
class Change:
    """A reading compared with other days: ``days`` are those days, ``points`` is now minus then, as a fraction."""

    kind: Literal["previous", "weekday_average"]
    days: tuple[date, ...]
    points: float


@dataclass(frozen=True, slots=True)
class MediumReading:
    """A metric of one medium."""

    medium: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Tile:
    """One metric of the day, with its last ten business days (oldest first, None for a day that is not known).

    ``medium`` is set on a day with several media: the figure, its changes and its trend are then of this medium, the
    one with the most contacts. ``other_media`` are the readings of the other media, which must be shown beside it.
    It is "all" where the group has several media and the source does not tell them apart.

    ``is_too_thin_to_compare``: an earlier day is known, and it or the reporting day has too few contacts.
    ``is_not_known_earlier``: an earlier day is known, but not this figure of it.
    ``thin_days``: for each day of the trend whether it has too few contacts to be judged. ``usual`` is the usual range
    of the figure, None if nothing is said of it.
    """

    reading: Reading
    changes: tuple[Change, ...] = ()
    trend: tuple[float | None, ...] = ()
    medium: str | None = None
    other_media: tuple[MediumReading, ...] = ()
    is_too_thin_to_compare: bool = False
    is_not_known_earlier: bool = False
    thin_days: tuple[bool, ...] = ()
    usual: Usual | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """The sums of a day or a half-hour over the group's queues. None where the source does not say.

    Average times are also None over several media, which are never averaged together: see `Briefing.media`.
    """

    offered: int | None
    answered: int | None
    abandoned: int | None
    late: int | None
    average_handle_ms: float | None
    average_answer_ms: float | None


NO_COUNTS = Counts(None, None, None, None, None, None)


@dataclass(frozen=True, slots=True)
class HalfHour:
    """One bar of the charts. ``service_level`` is None where nothing was offered.

    ``is_thin``: it has so few contacts that its percentage says little, so it is never called the worst or the best.
    """

    start: datetime
    counts: Counts
    service_level: Ratio | None
    is_thin: bool = False


@dataclass(frozen=True, slots=True)
class MediumLine:
    """One medium on a day that has several. Lines come with the most contacts first.

    ``service_level_seconds``: within how many seconds an answer is in time, where all its queues agree.
    """

    medium: str
    counts: Counts
    service_level: Tile
    abandonment: Tile
    half_hours: tuple[HalfHour, ...] = ()
    service_level_seconds: int | None = None
    previous_counts: Counts | None = None


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One queue on the day. Lines come with the most contacts not answered in time first: those that miss their
    target, then the others, then thin ones, then those without data.

    ``is_thin``: it has so few contacts that its percentage says little.

    ``medium`` is set on a day with several media. A queue then has a line for each medium in which it had contacts.

    ``occupancy`` is known only where the source states it per queue. ``trend`` holds the service levels of the last
    ten business days, oldest first, None for a day that is not known.
    """

    name: str
    counts: Counts
    service_level: Reading
    abandonment: Ratio | None
    occupancy: Ratio | None = None
    change: Change | None = None
    trend: tuple[float | None, ...] = ()
    medium: str | None = None
    is_thin: bool = False


@dataclass(frozen=True, slots=True)
class AgentLine:
    """One agent on the day. Lines come with the worst adherence first, no data last."""

    name: str
    queues: tuple[str, ...]
    adherence: Reading
    occupancy: Ratio | None
    off_schedule_seconds: int | None
    late_logins: int | None
