"""`standup runs`: the newest runs and their state."""

from __future__ import annotations

from typing import Any

import click

from worker.cli import output
from worker.cli.parameters import GROUP, refuse_unless_known
from worker.domain.runs import Run, RunState
from worker.wiring import stores


@click.command()
@click.option("--group", metavar="KEY", shell_complete=GROUP.shell_complete, help="Only runs of this group.")
@click.option("--state", type=click.Choice([state.value for state in RunState]), help="Only runs in this state.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def runs(group: str | None, state: str | None, limit: int, as_json: bool) -> None:
    """List runs, newest first."""
    newest_runs = stores.runs().newest(limit, lambda run: _matches(run, group, state))
    if group and not newest_runs:
        refuse_unless_known(group, is_stored=bool(stores.runs().newest(1, lambda run: run.id.group == group)))
    if as_json:
        output.print_json([plain(run) for run in newest_runs])
    else:
        output.print_table(("Run", "State", "Step", "Requests", "Begun (UTC)", "Took", "Cause"), map(_row, newest_runs))


def _matches(run: Run, group: str | None, state: str | None) -> bool:
    return group in (None, run.id.group) and state in (None, run.state.value)


def plain(run: Run) -> dict[str, Any]:
    """Return the run as values for JSON. Instants are ISO 8601 in UTC."""
    return {
        "run": str(run.id),
        "group": run.id.group,
        "reporting_day": run.id.reporting_day,
        "briefed_day": run.briefed_day,
        "revision": run.id.revision,
        "state": run.state.value,
        "step": run.step.value,
        "outcome": run.outcome,
        "asked_by": run.asked_by,
        "source": run.source,
        "requests": run.requests,
        "attempts": run.attempts,
        "created_at": run.created_at,
        "finished_at": run.finished_at,
        "standup_at": run.standup_at,
        "holiday": run.holiday_name or None,
        "code": run.code or None,
        "sentence": run.sentence or None,
    }


def _row(run: Run) -> tuple[str, ...]:
    took = f"{(run.finished_at - run.created_at).total_seconds():.0f} s" if run.finished_at else ""
    started = f"{run.created_at:%m-%d %H:%M:%S}"
    return str(run.id), run.state.value, run.step.value, str(run.requests), started, took, run.code
