"""Beat asks again at once when the clock has gone back, with or without a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from celery import Celery
from celery.schedules import crontab, schedule

from worker.beat_scheduler import BeatScheduler

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class ManualClock:
    """The clock of all schedules. They are stored in a file, by the name of their function."""

    now = NOON


def manual_now() -> datetime:
    return ManualClock.now


SCHEDULES: dict[str, schedule | crontab] = {
    "often": schedule(timedelta(seconds=30), nowfun=manual_now),
    "seldom": schedule(timedelta(hours=6), nowfun=manual_now),
    "at two": crontab(minute="0", hour="14", nowfun=manual_now),
}


class Recorder(BeatScheduler):
    """A scheduler that records what it sends."""

    def __init__(self, folder: Path) -> None:
        self.sent: list[str] = []
        app = Celery(broker="memory://", set_as_current=False)
        app.conf.beat_schedule = {name: {"task": name, "schedule": interval} for name, interval in SCHEDULES.items()}
        super().__init__(app, schedule_filename=str(folder / "schedule"))

    def apply_entry(self, entry: object, producer: object = None) -> None:
        self.sent.append(entry.name)  # type: ignore[attr-defined]

    def ask(self) -> list[str]:
        """Send all that is due now, and return it."""
        self.sent.clear()
        while self.tick() == 0:
            assert len(self.sent) <= len(SCHEDULES), "an entry is due for ever"
        return sorted(self.sent)


class Machine:
    """A machine whose clock a test sets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.set_clock(NOON)
        self.beat = Recorder(folder)

    def set_clock(self, now: datetime) -> None:
        ManualClock.now = now

    def wait(self, length: timedelta) -> None:
        ManualClock.now += length

    def restart_beat(self) -> None:
        self.beat.close()
        self.beat = Recorder(self.folder)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.wait(7 * HOUR)
    assert machine.beat.ask() == ["at two", "often", "seldom"]
    return machine


@pytest.mark.parametrize("restarts", [False, True])
def test_a_clock_that_is_set_back_makes_everything_due(machine: Machine, restarts: bool) -> None:
    machine.wait(-HOUR)
    if restarts:
        machine.restart_beat()
    assert machine.beat.ask() == ["at two", "often", "seldom"]
    assert machine.beat.ask() == []
    machine.wait(timedelta(seconds=30))
    assert machine.beat.ask() == ["often"]


def test_without_a_step_of_the_clock_only_what_is_due_is_sent(machine: Machine) -> None:
    machine.restart_beat()
    machine.wait(timedelta(seconds=29))
    assert machine.beat.ask() == []
    machine.wait(timedelta(seconds=1))
    assert machine.beat.ask() == ["often"]
