"""`standup forget`: deletes what is kept of a group's days before a date, and shows that it is gone."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

import click

from worker.cli import output
from worker.domain.calendar import business_day
from worker.domain.groups import Group
from worker.domain.runs import Run, RunId, RunState
from worker.errors import SettingsError
from worker.groupfiles.reloading import Groups
from worker.state.retention import KINDS, Item, Retention
from worker.state.runs import Runs
from worker.wiring import stores
from worker.wiring.process import clock


@click.command()
@click.argument("group")
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Reporting days before this one go.")
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def forget(group: str, before: datetime, dry_run: bool, as_json: bool) -> None:
    """Delete rows, documents, deliveries, history and answers of a group's days before a date.

    What was delivered is the recipients', and stays where they have it. Ends with status 1 if anything is left.
    """
    retention, day = stores.retention(), before.date()
    known = _group(stores.groups(), group)
    items = _kept(retention, group, known, day)
    if not dry_run:
        _refuse_what_would_come_back(stores.runs(), known, items, day)
        retention.delete(items)
    left = [] if dry_run else _kept(retention, group, known, day)
    counts = Counter(item.kind for item in items)
    told = {str(kind): counts[kind] for kind in KINDS}
    if as_json:
        done = "would_delete" if dry_run else "deleted"
        output.print_json({"group": group, "before": day, done: told, "left": [str(item) for item in left]})
    else:
        _print(group, day, told, [str(item) for item in (items if dry_run else left)], dry_run)
    if left:
        raise SystemExit(1)


def _group(groups: Groups, key: str) -> Group | None:
    """The group, or None for one that is in no group file any more: it can be forgotten all the same."""
    try:
        return groups.group(key)
    except SettingsError:
        return None


def _kept(retention: Retention, key: str, group: Group | None, before: date) -> list[Item]:
    answers = retention.answers(group.organisation if group else None)
    return retention.older(dict.fromkeys(KINDS, before), key) + answers


def _refuse_what_would_come_back(runs: Runs, group: Group | None, items: list[Item], before: date) -> None:
    """A run under way writes on; the newest one would be made and sent again."""
    listed = [run for item in items if item.name == "standup:runs" and (run := _run(runs, item))]
    under_way = [str(run.id) for run in listed if run.state == RunState.OPEN]
    if under_way:
        raise click.ClickException(f"{', '.join(under_way)}: still under way. Forget when it has ended.")
    newest = group and business_day.reporting_day(clock(), group.tz, group.workdays)
    if newest and before > newest:
        raise click.ClickException(
            f"The briefing of {newest} is this group's newest: without its record it would be made and sent again. "
            f"Use --before {newest} or an earlier day, or take the group out of the group file first."
        )


def _run(runs: Runs, item: Item) -> Run | None:
    return runs.get(RunId.parse(item.member))


def _print(group: str, before: date, told: dict[str, int], lines: list[str], dry_run: bool) -> None:
    click.echo(f"{group}, reporting days before {before}: {'would delete' if dry_run else 'deleted'}")
    output.print_table(("What", "How many"), [(kind, str(number)) for kind, number in told.items()])
    click.echo("\n".join(lines) if lines else "Left: nothing.")
