"""The demo's output: a table that fills up in a terminal, and lines elsewhere."""

from __future__ import annotations

from rich.console import Console
from rich.live import Live
from rich.table import Table

from worker.cli.demo.cast import Part
from worker.cli.demo.report import Line
from worker.domain.runs import Run, RunState

_MARKS = {RunState.OPEN: "…", RunState.FAILED: "×", RunState.PARTLY_DELIVERED: "!", RunState.MISSED: "×"}

Runs = list[tuple[Part, Run | None]]


class Progress:
    """Shows the runs as they advance: a live table in a terminal, otherwise a line for each change."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, refresh_per_second=4, transient=True) if console.is_terminal else None
        self._printed: dict[str, str] = {}

    def __enter__(self) -> Progress:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def show(self, runs: Runs, restarted: list[str]) -> None:
        """Update the view."""
        for name in restarted:
            self._console.print(f"{name} died and was started again")
        if self._live:
            self._live.update(_table(runs))
        else:
            self._print_changes(runs)

    def _print_changes(self, runs: Runs) -> None:
        for role, run in runs:
            word = _word(run)
            if word != self._printed.get(role.player.key):
                self._printed[role.player.key] = word
                self._console.print(f"{role.player.key}: {word}", highlight=False)


def _word(run: Run | None) -> str:
    if run is None:
        return "waiting for beat"
    return run.step.value if run.state == RunState.OPEN else run.state.value


def _table(runs: Runs) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("", "group", "now", "requests", "scripted trouble"):
        table.add_column(heading)
    for role, run in runs:
        mark = "·" if run is None else _MARKS.get(run.state, "✓")
        table.add_row(mark, role.player.key, _word(run), str(run.requests if run else 0), role.player.story)
    return table


def print_summary(console: Console, lines: list[Line]) -> None:
    """Print the final table: each run, how it ended, and whether as scripted. Fits 80 columns."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("", "group, day and window", "source", "req.", "outcome", "s", "files"):
        table.add_column(heading, overflow="fold", justify="right" if heading in ("req.", "s", "files") else "left")
    for line in lines:
        outcome = line.status if line.as_scripted else f"{line.status}\nnot {line.expected_status}"
        place = f"{line.group} {line.reporting_day}\n{line.window_start} to\n{line.window_end}"
        seconds = "" if line.seconds is None else f"{line.seconds:.0f}"
        mark = "✓" if line.as_scripted else "×"
        table.add_row(mark, place, line.source, str(line.requests), outcome, seconds, str(len(line.files)))
    console.print(table, highlight=False)
