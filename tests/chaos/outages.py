"""Outages of which operations must hear: by which alert, and how soon. Pure: it reads nothing but its arguments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tests.chaos.faults import Kind
from tests.chaos.injecting import Injection
from worker.alerts import headings


@dataclass(frozen=True, slots=True)
class AlertReading:
    """An alert that arrived, and when, in seconds since 1970."""

    heading: str
    arrived_at: float


@dataclass(frozen=True, slots=True)
class Report:
    """Which alert reports an outage, how many seconds after its beginning at most, and which one its end, if any.

    The mail server is missed with the first delivery, which must have waited for two minutes at a look of the watchdog,
    once a minute. The delivery itself comes up to a minute after the beginning.
    """

    heading: str
    within_seconds: float
    heading_of_end: str = ""


_AWAY = Report(headings.REDIS_AWAY, 60.0, headings.REDIS_BACK)
_NO_WRITES = Report(headings.REDIS_NO_WRITES, 60.0, headings.REDIS_WRITES_BACK)
REPORTS: Mapping[Kind, Report] = {
    "kill_redis": _AWAY,
    "dead_connections": _AWAY,
    "redis_full": _NO_WRITES,
    "redis_read_only": _NO_WRITES,
    "kill_mail_server": Report(headings.nothing_accepted("email"), 240.0),
}
"""By the kind of the outage, if it lasts long enough."""


def reported_after(injection: Injection, alerts: Iterable[AlertReading]) -> float | None:
    """Return how many seconds after its beginning operations heard of an outage. None if they did not."""
    report = REPORTS[injection.fault.kind]
    return _first(report.heading, injection.began_at, alerts)


def faults_of_report(injection: Injection, alerts: Iterable[AlertReading]) -> Iterator[str]:
    """Yield what was wrong with the alerts of a fault. One that is too short needs none."""
    if not injection.happened or not injection.fault.is_reported:
        return
    report, alerts = REPORTS[injection.fault.kind], list(alerts)
    seconds = reported_after(injection, alerts)
    if seconds is None:
        yield f"{injection.fault}: no alert '{report.heading}'"
    elif seconds > report.within_seconds:
        yield f"{injection.fault}: alert '{report.heading}' after {seconds:.0f} s, not {report.within_seconds:.0f} s"
    if report.heading_of_end and _first(report.heading_of_end, injection.began_at, alerts) is None:
        yield f"{injection.fault}: no alert '{report.heading_of_end}'"


def _first(heading: str, begin: float, alerts: Iterable[AlertReading]) -> float | None:
    """Return the seconds from ``begin`` until the first alert with this heading."""
    instants = [alert.arrived_at for alert in alerts if alert.heading == heading and alert.arrived_at >= begin]
    return min(instants) - begin if instants else None
