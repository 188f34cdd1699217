"""A generated day looks like a day in a contact centre, and is always the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from statistics import mean

import pytest

from sandbox.figures.adherence import adherence
from sandbox.figures.tables import AgentSums
from sandbox.organisation.build import build
from sandbox.organisation.model import Group
from sandbox.records.generate.day import generate
from sandbox.records.instants import moment
from sandbox.records.model import DayRecords
from sandbox.scenario.file import Scenario
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
def days(group: Group) -> list[DayRecords]:
    return [generate(7, group, day) for day in WORKDAYS]


def _waits(days: list[DayRecords], queue: str | None = None) -> list[int]:
    calls = (call for day in days for call in day.calls if queue in (None, call.queue_id))
    return [call.answered - call.offered for call in calls if call.answered is not None]


def _abandoned_share(days: list[DayRecords], queue: str) -> float:
    calls = [call for day in days for call in day.calls if call.queue_id == queue]
    return sum(call.abandoned is not None for call in calls) / len(calls)


def test_the_same_seed_group_and_date_give_the_same_records(group: Group) -> None:
    assert generate(7, group, MONDAY) == generate(7, group, MONDAY)
    assert generate(7, group, MONDAY) != generate(8, group, MONDAY)
    assert generate(7, group, MONDAY) != generate(7, group, MONDAY + timedelta(days=1))


def test_a_day_that_the_zone_skips_has_no_records() -> None:
    samoa = _group(zone="Pacific/Apia", open="00:00-24:00")
    assert generate(7, samoa, date(2011, 12, 29)).calls
    assert generate(7, samoa, date(2011, 12, 30)) == DayRecords()


def test_callers_come_in_two_peaks_with_a_quieter_middle(days: list[DayRecords], group: Group) -> None:
    hours = Counter(moment(call.offered, group.zone).hour for day in days for call in day.calls)
    assert set(hours) <= set(range(8, 18))
    assert max(hours[10], hours[11]) > 1.15 * hours[13]
    assert max(hours[14], hours[15]) > 1.1 * hours[13]
    assert hours[8] < hours[10] / 2


def test_occupancy_is_that_of_a_busy_team(days: list[DayRecords]) -> None:
    for day in days:
        times: Counter[str] = Counter()
        for period in day.status_periods:
            times[period.status] += period.end - period.start
        assert 0.6 < (AgentSums(dict(times)).occupancy or 0) < 0.92


def test_the_bad_queue_waits_longer_and_loses_more_callers(days: list[DayRecords], group: Group) -> None:
    unequal = _group(queues=[{"name": "Billing", "quality": "good"}, {"name": "Repairs", "quality": "bad"}])
    records = [generate(7, unequal, day) for day in WORKDAYS]
    good, bad = (queue.id for queue in unequal.queues)
    assert mean(_waits(records, bad)) > 1.3 * mean(_waits(records, good))
    assert _abandoned_share(records, bad) > 2 * _abandoned_share(records, good)


def test_the_last_queue_is_thin(days: list[DayRecords], group: Group) -> None:
    calls = Counter(call.queue_id for day in days for call in day.calls)
    assert 0 < calls[group.queues[-1].id] < 0.1 * calls[group.queues[0].id]


def test_a_queue_has_the_volume_that_the_scenario_sets() -> None:
    group = _group(queues=["Billing", {"name": "Repairs", "volume": 40}])
    volumes = [sum(call.queue_id == group.queues[1].id for call in generate(7, group, day).calls) for day in WORKDAYS]
    assert 35 < mean(volumes) < 45


def test_a_closed_day_has_no_calls(group: Group) -> None:
    assert generate(7, group, MONDAY + timedelta(days=5)) == DayRecords()


def test_an_agent_takes_one_call_at_a_time_and_only_from_own_queues(days: list[DayRecords], group: Group) -> None:
    for agent in group.agents:
        for day in days:
            own_calls = (call for call in day.calls if call.agent_id == agent.id and call.ended)
            calls = sorted((call.answered, call.ended, call.queue_id) for call in own_calls)
            assert len(calls) > 1
            assert all(first[1] <= second[0] for first, second in pairwise(calls))
            assert {queue for *_, queue in calls} <= set(agent.queue_ids)


def test_an_agents_statuses_never_overlap(days: list[DayRecords], group: Group) -> None:
    for agent in group.agents:
        own_periods = (period for period in days[0].status_periods if period.agent_id == agent.id)
        spans = sorted((period.start, period.end) for period in own_periods)
        assert len(spans) > 1
        assert all(first[1] <= second[0] for first, second in pairwise(spans))


def test_some_agents_are_late_and_most_are_on_schedule(days: list[DayRecords]) -> None:
    percentages = [agent.percentage or 0 for day in days for agent in adherence(day.shifts, (0, 10**14))]
    late = [shift for day in days for shift in day.shifts if shift.actual[0].start - shift.planned[0].start > 400_000]
    assert late
    assert min(percentages) < 92 < sorted(percentages)[len(percentages) // 3]


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])
def test_a_centre_that_never_closes_has_callers_in_every_hour(zone: str) -> None:
    always = _group(zone=zone, open="00:00-24:00", agents=40, workdays=["sun", "mon"])
    hours = {moment(call.offered, always.zone).hour for call in generate(7, always, MONDAY).calls}
    assert len(hours) == 24


def test_a_day_that_the_scenario_empties_has_no_records(make: Callable[..., Organisation]) -> None:
    organisation = make(trouble=[{"kind": "empty_day", "date": "2026-11-17"}])
    site, emptied = organisation.site, organisation.site.organisation.groups["emea"]
    assert site.history.day(emptied, MONDAY).calls
    assert site.history.day(emptied, MONDAY + timedelta(days=1)) == DayRecords()
