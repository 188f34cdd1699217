"""`standup plan`: the next stand-ups, with window, clock changes and holidays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import click

from worker.cli import output
from worker.cli.arguments.days import DAY, Day
from worker.cli.arguments.parameters import GROUP
from worker.cli.groups import warn_of
from worker.cli.pause import covering, known_pauses
from worker.domain.calendar import business_day, schedule
from worker.domain.calendar.schedule import Planned
from worker.domain.groups import Group
from worker.domain.pauses import Pause
from worker.services.holidays import Holidays
from worker.wiring import services, stores
from worker.wiring.process import clock

_ORDINARY_DAY = timedelta(hours=24)
_MAX_DAYS = 3660


@click.command(short_help="Show the next stand-ups and what will be sent.")
@click.option("--days", type=click.IntRange(1, _MAX_DAYS), default=5, show_default=True, help="How many local days.")
@click.option(
    "--from",
    "start",
    type=DAY,
    metavar="DAY",
    help="First day: 2026-10-01, tomorrow, +7d, or the next monday. Default: from now on.",
)
@click.option("--group", "selected", multiple=True, metavar="KEY", type=GROUP, help="Only this group. Can be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def plan(days: int, start: Day | None, selected: tuple[Group, ...], as_json: bool) -> None:
    """Show the next stand-ups: the day each is about, the window in the group's zone, and what will be sent.

    Asks only Redis, for paused groups: a calendar at the source is asked only on the morning, and the reason says so.
    With --from the plan depends on the group file alone.
    """
    group_file = stores.groups().file()
    groups = list({group.key: group for group in selected or group_file.groups}.values())
    try:
        planned = _planned(services.holidays(), groups, start, days)
        planned = planned if start else _with_pauses(planned, known_pauses())
    except OverflowError:
        raise click.BadParameter("expected the days to end before the year 10000", param_hint="--from") from None
    if as_json:
        output.print_json([_plain(entry) for entry in planned])
    else:
        _print(planned)
    warn_of(group_file)
    if not groups:
        raise SystemExit(1)


def _planned(holidays: Holidays, groups: list[Group], start: Day | None, days: int) -> list[Planned]:
    now = clock()
    planned = [
        entry
        for group in groups
        for entry in schedule.plan([group], _first_day(group, start, now), days, holidays.calendar_day)
        if start or entry.standup_at.astimezone(UTC) >= now
    ]
    return sorted(planned, key=schedule.by_instant)


def _first_day(group: Group, start: Day | None, now: datetime) -> date:
    today = now.astimezone(group.tz).date()
    return start.resolved(today, ahead=True) if start else today


def _with_pauses(planned: list[Planned], pauses: Mapping[str, Pause]) -> list[Planned]:
    return [
        replace(entry, outcome="none", reason=f"The group is {group_pause}.")
        if (group_pause := covering(pauses, entry.group, entry.standup_at.date()))
        else entry
        for entry in planned
    ]


def _plain(entry: Planned) -> dict[str, Any]:
    return {
        "group": entry.group,
        "zone": entry.zone,
        "standup_at": entry.standup_at,
        "reporting_day": entry.reporting_day,
        "window_start": entry.window.start,
        "window_end": entry.window.end,
        "outcome": entry.outcome,
        "reason": entry.reason,
    }


def _print(planned: list[Planned]) -> None:
    if not planned:
        click.echo("No stand-ups in these days.")
        return
    notes = output.Footnotes()
    columns = ("Stand-up", "Group", "Window", "DST", "Outcome")
    output.print_table(columns, [_row(entry, notes.mark(entry.reason)) for entry in planned])
    notes.print()


def _row(entry: Planned, mark: str) -> tuple[str, ...]:
    length = business_day.elapsed(entry.window)
    return (
        f"{entry.standup_at:%a %Y-%m-%d}\n{entry.standup_at:%H:%M}{_offset(entry.standup_at)}",
        f"{entry.group}\n{entry.zone}",
        f"{_minutes(entry.window.start)}\n{_minutes(entry.window.end)}",
        "" if length == _ORDINARY_DAY else output.hours(length),
        f"{entry.outcome}\n{mark}".strip(),
    )


def _minutes(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _offset(moment: datetime) -> str:
    return _minutes(moment)[len("2026-03-30T08:30") :]
