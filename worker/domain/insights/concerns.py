"""Find what went wrong with the whole day. Each rule looks at a finished day and returns its insight, or None."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from worker.domain.briefing.comparison import UsualVolume
from worker.domain.briefing.content import Briefing, Insight, Tile, of_medium
from worker.domain.briefing.usual_content import Place, Usual, UsualFigure
from worker.domain.groups.thresholds import DEFAULT_THRESHOLDS, Thresholds
from worker.domain.insights.lasting import DAYS, is_told_on_another_day, missed_days
from worker.domain.metrics import OF_CONTACTS, Metric, Reading, Status
from worker.domain.rounding import FLOAT_ERROR, half_up
from worker.domain.staffing.explanation import Factor
from worker.domain.statuses import target_evidence
from worker.domain.why.content import Why

MOST_TARGETS_MISSED = 2
"""So many missed targets have a talking point of their own: a talk has room for other things too."""


def targets_missed(day: Briefing, runs: Iterable[Insight]) -> list[Insight]:
    """Report the missed targets of contacts that no worst run in ``runs`` speaks of."""
    media_with_a_run = {run.figures.get("medium") for run in runs}
    missed_tiles = [
        tile
        for metric in OF_CONTACTS
        for tile in _tiles(day, metric)
        if tile.reading.status is Status.MISSED
        and not (metric is Metric.SERVICE_LEVEL and (tile.medium if day.media else None) in media_with_a_run)
    ]
    return [_target_missed(tile) for tile in missed_tiles if not is_told_on_another_day(day, tile)]


def _tiles(day: Briefing, metric: Metric) -> Iterator[Tile]:
    """Yield the tile of a metric, and a tile for each other medium."""
    yield day.tile(metric)
    for line in day.media[1:]:
        yield line.service_level if metric is Metric.SERVICE_LEVEL else line.abandonment


def agents_targets_missed(day: Briefing, concerns: Iterable[Insight | None]) -> list[Insight]:
    """Report a missed occupancy or adherence of which none of the ``concerns`` speaks."""
    kinds = {concern.kind for concern in concerns if concern}
    return [
        _target_missed(tile)
        for metric, kinds_of_metric in _SPOKEN_OF_BY.items()
        if (tile := day.tile(metric)).reading.status is Status.MISSED
        and not kinds & kinds_of_metric
        and not is_told_on_another_day(day, tile)
    ]


_SPOKEN_OF_BY = {
    Metric.OCCUPANCY: {"occupancy_high", "occupancy_low"},
    Metric.ADHERENCE: {"agents_under_floor"},
}


def _target_missed(tile: Tile) -> Insight:
    reading, missed = tile.reading, missed_days(tile)
    figures: dict[str, object] = {
        "metric": reading.metric.value,
        "value": reading.ratio.value if reading.ratio else 0.0,
        "goal": reading.goal,
        **_contacts_off_target(reading),
        **({"missed_days": missed, "days": DAYS} if missed else {}),
        **({"medium": tile.medium} if tile.medium else {}),
    }
    return Insight("target_missed", Status.MISSED, figures)


def _contacts_off_target(reading: Reading) -> dict[str, object]:
    evidence = target_evidence(reading.metric, reading.ratio, reading.goal) if reading.ratio else None
    return {"contacts_off_target": evidence.short} if evidence else {}


def service_level_down(day: Briefing, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Insight | None:
    """Report an unusually low service level, below both the previous business day and the same weekday before."""
    if not lies(day.tile(Metric.SERVICE_LEVEL).usual, Place.UNUSUALLY_LOW):
        return None
    status = _at_least_watch(day.tile(Metric.SERVICE_LEVEL).reading.status)
    return service_level_change(day, status, lambda points: points <= -thresholds.notable_change + FLOAT_ERROR)


def service_level_low(day: Briefing) -> Insight | None:
    """Report a low service level that is explained."""
    if not isinstance(day.explanation, Why):
        return None
    status = _at_least_watch(day.tile(Metric.SERVICE_LEVEL).reading.status)
    return Insight("service_level_low", status, {"why": day.explanation, **of_medium(day)})


def lies(usual: Usual | None, place: Place) -> bool:
    """Return whether a figure has a usual range and lies there."""
    return isinstance(usual, UsualFigure) and usual.place is place


def service_level_change(day: Briefing, status: Status, is_notable: Callable[[float], bool]) -> Insight | None:
    """Report the change from the previous business day, if it and the change from the weekdays are both notable."""
    changes = {change.kind: change for change in day.tile(Metric.SERVICE_LEVEL).changes}
    if len(changes) < 2 or not all(is_notable(change.points) for change in changes.values()):
        return None
    previous = changes["previous"]
    weeks = len(changes["weekday_average"].days)
    weekday = changes["weekday_average"].days[-1]
    figures = {"points": previous.points, "previous": previous.days[0], "weeks": weeks, "weekday": weekday}
    return Insight("service_level_change", status, {**figures, **of_medium(day)})


USUAL_IN_WHOLE_CONTACTS = 100
"""From so many contacts on the usual number is shown without a decimal place. 12.5 would become 13, 4 % more."""


def volume_high(
    day: Briefing, usual: UsualVolume | None, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> Insight | None:
    """Report unusually many contacts, clearly more than the average of this weekday in the last weeks.

    Beside an explanation of the service level it is the number that this one compares with: one page has one
    percentage. The ratio is to the usual number as it is shown, so that a reader who divides finds the same percentage.
    """
    if not lies(day.usual_offered, Place.UNUSUALLY_HIGH):
        return None
    offered = (day.media[0] if day.media else day).counts.offered
    expected = _explained_contacts(day)
    number = usual.offered if usual and expected is None else expected
    if not number or not offered:
        return None
    if offered / number < 1 + thresholds.notable_volume - FLOAT_ERROR or offered < thresholds.fewest_contacts:
        return None
    is_whole = expected is not None or number >= USUAL_IN_WHOLE_CONTACTS
    printed_usual = float(half_up(number, 0 if is_whole else 1))
    figures = {"ratio": offered / printed_usual, "usual": printed_usual, **of_medium(day)}
    if usual and expected is None:
        figures |= {"weeks": len(usual.days), "day": max(usual.days)}
    return Insight("volume_high", Status.WATCH, figures)


def _explained_contacts(day: Briefing) -> float | None:
    """Return the contacts that an explanation of the service level compares with, None without one."""
    return day.explanation.factor(Factor.VOLUME).expected if isinstance(day.explanation, Why) else None


def _at_least_watch(status: Status) -> Status:
    """A concern is at least something to watch."""
    return Status.MISSED if status is Status.MISSED else Status.WATCH
