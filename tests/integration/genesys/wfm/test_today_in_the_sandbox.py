"""The plan of a day, from the sandbox: another program, which shares no code with this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from pydantic import SecretStr

from tests.integration.genesys.conftest import CountedPermits, MemoryAnswers, session_with
from tests.sandbox_program import running_sandbox
from tests.waiting import HANG_SECONDS
from worker.domain.rows import Window
from worker.domain.today.plan import NotKnown, PlannedInterval, TodayPlan
from worker.errors import NotYet
from worker.genesys.api.organisation import Organisation
from worker.genesys.source import Order
from worker.genesys.wfm.source import TodaySource

SCENARIO = """
seed = 3
quota = { per_minute = 10000 }
[[clients]]
id = "client-1"
secret = "s3cret-never-shown"
[[clients]]
id = "without-forecasts"
secret = "s3cret-never-shown"
permissions = ["routing:queue:view", "wfm:publishedSchedule:view", "wfm:intraday:view"]
[[clients]]
id = "without-schedules"
secret = "s3cret-never-shown"
permissions = ["routing:queue:view", "wfm:intraday:view", "wfm:shortTermForecast:view"]
[groups.north]
zone = "Europe/Berlin"
agents = 10
business_unit = "north"
queues = ["Support", { name = "Web", media = ["chat", "voice"], planning_group = "Written" }]
[groups.south]
zone = "Europe/Berlin"
agents = 4
business_unit = "north"
queues = [{ name = "Orders", media = ["chat"], planning_group = "Written" }]
[groups.coast]
zone = "America/New_York"
agents = 6
business_unit = "coast"
queues = ["Boats"]
[groups.cellar]
zone = "Europe/Berlin"
queues = ["Wine"]
wfm = false
"""

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = Window(datetime(2026, 11, 17, tzinfo=BERLIN), datetime(2026, 11, 18, tzinfo=BERLIN))
YESTERDAY = Window(datetime(2026, 11, 16, tzinfo=BERLIN), datetime(2026, 11, 17, tzinfo=BERLIN))
NORTH = "north"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a sandbox."""
    with running_sandbox(SCENARIO, tmp_path_factory.mktemp("today")) as address:
        yield address


@pytest.fixture(scope="module")
def groups(sandbox: str) -> dict[str, Any]:
    """Return the sandbox's groups with all ids."""
    return requests.get(f"{sandbox}/_sandbox/state", timeout=HANG_SECONDS).json()["groups"]


@pytest.fixture
def trouble(sandbox: str) -> Iterator[Callable[..., None]]:
    """Set the trouble of the group in the north. It is over with the test."""

    def strike(*troubles: dict[str, object]) -> None:
        body = {"group": NORTH, "trouble": list(troubles)}
        assert requests.post(f"{sandbox}/_sandbox/trouble", json=body, timeout=HANG_SECONDS).ok

    yield strike
    strike()


def order_of(groups: dict[str, Any], group: str = NORTH, **fields: Any) -> Order:
    return Order(
        **{
            "name": f"standup-{group}-2026-11-16-r1",
            "window": YESTERDAY,
            "zone": "Europe/Berlin",
            "queues": tuple(groups[group]["queues"]),
            "media": ("voice", "chat"),
            "management_units": (groups[group]["managementUnit"],),
            "today": TODAY,
            **fields,
        }
    )


@pytest.fixture
def source_of(sandbox: str) -> Callable[..., TodaySource]:
    """Return a function that opens a source for an OAuth client."""

    def build(client: str = "client-1") -> TodaySource:
        organisation = Organisation("main", sandbox, sandbox, client, SecretStr("s3cret-never-shown"))
        return TodaySource(session_with(organisation, CountedPermits()), MemoryAnswers())

    return build


def interval_at(plan: TodayPlan, medium: str, clock: str) -> PlannedInterval:
    intervals = next(part.intervals for part in plan.media if part.medium == medium)
    return next(interval for interval in intervals if f"{interval.start:%H:%M}" == clock)


def test_the_plan_of_a_day_is_known_by_half_hour(source_of: Any, groups: dict[str, Any]) -> None:
    plan = source_of().plan(order_of(groups))
    assert (plan.day.isoformat(), plan.not_known, plan.people_not_known) == ("2026-11-17", None, None)
    assert [part.medium for part in plan.media] == ["voice", "chat"]
    voice = plan.media[0].intervals
    assert [f"{interval.start:%H:%M}" for interval in (voice[0], voice[-1])] == ["08:00", "17:30"]
    assert all(end.start - start.start == timedelta(minutes=30) for start, end in pairwise(voice))
    for interval in voice:
        assert None not in (interval.offered, interval.handle_seconds, interval.required, interval.scheduled)
        assert 0 <= (interval.service_level or -1) <= 1


def test_a_planted_shortage_is_in_its_half_hour(
    source_of: Any, groups: dict[str, Any], trouble: Callable[..., None]
) -> None:
    trouble({"kind": "shortage", "time": "14:00", "agents": 5})
    plan = source_of().plan(order_of(groups, media=("voice",)))
    at_two = interval_at(plan, "voice", "14:00")
    assert (at_two.required or 0) - (at_two.scheduled or 0) >= 5
    assert (interval_at(plan, "voice", "13:00").required or 0) - (
        interval_at(plan, "voice", "13:00").scheduled or 0
    ) < 3


def test_people_off_and_late_starts_are_named(
    source_of: Any, groups: dict[str, Any], trouble: Callable[..., None]
) -> None:
    trouble({"kind": "time_off", "agents": 2})
    plan = source_of().plan(order_of(groups))
    assert len(plan.absent) == 2
    assert {person.name for person in plan.absent} <= groups[NORTH]["agents"].keys()
    assert all(person.start and person.start.hour >= 9 for person in plan.start_later)
    assert plan.start_later
    assert [person.start for person in plan.start_later] == sorted(person.start for person in plan.start_later)


def test_a_queue_of_another_group_in_a_planning_group_is_named(source_of: Any, groups: dict[str, Any]) -> None:
    assert source_of().plan(order_of(groups)).foreign_queues == ("Orders",)
    assert source_of().plan(order_of(groups, media=("voice",))).foreign_queues == ()


def test_a_queue_without_a_planning_group_is_named(source_of: Any, groups: dict[str, Any]) -> None:
    plan = source_of().plan(order_of(groups, media=("chat",)))
    assert plan.uncovered_queues == ("Support",)


def test_an_agent_who_serves_two_media_counts_once_over_all(source_of: Any, groups: dict[str, Any]) -> None:
    plan = source_of().plan(order_of(groups))
    total = next(interval for interval in plan.all_media if f"{interval.start:%H:%M}" == "11:00")
    voice, chat = interval_at(plan, "voice", "11:00"), interval_at(plan, "chat", "11:00")
    assert total.required == pytest.approx((voice.required or 0) + (chat.required or 0))
    assert total.scheduled == voice.scheduled  # every agent serves voice
    assert total.offered is None


def test_without_a_published_schedule_the_plan_says_so(
    source_of: Any, groups: dict[str, Any], trouble: Callable[..., None]
) -> None:
    trouble({"kind": "no_schedule"})
    plan = source_of().plan(order_of(groups))
    assert (plan.media, plan.not_known, plan.people_not_known) == ((), NotKnown.NO_SCHEDULE, NotKnown.NO_SCHEDULE)


def test_a_schedule_without_forecast_still_tells_who_works(
    source_of: Any, groups: dict[str, Any], trouble: Callable[..., None]
) -> None:
    trouble({"kind": "no_forecast"}, {"kind": "time_off", "agents": 1})
    plan = source_of().plan(order_of(groups))
    assert (plan.not_known, plan.people_not_known, len(plan.absent)) == (NotKnown.NO_FORECAST, None, 1)


def test_without_the_permission_for_forecasts_the_staffing_is_known(source_of: Any, groups: dict[str, Any]) -> None:
    plan = source_of("without-forecasts").plan(order_of(groups))
    assert plan.forecast_not_known is NotKnown.NO_PERMISSION
    at_ten = interval_at(plan, "voice", "10:00")
    assert at_ten.offered is None
    assert at_ten.required
    assert at_ten.scheduled


def test_without_the_permission_for_schedules_nothing_is_known(source_of: Any, groups: dict[str, Any]) -> None:
    plan = source_of("without-schedules").plan(order_of(groups))
    assert (plan.not_known, plan.people_not_known) == (NotKnown.NO_PERMISSION, NotKnown.NO_PERMISSION)


def test_a_unit_that_the_client_does_not_see_is_a_missing_permission(source_of: Any, groups: dict[str, Any]) -> None:
    plan = source_of().plan(order_of(groups, management_units=("00000000-0000-4000-8000-000000000000",)))
    assert (plan.not_known, plan.people_not_known) == (NotKnown.NO_PERMISSION, NotKnown.NO_PERMISSION)


def test_a_calculation_is_asked_for_again_and_then_known(
    source_of: Any, groups: dict[str, Any], trouble: Callable[..., None]
) -> None:
    trouble({"kind": "calculating", "times": 2})
    source = source_of()
    with pytest.raises(NotYet) as caught:
        source.plan(order_of(groups))
    assert 4 < (caught.value.retry_after_seconds or 0) < 6
    assert source.plan(order_of(groups)).people_not_known is None


def test_a_calculation_that_takes_too_long_is_given_up(
    source_of: Any, groups: dict[str, Any], trouble: Callable[..., None]
) -> None:
    trouble({"kind": "calculating", "path": "/search"})
    plan = source_of().plan(order_of(groups), give_up=True)
    assert plan.people_not_known is NotKnown.NOT_IN_TIME
    assert interval_at(plan, "voice", "10:00").required
    assert interval_at(plan, "voice", "10:00").scheduled is None


@pytest.mark.parametrize("state", ["Error", "Canceled"])
def test_a_search_that_fails_is_sent_once_more_and_then_not_waited_for(
    source_of: Any, groups: dict[str, Any], trouble: Callable[..., None], state: str
) -> None:
    trouble({"kind": "calculating", "state": state, "path": "/search"})
    source = source_of()
    with pytest.raises(NotYet):
        source.plan(order_of(groups))
    plan = source.plan(order_of(groups))
    assert plan.people_not_known is NotKnown.UNREADABLE
    assert plan.causes == (f"the search for schedules ended {state} twice",)
    assert interval_at(plan, "voice", "10:00").required


def test_a_search_that_fails_once_is_known_the_second_time(
    source_of: Any, groups: dict[str, Any], trouble: Callable[..., None]
) -> None:
    trouble({"kind": "calculating", "state": "Error", "times": 1, "path": "/search"})
    source = source_of()
    with pytest.raises(NotYet):
        source.plan(order_of(groups))
    assert source.plan(order_of(groups)).people_not_known is None


@pytest.mark.parametrize("path", ["/headcountforecast", "/agentschedules/search", "/planninggroups", "/activitycodes"])
def test_a_broken_answer_makes_a_part_unreadable_and_nothing_else(
    source_of: Any, groups: dict[str, Any], trouble: Callable[..., None], path: str
) -> None:
    trouble({"kind": "malformed", "style": "html", "path": path})
    plan = source_of().plan(order_of(groups))
    is_about_people = path in ("/agentschedules/search", "/activitycodes")
    assert (plan.people_not_known is NotKnown.UNREADABLE) == is_about_people
    assert (plan.not_known is NotKnown.UNREADABLE) == (path == "/planninggroups")


def test_an_outage_is_waited_for_and_then_given_up(
    source_of: Any, groups: dict[str, Any], trouble: Callable[..., None]
) -> None:
    trouble({"kind": "down", "style": "503", "path": "/businessunits/"})
    source = source_of()
    with pytest.raises(NotYet):
        source.plan(order_of(groups))
    plan = source.plan(order_of(groups), give_up=True)
    assert (plan.not_known, plan.people_not_known) == (NotKnown.NOT_IN_TIME, NotKnown.NOT_IN_TIME)


def test_a_unit_in_another_zone_is_asked_for_its_own_week_and_date(source_of: Any, groups: dict[str, Any]) -> None:
    coast = order_of(groups, "coast", zone="Europe/Berlin", media=("voice",))
    intervals = source_of().plan(coast).media[0].intervals
    assert [f"{interval.start:%H:%M}" for interval in (intervals[0], intervals[-1])] == ["14:00", "23:30"]


def test_units_of_two_business_units_are_planned_together(source_of: Any, groups: dict[str, Any]) -> None:
    units = tuple(groups[key]["managementUnit"] for key in (NORTH, "coast"))
    order = order_of(groups, queues=("Support", "Boats"), media=("voice",), management_units=units)
    order_of_one = order_of(groups, queues=("Support",), media=("voice",))
    together_at_three = interval_at(source_of().plan(order), "voice", "15:00")
    alone_at_three = interval_at(source_of().plan(order_of_one), "voice", "15:00")
    assert (together_at_three.required or 0) > (alone_at_three.required or 0)
    assert (together_at_three.scheduled or 0) > (alone_at_three.scheduled or 0)


def test_a_plan_is_made_with_one_request_for_each_part(sandbox: str, groups: dict[str, Any]) -> None:
    organisation = Organisation("main", sandbox, sandbox, "client-1", SecretStr("s3cret-never-shown"))
    session, answers = session_with(organisation, CountedPermits()), MemoryAnswers()
    first = TodaySource(session, answers).plan(order_of(groups))
    look_ups = 2 + 2 + 1  # the group's queues, their members, and the queue of another group
    assert session.requests_sent == look_ups + 9
    number_sent = session.requests_sent
    assert TodaySource(session, answers).plan(order_of(groups)) == first
    assert session.requests_sent == number_sent


def test_a_rerun_asks_again_for_what_planners_edit(sandbox: str, groups: dict[str, Any]) -> None:
    organisation = Organisation("main", sandbox, sandbox, "client-1", SecretStr("s3cret-never-shown"))
    session = session_with(organisation, CountedPermits())
    source = TodaySource(session, MemoryAnswers())
    source.plan(order_of(groups))
    number_sent = session.requests_sent
    source.plan(replace(order_of(groups), name="standup-north-2026-11-16-r2"))
    assert session.requests_sent - number_sent == 3  # planning groups, the published schedule, the search
