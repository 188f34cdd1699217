"""Beat's question: due runs begin once, and missed ones are recorded once."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from redis import Redis

from worker.domain.groups import Deliver, Group
from worker.domain.runs import RunId, RunState, Step
from worker.services.due import DueRuns
from worker.services.runs import RunStarter
from worker.state.runs import Runs

MONDAY = datetime(2026, 11, 23, 8, 15, tzinfo=UTC)
GROUP = Group(
    key="support",
    title="Support",
    zone="UTC",
    standup_at=time(8, 30),
    catch_up_until=time(11),
    lead_minutes=30,
    queues=("Q",),
    deliver=Deliver(),
)


class Office:
    """The ledger, and the chains that were sent."""

    def __init__(self, redis: Redis) -> None:
        self.runs = Runs(redis)
        self.chains: list[tuple[str, Step]] = []
        starter = RunStarter(self.runs, lambda run_id, step: self.chains.append((run_id.group, step)))
        self.due_runs = DueRuns(self.runs, starter)

    def ask(self, now: datetime) -> list[tuple[RunState, bool]]:
        return [(run.state, is_new) for run, is_new in self.due_runs.start([GROUP], now)]


@pytest.fixture
def office(redis: Redis) -> Office:
    return Office(redis)


def test_a_due_run_begins_once_however_often_beat_asks(office: Office) -> None:
    assert office.ask(MONDAY) == office.ask(MONDAY) == []
    assert office.chains == [("support", Step.HOLIDAY_CHECK)]
    run = office.runs.get(RunId("support", MONDAY.date() - timedelta(days=3)))
    assert run is not None
    assert (run.asked_by, run.standup_at) == ("beat", MONDAY.replace(minute=30))


def test_a_missed_run_is_new_once_and_then_known(office: Office) -> None:
    office.runs.first_seen("support", MONDAY - timedelta(days=1))
    late = MONDAY.replace(hour=12)
    assert office.ask(late) == [(RunState.MISSED, True)]
    assert office.ask(late) == [(RunState.MISSED, False)]
    assert office.chains == []


def test_a_group_that_was_added_after_its_stand_up_has_missed_nothing(office: Office) -> None:
    assert office.ask(MONDAY.replace(hour=12)) == []
    assert office.runs.newest() == []
