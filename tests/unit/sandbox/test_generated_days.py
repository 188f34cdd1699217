"""A generated day looks like one in a contact centre, and is always the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest

from sandbox.adherence import adherence
from sandbox.generate.day import generate
from sandbox.instants import moment
from sandbox.organisation import Group, build
from sandbox.records import Day
from sandbox.scenario import Scenario
from sandbox.tables import People
from tests.unit.sandbox.conftest import SCENARIO, Organisation

MONDAY = date(2026, 11, 16)
WORKDAYS = [MONDAY + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]


def _group(**changes: object) -> Group:
    entry = {"zone": "Europe/Berlin", "agents": 16, "queues": ["Billing", "Repairs", "Cards", "English"], **changes}
    scenario = Scenario.model_validate({"clients": SCENARIO["clients"], "groups": {"emea": entry}})
    return build(scenario).groups["emea"]


@pytest.fixture(scope="module")
def group() -> Group:
    return _group()


@pytest.fixture(scope="module")
def days(group: Group) -> list[Day]:
    return [generate(7, group, day) for day in WORKDAYS]


def _waits(days: list[Day], queue: str | None = None) -> list[int]:
    calls = (call for day in days for call in day.calls if queue in (None, call.queue_id))
    return [call.answered - call.offered for call in calls if call.answered is not None]


def _abandoned_share(days: list[Day], queue: str) -> float:
    calls = [call for day in days for call in day.calls if call.queue_id == queue]
    return sum(call.abandoned is not None for call in calls) / len(calls)


def test_the_same_seed_group_and_date_give_the_same_records(group: Group) -> None:
    assert generate(7, group, MONDAY) == generate(7, group, MONDAY)
    assert generate(7, group, MONDAY) != generate(8, group, MONDAY)
    assert generate(7, group, MONDAY) != generate(7, group, MONDAY + timedelta(days=1))


def test_a_day_that_the_zone_skipped_has_no_records() -> None:
    samoa = _group(zone="Pacific/Apia", open="00:00-24:00")
    assert generate(7, samoa, date(2011, 12, 29)).calls
    assert generate(7, samoa, date(2011, 12, 30)) == Day()


def test_callers_come_in_two_peaks_with_a_quieter_middle(days: list[Day], group: Group) -> None:
    hours = Counter(moment(call.offered, group.zone).hour for day in days for call in day.calls)
    assert set(hours) <= set(range(8, 18))
    assert max(hours[10], hours[11]) > 1.15 * hours[13]
    assert max(hours[14], hours[15]) > 1.1 * hours[13]
    assert hours[8] < hours[10] / 2


def test_occupancy_is_that_of_a_busy_team(days: list[Day]) -> None:
    for day in days:
        spent: Counter[str] = Counter()
        for stretch in day.stretches:
            spent[stretch.status] += stretch.end - stretch.start
        assert 0.6 < (People(dict(spent)).occupancy or 0) < 0.92


def test_the_bad_queue_waits_longer_and_loses_more_callers(days: list[Day], group: Group) -> None:
    marked = _group(queues=[{"name": "Billing", "quality": "good"}, {"name": "Repairs", "quality": "bad"}])
    found = [generate(7, marked, day) for day in WORKDAYS]
    good, bad = (queue.id for queue in marked.queues)
    assert sum(_waits(found, bad)) / len(_waits(found, bad)) > 1.3 * sum(_waits(found, good)) / len(_waits(found, good))
    assert _abandoned_share(found, bad) > 2 * _abandoned_share(found, good)


def test_the_last_queue_is_thin(days: list[Day], group: Group) -> None:
    calls = Counter(call.queue_id for day in days for call in day.calls)
    assert 0 < calls[group.queues[-1].id] < 0.1 * calls[group.queues[0].id]


def test_a_volume_that_the_scenario_names_is_kept(days: list[Day]) -> None:
    marked = _group(queues=["Billing", {"name": "Repairs", "volume": 40}])
    found = [sum(call.queue_id == marked.queues[1].id for call in generate(7, marked, day).calls) for day in WORKDAYS]
    assert 35 < sum(found) / len(found) < 45


def test_nobody_calls_on_a_closed_day(group: Group) -> None:
    assert generate(7, group, MONDAY + timedelta(days=5)) == Day()


def test_an_agent_takes_one_call_at_a_time_and_only_of_own_queues(days: list[Day], group: Group) -> None:
    for agent in group.agents:
        for day in days:
            calls = sorted((c.answered, c.ended, c.queue_id) for c in day.calls if c.agent_id == agent.id and c.ended)
            assert all(before[1] <= after[0] for before, after in pairwise(calls))
            assert {queue for *_, queue in calls} <= set(agent.queue_ids)


def test_an_agents_statuses_never_overlap(days: list[Day], group: Group) -> None:
    for agent in group.agents:
        spans = sorted((s.start, s.end) for s in days[0].stretches if s.agent_id == agent.id)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_somebody_is_late_and_most_are_on_schedule(days: list[Day]) -> None:
    found = [one.percentage or 0 for day in days for one in adherence(day.shifts, (0, 10**14))]
    late = [shift for day in days for shift in day.shifts if shift.actual[0].start - shift.planned[0].start > 400_000]
    assert late
    assert min(found) < 92 < sorted(found)[len(found) // 3]


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])
def test_a_centre_that_never_closes_has_callers_in_every_hour(zone: str) -> None:
    always = _group(zone=zone, open="00:00-24:00", agents=40, workdays=["sun", "mon"])
    hours = {moment(call.offered, always.zone).hour for call in generate(7, always, MONDAY).calls}
    assert len(hours) == 24


def test_a_day_that_the_script_empties_has_no_records(make: Callable[..., Organisation]) -> None:
    organisation = make(trouble=[{"kind": "empty_day", "date": "2026-11-17"}])
    site, emptied = organisation.site, organisation.site.organisation.groups["emea"]
    assert site.history.day(emptied, MONDAY).calls
    assert site.history.day(emptied, MONDAY + timedelta(days=1)) == Day()
