"""One morning from its first tick to the last alert."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.acceptance.installation import DAY
from tests.chaos.faults import WORKERS
from tests.chaos.injecting import Injection
from tests.chaos.opening import open_stage
from tests.chaos.plan import Morning
from tests.chaos.reading import MorningReading, alerted_run_ids, read, sent_alerts
from tests.chaos.resuming import ResumptionWatch
from tests.chaos.stage import Stage
from tests.chaos.verdict import problems
from worker.alerts.rules import BAD_STATES
from worker.broker import VISIBILITY_TIMEOUT_SECONDS
from worker.domain.runs import RunId, RunState

BEAT_SECONDS, LATE_GROUPS_SECONDS = 0.5, 12.0
"""When beat starts and when the late groups are added, after the first faults wait for their moments."""

NO_PROGRESS_SECONDS = 240.0
"""After this long without any event in any run, those that are open count as lost."""

ALERT_SECONDS = 200.0
"""How long to wait for the last alerts. A worker that died before its alert leaves it to a question of beat, after a
minute."""


LOAD_SECONDS = 20.0
"""The time between two looks at the load of the machine."""


@dataclass
class LoadWatch:
    """Notes the load of the machine: how many programs wanted a processor, on the average of a minute."""

    values: list[float] = field(default_factory=list)

    def run(self, ended: threading.Event) -> None:
        """Look until the morning has ended."""
        self.values.append(os.getloadavg()[0])
        while not ended.wait(LOAD_SECONDS):
            self.values.append(os.getloadavg()[0])


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done at its time."""

    at_seconds: float
    play: Callable[[], None]


def play(folder: Path, morning: Morning, *, keeps_folder: bool = False) -> MorningReading:
    """Play the morning in a new folder, which stays only if something went wrong or the caller wants it."""
    with open_stage(folder, morning) as stage:
        reading = _play_on(stage)
        reading_problems = list(problems(reading))
    if not reading_problems and not keeps_folder:
        shutil.rmtree(folder)
    for problem in reading_problems:
        sys.stderr.write(f"  {problem.count}: {problem.place}: {problem.text} (see {folder})\n")
    return reading


def _play_on(stage: Stage) -> MorningReading:
    watch, load, is_over = ResumptionWatch(stage.redis), LoadWatch(), threading.Event()
    injections = [Injection(fault, stage, watch.faults, is_over) for fault in stage.morning.faults]
    with _threads(stage.supervise, watch.run, load.run):
        _start_workers(stage)
        acts = [Act(injection.fault.at_seconds, injection.play) for injection in injections]
        acts.append(Act(BEAT_SECONDS, partial(stage.start, "beat")))
        acts.append(Act(LATE_GROUPS_SECONDS, stage.write_all_groups))
        with _played(acts):
            _wait_for_runs(stage)
            is_over.set()
        _wait_for_runs(stage)
        _redeliver(stage)
        _wait_for_runs(stage)
        _wait_for_alerts(stage)
        return read(stage, injections, watch.resumptions, load.values)


@contextmanager
def _threads(*runs: Callable[[threading.Event], None]) -> Iterator[None]:
    """Run these until the block ends."""
    ended = threading.Event()
    threads = [threading.Thread(target=run, args=(ended,), daemon=True) for run in runs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def _start_workers(stage: Stage) -> None:
    """Start the workers with the groups that are due at once."""
    stage.write_first_groups()
    for name in WORKERS:
        stage.start(name)
    for name in WORKERS:
        stage.installation.wait_for_log(name, f"{name}@.* ready")


@contextmanager
def _played(acts: list[Act]) -> Iterator[None]:
    """Begin each act at its time while the block runs, and wait for their ends after it."""
    timers = [threading.Timer(act.at_seconds, act.play) for act in acts]
    for timer in timers:
        timer.daemon = True  # an interrupted command does not wait for it
        timer.start()
    yield
    for timer in timers:
        timer.join()


def _wait_for_runs(stage: Stage) -> None:
    """Wait until all runs have ended, or nothing has happened for long."""
    snapshot: object = None
    changed_at = time.monotonic()
    while time.monotonic() - changed_at < NO_PROGRESS_SECONDS:
        with suppress(RedisError):  # a fault may have it
            states, event_counts = _progress(stage)
            if all(state not in (None, RunState.OPEN) for state in states):
                return
            if (states, event_counts) != snapshot:
                snapshot, changed_at = (states, event_counts), time.monotonic()
        time.sleep(1.0)


def _progress(stage: Stage) -> tuple[list[str | None], list[int]]:
    """Return the state of each run, and how many events it has."""
    run_ids, runs = _run_ids(stage), stage.installation.runs
    timelines = runs.timelines(run_ids).values()
    return [ending.state for ending in runs.endings(run_ids)], [len(events) for events in timelines]


def _run_ids(stage: Stage) -> list[RunId]:
    return [RunId(key, DAY) for key in stage.morning.group_keys]


def _redeliver(stage: Stage) -> None:
    """Make the broker give all unacknowledged messages to a worker again, as it would in two minutes; wait for them.

    They are steps of dead workers that have been done since, or that others do. None may be done twice.
    """
    broker = Redis.from_url(stage.installation.broker_url)
    for tag, taken_at in broker.zrange("unacked_index", 0, -1, withscores=True):
        broker.zadd("unacked_index", {tag: taken_at - VISIBILITY_TIMEOUT_SECONDS}, xx=True)
    _wait(lambda: not broker.exists("unacked", "briefing.waiting", "briefing.rendering"), ALERT_SECONDS)


def _wait_for_alerts(stage: Stage) -> None:
    def is_reported() -> bool:
        runs = [run for run in map(stage.installation.runs.get, _run_ids(stage)) if run]
        alerted = alerted_run_ids(list(sent_alerts(stage.folder)))
        return all(str(run.id) in alerted for run in runs if run.state in BAD_STATES)

    _wait(is_reported, ALERT_SECONDS)


def _wait(condition: Callable[[], bool], seconds: float) -> None:
    """Wait for the condition, but not for ever: what is missing then is counted."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.5)
