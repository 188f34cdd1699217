"""The remembered answer is the calculated one, at every instant."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.calendar.test_lateness import GROUP
from worker.domain.calendar.due_calendar import DueCalendar
from worker.domain.calendar.schedule import due_groups
from worker.domain.groups import Group

ZONES = ("Europe/Berlin", "America/Santiago", "Asia/Kolkata", "Pacific/Auckland")


def group(key: str, **values: object) -> Group:
    return GROUP.model_copy(update={"key": key} | values)


GROUPS = (
    *(Group.model_validate(GROUP.model_dump() | {"key": f"group-{n}", "zone": zone}) for n, zone in enumerate(ZONES)),
    group("night", standup_at=time(0, 10), catch_up_until=time(23, 59), lead_minutes=60),
    group("weekly", workdays=("mon",)),
    group("disabled", enabled=False),
)
SPRING = datetime(2026, 3, 27, tzinfo=UTC)
STEPS = st.one_of(st.integers(0, 120), st.integers(-7200, 7200), st.integers(0, 5 * 86400), st.just(1800))


@given(st.lists(STEPS, min_size=1, max_size=60))
def test_the_remembered_answer_is_the_calculated_one(steps: list[int]) -> None:
    calendar, now = DueCalendar(), SPRING
    for seconds in steps:
        now += timedelta(seconds=seconds)
        assert [run.due for run in calendar.runs(GROUPS, now)] == due_groups(now, GROUPS)


def test_the_answer_changes_at_the_very_instants_that_the_schedule_names() -> None:
    calendar = DueCalendar()
    [due] = due_groups(SPRING + timedelta(days=3, hours=8), GROUPS[:1])
    for instant in (due.due_at, due.catch_up_until):
        for now in (instant - timedelta.resolution, instant, instant + timedelta.resolution):
            assert [run.due for run in calendar.runs(GROUPS, now)] == due_groups(now, GROUPS)


def test_changed_groups_are_calculated_again() -> None:
    calendar = DueCalendar()
    now = SPRING + timedelta(hours=12)
    calendar.runs(GROUPS, now)
    changed_groups = (group("group-0", standup_at=time(9)), *GROUPS[1:])
    assert [run.due for run in calendar.runs(changed_groups, now)] == due_groups(now, changed_groups)
