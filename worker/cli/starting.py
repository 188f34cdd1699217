"""What `run`, `rerun` and `resend` share: say what was begun, whether a worker answers, and how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import click

from worker.alerts.rules import BAD_STATES
from worker.cli import output
from worker.domain.runs import Run, RunId, RunState
from worker.state.runs import Runs
from worker.wiring import stores

NO_WORKER = 3
"""The exit status if no worker answers."""

NOTHING = "nothing"
"""The outcome of a run for which nothing is done, and whose end no one waits for."""

WOULD_BEGIN, WOULD_RESUME = "would_begin", "would_resume"
"""The outcomes of a dry run, which begins nothing."""

LOOK_SECONDS = 1.0

_MOST_RUNS = 100
"""How many of the runs are looked at for a sign of a worker."""

_NO_WORKER = (
    "No worker answered within {seconds:.0f} s. `standup doctor` looks for workers. If none runs, start one, and what "
    "was begun continues: celery -A worker worker."
)


@dataclass(frozen=True, slots=True)
class Started:
    """What became of one run. ``outcome`` is a word for programs, ``sentence`` is for people."""

    run_id: RunId
    outcome: str
    sentence: str
    needs_worker: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def plain(self) -> dict[str, Any]:
        """The values for JSON."""
        return {"run": str(self.run_id), "outcome": self.outcome} | dict(self.details)


def finish(
    started: list[Started],
    *,
    is_range: bool,
    wait: bool,
    as_json: bool,
    end_of: Callable[[Run], str] | None = None,
) -> None:
    """Print what was started, ask whether a worker answers, and wait for the ends if the operator wants to.

    The exit status is 3 without a worker, and with ``wait`` 1 if a run ended badly. ``end_of`` returns how a run ended
    for people.
    """
    if not as_json:
        for entry in started:
            click.echo(f"{entry.run_id}: {entry.sentence}")
    has_worker = not any(entry.needs_worker for entry in started) or _is_worker_there(started)
    ended = _ended(started, None if as_json else end_of or end_sentence) if wait and has_worker else {}
    if as_json:
        values = [_plain(entry, ended.get(entry.run_id), has_worker) for entry in started]
        output.print_json(values if is_range else values[0])
    if not has_worker:
        output.warn(_NO_WORKER.format(seconds=_asked_seconds()))
        raise SystemExit(NO_WORKER)
    if any(run.state in BAD_STATES for run in ended.values()):
        raise SystemExit(1)


def finish_all(
    started: list[Started],
    sentence_if_none: str,
    *,
    is_range: bool = True,
    wait: bool,
    as_json: bool,
    end_of: Callable[[Run], str] | None = None,
) -> None:
    """Do the same for runs that the operator did not name. ``sentence_if_none`` is printed if there are none."""
    if started:
        finish(started, is_range=is_range, wait=wait, as_json=as_json, end_of=end_of)
    elif as_json:
        output.print_json([])
    else:
        click.echo(sentence_if_none)


def each_end(runs: Runs, run_ids: Iterable[RunId], pause: Callable[[float], None] = time.sleep) -> Iterable[Run]:
    """Yield each run as soon as it has ended. Runs that do not exist are left out."""
    waiting = dict.fromkeys(run_ids)
    while waiting:
        for run_id in list(waiting):
            run = runs.get(run_id)
            if run is None or run.state != RunState.OPEN:
                del waiting[run_id]
            if run is not None and run.state != RunState.OPEN:
                yield run
        if waiting:
            pause(LOOK_SECONDS)


def _ended(started: list[Started], end_of: Callable[[Run], str] | None) -> dict[RunId, Run]:
    """Wait for the ends, and print each as ``end_of`` has it, if there is one."""
    ended = {}
    for run in each_end(stores.runs(), [entry.run_id for entry in started if entry.outcome != NOTHING]):
        ended[run.id] = run
        if end_of:
            click.echo(f"{run.id}: {end_of(run)}")
    return ended


def end_sentence(run: Run) -> str:
    """Return how the run ended, how long it took, and why it failed."""
    took = f" after {(run.finished_at - run.created_at).total_seconds():.0f} s" if run.finished_at else ""
    return f"{run.state.value}{took}" + (f", {run.code}: {run.sentence}" if run.code else "")


def _plain(entry: Started, ended: Run | None, has_worker: bool) -> dict[str, Any]:
    end = {"state": ended.state.value, "code": ended.code or None, "sentence": ended.sentence or None} if ended else {}
    return entry.plain | ({"worker": has_worker} if entry.needs_worker else {}) | end


def _is_worker_there(started: Iterable[Started]) -> bool:
    """Ask for workers. A run with a new event, or a question of beat that has arrived meanwhile, shows one too."""
    from worker import celery

    run_ids = [entry.run_id for entry in started if entry.needs_worker][:_MOST_RUNS]
    runs, heartbeat = stores.runs(), stores.heartbeat()

    def signs() -> tuple[datetime | None, int]:
        return heartbeat.last(), sum(len(events) for events in runs.timelines(run_ids).values())

    signs_before = signs()
    return celery.is_worker_there(lambda: signs() != signs_before)


def _asked_seconds() -> float:
    from worker import celery

    return celery.ANSWER_SECONDS * celery.QUESTIONS
