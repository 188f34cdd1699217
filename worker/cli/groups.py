"""`standup groups`: who gets a briefing, and every mistake in the group files."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from worker import settings
from worker.cli import output
from worker.domain.groups import WEEKDAYS, Group
from worker.groupfiles import reading as groupfile


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: groups and problems.")
def groups(as_json: bool) -> None:
    """Show the supervisor groups and every mistake in their files.

    A group without a mistake is listed and runs, whatever is wrong with others. Exit status 1 if there is a problem.
    """
    group_file = groupfile.read(settings.load().groups_path)
    if as_json:
        problems = [{**asdict(problem), "message": str(problem)} for problem in group_file.problems]
        output.print_json({"groups": [_plain(group) for group in group_file.groups], "problems": problems})
    else:
        output.print_table(("Group", "Stand-up", "Queues", "Holidays", "To"), map(_row, group_file.groups))
        warn_of(group_file)
    if group_file.problems:
        raise SystemExit(1)


def warn_of(group_file: groupfile.GroupFile) -> None:
    """Print the problems on standard error, one on each line."""
    if group_file.problems:
        count = len(group_file.problems)
        output.warn(f"{count} problem{'s' if count > 1 else ''} in the group files; groups named in them do not run:")
    for problem in group_file.problems:
        output.warn(f"  {problem}")


def _plain(group: Group) -> dict[str, Any]:
    return group.model_dump(mode="json")


def _row(group: Group) -> tuple[str, ...]:
    disabled = "" if group.enabled else " (disabled)"
    return (
        f"{group.key}{disabled}\n{group.title}",
        f"{group.standup_at:%H:%M} {_days(group)}\n{group.zone}",
        "\n".join(group.queues),
        group.calendar.kind,
        "\n".join(group.deliver.email),
    )


def _days(group: Group) -> str:
    """Return ``mon–fri``, or every day if they are not consecutive."""
    first, last = group.workdays[0], group.workdays[-1]
    is_consecutive = WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last) + 1] == group.workdays
    return f"{first}–{last}" if is_consecutive and first != last else " ".join(group.workdays)
