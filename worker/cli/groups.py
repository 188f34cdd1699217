"""`standup groups`: who gets a briefing, and every mistake in the group files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import click

from worker import settings
from worker.cli import output
from worker.cli.pause import covering, known_pauses, plain
from worker.domain.groups import WEEKDAYS, Group
from worker.domain.groups.calendar_kinds import CountryCalendar, GuideCalendar, IcalCalendar, ScheduleGroupCalendar
from worker.domain.pauses import Pause
from worker.groupfiles import reading as groupfile
from worker.groupfiles.problems import Problem
from worker.wiring.process import clock


@click.command(short_help="Show the groups and every mistake in their files.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: groups and problems.")
def groups(as_json: bool) -> None:
    """Show the supervisor groups and every mistake in their files.

    A group without a mistake is listed and runs, whatever is wrong with others. Exit status 1 if there is a problem.
    """
    group_file = groupfile.read(settings.load().groups_path)
    pauses = known_pauses()
    if as_json:
        paused = {key: plain(group_pause) for key, group_pause in pauses.items()}
        problems = [_plain_problem(problem) for problem in group_file.problems]
        output.print_json(
            {"groups": [_plain(group) for group in group_file.groups], "problems": problems, "paused": paused}
        )
    else:
        if group_file.groups:
            rows = [_row(group, pauses) for group in group_file.groups]
            output.print_table(("Group", "Stand-up", "Queues", "Holidays", "To"), rows)
        warn_of(group_file)
    if group_file.problems:
        raise SystemExit(1)


def warn_of(group_file: groupfile.GroupFile) -> None:
    """Print the problems on standard error, one on each line."""
    if group_file.problems:
        count = len(group_file.problems)
        effect = "groups named in them do not run" if group_file.stops_groups else "they stop no group that is read"
        output.warn(f"{count} problem{'s' if count > 1 else ''} in the group files; {effect}:")
    for problem in group_file.problems:
        output.warn(f"  {problem}")


def _plain_problem(problem: Problem) -> dict[str, Any]:
    fields = {name: value for name, value in asdict(problem).items() if name != "stops_groups"}
    return {**fields, "message": str(problem)}


def _plain(group: Group) -> dict[str, Any]:
    return group.model_dump(mode="json")


def _row(group: Group, pauses: Mapping[str, Pause]) -> tuple[str, ...]:
    group_pause = covering(pauses, group.key, clock().astimezone(group.tz).date())
    state = str(group_pause).replace(" until ", " until\n") if group_pause else "" if group.enabled else "disabled"
    return (
        "\n".join(filter(None, (group.key, group.title, state))),
        f"{group.standup_at:%H:%M} {_days(group)}\n{group.zone}",
        "\n".join(group.queues),
        calendar_of(group),
        "\n".join(recipients_of(group)) or "no one",
    )


def calendar_of(group: Group) -> str:
    """Return which calendar says what a holiday is, e.g. ``DE-BY`` or ``ical holidays.ics``."""
    calendar = group.calendar
    match calendar:
        case CountryCalendar():
            place = "-".join(filter(None, (calendar.country, calendar.subdivision)))
            return f"{place} {', '.join(calendar.categories)}".rstrip()
        case IcalCalendar():
            return f"ical {calendar.path}"
        case ScheduleGroupCalendar():
            return f"schedule group {calendar.name or calendar.id}"
        case GuideCalendar():
            return f"guide {calendar.id}"
    return calendar.kind


def recipients_of(group: Group) -> Iterator[str]:
    """Yield who gets the briefing: addresses, and names of chats and buckets with their channel."""
    for channel, recipient in group.deliver.recipients:
        yield recipient if channel == "email" else f"{channel} {recipient}"


def _days(group: Group) -> str:
    """Return ``mon–fri``, or every day if they are not consecutive."""
    first, last = group.workdays[0], group.workdays[-1]
    is_consecutive = WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last) + 1] == group.workdays
    return f"{first}–{last}" if is_consecutive and first != last else " ".join(group.workdays)
