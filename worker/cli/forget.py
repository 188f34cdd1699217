"""`standup forget`: delete a group's stored days before a date, and show that they are gone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date

import click

from worker.cli import output
from worker.cli.arguments.days import DAY, Day
from worker.cli.arguments.parameters import GROUP, refuse_unless_known
from worker.domain.calendar import business_day
from worker.domain.groups import Group
from worker.domain.runs import Run, RunId, RunState
from worker.errors import SettingsError
from worker.groupfiles.reloading import Groups
from worker.state.ageing.retention import KINDS, Item, Retention
from worker.state.runs import Runs
from worker.wiring import stores
from worker.wiring.process import clock


@click.command(short_help="Delete what is stored of a group's days before a date.")
@click.argument("group", shell_complete=GROUP.shell_complete)
@click.option(
    "--before",
    "first_kept_day",
    type=DAY,
    metavar="DAY",
    required=True,
    help="Delete reporting days before this one: 2026-10-01, yesterday, -90d.",
)
@click.option("--dry-run", is_flag=True, help="Only show what would be deleted.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def forget(group: str, first_kept_day: Day, dry_run: bool, as_json: bool) -> None:
    """Delete rows, documents, deliveries, history and answers of a group's days before a date.

    Delivered briefings stay with their recipients. Exit status 1 if anything could not be deleted.
    """
    stores.state_version().refuse_newer()
    retention, configured_group = stores.retention(), _group(stores.groups(), group)
    zone = configured_group.tz if configured_group else UTC
    day = first_kept_day.resolved(clock().astimezone(zone).date())
    stored_items = retention.older(dict.fromkeys(KINDS, date.max), group)
    refuse_unless_known(group, is_stored=bool(configured_group or stored_items))
    items = _stored_items(retention, group, configured_group, day)
    if not dry_run:
        _refuse_needed_runs(stores.runs(), configured_group, items, day)
        retention.delete(items)
    remaining = [] if dry_run else _stored_items(retention, group, configured_group, day)
    counts = Counter(item.kind for item in items)
    count_by_kind = {str(kind): counts[kind] for kind in KINDS}
    if as_json:
        verb = "would_delete" if dry_run else "deleted"
        output.print_json(
            {"group": group, "before": day, verb: count_by_kind, "left": [str(item) for item in remaining]}
        )
    else:
        _print(group, day, count_by_kind, [str(item) for item in (items if dry_run else remaining)], dry_run)
    if remaining:
        raise SystemExit(1)


def _group(groups: Groups, key: str) -> Group | None:
    """Return the group, or None if no group file has it any more: it can be forgotten all the same."""
    try:
        return groups.group(key)
    except SettingsError:
        return None


def _stored_items(retention: Retention, key: str, group: Group | None, first_kept_day: date) -> list[Item]:
    answers = retention.answers(group.organisation if group else None)
    return retention.older(dict.fromkeys(KINDS, first_kept_day), key) + answers


def _refuse_needed_runs(runs: Runs, group: Group | None, items: list[Item], first_kept_day: date) -> None:
    """Refuse to delete open runs, which write again, and the newest run, which would be made and sent again."""
    affected_runs = [run for item in items if item.name == "standup:runs" and (run := _run(runs, item))]
    under_way = [str(run.id) for run in affected_runs if run.state == RunState.OPEN]
    if under_way:
        raise click.ClickException(f"{', '.join(under_way)}: still running. Try again when it has ended.")
    newest = group and business_day.reporting_day(clock(), group.tz, group.workdays)
    if newest and first_kept_day > newest:
        raise click.ClickException(
            f"The briefing of {newest} is this group's newest: without its record it would be made and sent again. "
            f"Use --before {newest} or an earlier day, or take the group out of the group file first."
        )


def _run(runs: Runs, item: Item) -> Run | None:
    return runs.get(RunId.parse(item.member))


def _print(group: str, first_kept_day: date, counts: dict[str, int], lines: list[str], dry_run: bool) -> None:
    click.echo(f"{group}, reporting days before {first_kept_day}: {'would delete' if dry_run else 'deleted'}")
    output.print_table(("What", "How many"), [(kind, str(number)) for kind, number in counts.items()])
    click.echo("\n".join(lines) if lines else "Nothing is left.")
