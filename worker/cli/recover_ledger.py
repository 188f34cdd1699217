"""`standup recover-ledger`: restore the records of a day after Redis was emptied, so that nothing is sent twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import click

from worker.cli import output
from worker.cli.arguments.days import REPORTING_DAY, Day, reporting_day
from worker.cli.failed_runs import nothing_found, warn_of_stopped_groups
from worker.domain.deliveries import DeliveryState
from worker.domain.groups import Group
from worker.services.ledger_recovery import LostRun
from worker.wiring import services, stores
from worker.wiring.process import clock

_STATES: Mapping[str, tuple[DeliveryState, ...]] = {
    "sent": ("sent",),
    "to_send": ("planned",),
    "refused": ("refused",),
    "unknown": ("sending", "unknown"),
}
"""What a delivery is to the operator, by its states."""


@click.command(name="recover-ledger", short_help="Restore a day's records after Redis was emptied.")
@click.option(
    "--date",
    "day",
    type=REPORTING_DAY,
    metavar="DAY",
    help="The reporting day: 2026-10-01, yesterday, -2d. Default: each group's newest one.",
)
@click.option("--dry-run", is_flag=True, help="Only show what would be restored.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def recover_ledger(day: Day | None, dry_run: bool, as_json: bool) -> None:
    """Restore the records of runs that Redis has lost, from the artifact store.

    Recipients who have a briefing do not get it again. Those who have nothing get it now. Where that is not known, the
    run's alert names them. Runs that have a record are left alone. Exit status 1 if a run could not be restored, or
    a group cannot run because of a mistake in its file.
    """
    stores.state_version().refuse_newer()
    is_incomplete = warn_of_stopped_groups()
    recovery = services.ledger_recovery()
    lost_runs = list(recovery.lost_runs(_group_days(day)))
    restorable = [lost_run for lost_run in lost_runs if not lost_run.problem]
    restored = restorable if dry_run else [lost_run for lost_run in restorable if recovery.restore(lost_run)]
    if as_json:
        output.print_json({"dry_run": dry_run, "runs": [_plain(lost_run) for lost_run in lost_runs]})
    else:
        _print(restored, dry_run, is_incomplete=is_incomplete)
    problems = [lost_run for lost_run in lost_runs if lost_run.problem]
    for lost_run in problems:
        output.warn(f"{lost_run.run_id}: not restored. {lost_run.problem}")
    if problems or is_incomplete:
        raise SystemExit(1)


def _group_days(day: Day | None) -> Iterator[tuple[Group, date]]:
    now = clock()
    for group in stores.groups().file().groups:
        yield group, reporting_day(group, day, now)


def _plain(lost_run: LostRun) -> dict[str, Any]:
    recipients = {name: lost_run.recipients(*states) for name, states in _STATES.items()}
    return {"run": str(lost_run.run_id), **recipients, "problem": lost_run.problem or None}


def _print(lost_runs: list[LostRun], dry_run: bool, *, is_incomplete: bool) -> None:
    if not lost_runs:
        sentence = "Every run whose message is stored has its record: there is nothing to restore."
        click.echo(nothing_found(sentence, is_incomplete=is_incomplete))
        return
    rows = [
        (str(lost_run.run_id), *(str(len(lost_run.recipients(*states))) for states in _STATES.values()))
        for lost_run in lost_runs
    ]
    output.print_table(("Would restore" if dry_run else "Restored", "Sent", "To send", "Refused", "Unknown"), rows)
