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
    """The supervisor groups, and what is wrong in their files.

    Groups without a mistake are listed, and run, whatever is wrong with others. Exit status 1 when there is a problem.
    """
    found = groupfile.read(settings.load().groups_path)
    if as_json:
        problems = [{**asdict(problem), "message": str(problem)} for problem in found.problems]
        output.print_json({"groups": [_plain(group) for group in found.groups], "problems": problems})
    else:
        output.print_table(("Group", "Stand-up", "Queues", "Holidays", "To"), map(_row, found.groups))
        warn_of(found)
    if found.problems:
        raise SystemExit(1)


def warn_of(found: groupfile.GroupFile) -> None:
    """The problems, one a line, on standard error."""
    if found.problems:
        count = len(found.problems)
        output.warn(f"{count} problem{'s' if count > 1 else ''} in the group files; groups named in them do not run:")
    for problem in found.problems:
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
    """``mon–fri``, or all of them where they are not in a row."""
    first, last = group.workdays[0], group.workdays[-1]
    in_a_row = WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last) + 1] == group.workdays
    return f"{first}–{last}" if in_a_row and first != last else " ".join(group.workdays)
