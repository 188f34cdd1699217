"""Beat's question: due runs begin once, and missed ones are recorded once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta

import pytest
from redis import Redis

from worker.domain.groups import Deliver, Group
from worker.domain.runs import RunId, RunState, Step
from worker.services.due import BATCH, DueRuns
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


def changed(**values: object) -> Group:
    return GROUP.model_copy(update=values)


class Office:
    """The ledger, and the chains that were sent."""

    def __init__(self, redis: Redis) -> None:
        self.runs = Runs(redis)
        self.chains: list[tuple[str, Step]] = []
        self.packed: set[RunId] = set()
        self.held_ids: list[RunId] = []
        self.due_runs = self.restarted()

    def restarted(self, **options: float) -> DueRuns:
        """Return the service as a worker that starts now has it."""
        return DueRuns(self.runs, self.send, self.packed.__contains__, self.held_ids.extend, **options)

    def send(self, run_ids: Iterable[RunId], step: Step) -> None:
        self.chains += [(run_id.group, step) for run_id in run_ids]

    def ask(self, now: datetime, groups: Sequence[Group] = (GROUP,)) -> list[tuple[RunState, bool]]:
        return [(run.state, is_new) for run, is_new in self.due_runs.start(groups, now)]


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


MANY_GROUPS = tuple(changed(key=f"group-{number:04}") for number in range(3 * BATCH))


def test_a_slice_that_is_used_up_leaves_the_other_groups_to_the_next_ticks(office: Office) -> None:
    office.due_runs = office.restarted(slice_seconds=0)
    for tick in (1, 2, 3, 4):
        office.ask(MONDAY, MANY_GROUPS)
        assert len(office.chains) == min(tick, 3) * BATCH
    assert office.runs.open_count() == 3 * BATCH


def test_a_tick_without_news_asks_redis_once_per_batch(office: Office, redis: Redis) -> None:
    for _ in range(2):
        office.ask(MONDAY, MANY_GROUPS)
    earlier_commands = commands(redis)
    office.ask(MONDAY + timedelta(seconds=30), MANY_GROUPS)
    assert commands(redis) - earlier_commands == {"exists": 3}


def commands(redis: Redis) -> Counter[str]:
    """Return how often each command was called since the server started, except those that ask this."""
    counts = {name.removeprefix("cmdstat_"): stats["calls"] for name, stats in redis.info("commandstats").items()}
    return Counter({name: count for name, count in counts.items() if name != "info"})


def test_a_run_that_was_deleted_begins_again(office: Office, redis: Redis) -> None:
    for _ in range(2):
        office.ask(MONDAY)
    redis.delete(*redis.keys("standup:run:*"))
    office.ask(MONDAY)
    assert len(office.chains) == 2


def test_a_group_whose_file_has_changed_is_calculated_again(office: Office) -> None:
    office.ask(MONDAY, (changed(enabled=False),))
    office.ask(MONDAY)
    office.ask(MONDAY, (changed(standup_at=time(8, 20)), changed(key="other")))
    assert [group for group, _ in office.chains] == ["support", "other"]


RUN = RunId("support", MONDAY.date() - timedelta(days=3))


def test_an_empty_redis_beside_a_packed_message_holds_the_run(office: Office, redis: Redis) -> None:
    office.ask(MONDAY)
    office.packed.add(RUN)
    redis.flushdb()
    for _ in range(2):
        office.ask(MONDAY)
    office.due_runs = office.restarted()
    office.ask(MONDAY)
    assert len(office.chains) == 1, "nothing is sent again"
    assert set(office.held_ids) == {RUN}


def test_an_empty_redis_begins_what_was_not_packed(office: Office, redis: Redis) -> None:
    office.ask(MONDAY)
    redis.flushdb()
    office.ask(MONDAY)
    assert len(office.chains) == 2
    assert office.held_ids == []


def test_a_record_that_redis_evicted_holds_the_run(office: Office, redis: Redis) -> None:
    office.ask(MONDAY)
    office.packed.add(RUN)
    redis.delete(f"standup:run:{RUN}")
    office.ask(MONDAY)
    assert len(office.chains) == 1
    assert office.held_ids == [RUN]


def test_an_operator_may_begin_a_held_run(office: Office, redis: Redis) -> None:
    office.packed.add(RUN)
    office.ask(MONDAY)
    assert office.held_ids == [RUN]
    office.runs.claim(RUN, "operator")
    office.ask(MONDAY)
    assert office.held_ids == [RUN], "it is no longer held"


def test_a_ledger_of_an_earlier_version_is_as_old_as_its_runs(office: Office, redis: Redis) -> None:
    office.runs.claim(RunId("other", MONDAY.date()), "beat")
    redis.delete("standup:ledger")
    office.packed.add(RUN)
    office.ask(MONDAY)
    assert len(office.chains) == 1


def test_the_first_claim_after_redis_was_emptied_does_not_make_the_ledger_old(office: Office, redis: Redis) -> None:
    office.runs.claim(RunId("other", MONDAY.date()), "operator")
    office.packed.add(RUN)
    office.ask(MONDAY)
    assert office.held_ids == [RUN]
