"""`standup runs`: the newest runs and their state, one line each."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import click
from rich.console import Console
from rich.live import Live
from rich.text import Text

from worker.alerts.rules import BAD_STATES
from worker.cli import output
from worker.cli.arguments.parameters import GROUP, refuse_unless_known
from worker.domain.runs import Run, RunState
from worker.wiring import stores

LOOK_SECONDS = 2.0

_COLUMNS = ("Run", "State", "Begun (UTC)", "Took", "Requests")
_WORDS = {RunState.PARTLY_DELIVERED: "partly"}
_LINES_AROUND = 3
_MOST_RUNS = 1_000_000


@click.command()
@click.option("--group", metavar="KEY", shell_complete=GROUP.shell_complete, help="Only runs of this group.")
@click.option("--state", type=click.Choice([state.value for state in RunState]), help="Only runs in this state.")
@click.option("--limit", type=click.IntRange(1, _MOST_RUNS), default=50, show_default=True, help="How many at most.")
@click.option("--watch", is_flag=True, help="Show them until Ctrl-C, as they change.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def runs(group: str | None, state: str | None, limit: int, watch: bool, as_json: bool) -> None:
    """List runs, newest first, one line each. `standup explain RUN` shows the cause of a failure."""
    if watch and as_json:
        raise click.UsageError("--watch and --json exclude each other.")
    newest_runs = _newest(group, state, limit)
    if group and not newest_runs:
        refuse_unless_known(group, is_stored=bool(stores.runs().newest(1, group=group)))
    if as_json:
        output.print_json([plain(run) for run in newest_runs])
    elif watch:
        _watch(Console(), group, state, limit)
    elif not newest_runs:
        click.echo("No runs. `standup plan` shows the next stand-ups." if not group and not state else "No such runs.")
    else:
        Console().print(listing(newest_runs, Console().width), soft_wrap=True)


def _newest(group: str | None, state: str | None, limit: int) -> list[Run]:
    return stores.runs().newest(limit, group=group, state=RunState(state) if state else None)


def _watch(console: Console, group: str | None, state: str | None, limit: int) -> None:
    """Show the runs in place in a terminal. Elsewhere print a line whenever one has changed."""
    if console.is_terminal:
        with Live(console=console, auto_refresh=False) as live:
            while True:
                shown_runs = _newest(group, state, min(limit, max(console.height - _LINES_AROUND, 1)))
                live.update(listing(shown_runs, console.width), refresh=True)
                time.sleep(LOOK_SECONDS)
    printed: dict[str, str] = {}
    while True:
        for run in reversed(_newest(group, state, limit)):
            if printed.get(str(run.id)) != state_of(run):
                printed[str(run.id)] = state_of(run)
                click.echo(f"{run.id}: {state_of(run)}")
        time.sleep(LOOK_SECONDS)


def listing(newest_runs: Sequence[Run], width: int) -> Text:
    """Return a heading and one line per run. Columns that have no room are left out, from the right."""
    rows = [_COLUMNS, *map(_row, newest_runs)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    while len(widths) > 2 and _width(widths) > width:
        widths.pop()
    widths[0] -= max(_width(widths) - width, 0)
    lines = ["  ".join(_cut(cell, size) for cell, size in zip(row, widths, strict=False)).rstrip() for row in rows]
    bad_run = next((run for run in newest_runs if run.state in BAD_STATES), None)
    if bad_run:
        lines += ["", f"Why, and what to do: standup explain {bad_run.id}"]
    return Text("\n".join(lines))


def state_of(run: Run) -> str:
    """Return the state with the step of an open run, or the code of one that ended badly."""
    detail = run.step.value if run.state == RunState.OPEN else run.code
    return f"{_WORDS.get(run.state, run.state.value)} {detail}".rstrip()


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
    return str(run.id), state_of(run), f"{run.created_at:%m-%d %H:%M}", took, str(run.requests)


def _width(widths: Sequence[int]) -> int:
    return sum(widths) + 2 * (len(widths) - 1)


def _cut(cell: str, size: int) -> str:
    return (cell if len(cell) <= size else f"{cell[: size - 1]}…").ljust(size)
