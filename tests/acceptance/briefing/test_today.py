"""The plan of the stand-up's day, with real workers: asked for in the run, stored with it, read by the supervisor."""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from tests.acceptance.installation import ALL_WEEK, CLIENT_SECRET, DAY, ZONE, Installation, group, sandbox_group
from tests.waiting import HANG_SECONDS
from worker.celery import WAITING_QUEUE
from worker.domain.briefing.codec import decode_rows
from worker.domain.briefing.history import figures_of
from worker.domain.briefing.talking_points import TalkingPoint
from worker.domain.rows import Rows
from worker.domain.runs import RunId, RunState
from worker.domain.today.codec import decode_plan
from worker.domain.today.plan import NotKnown, TodayPlan
from worker.state.files.artifacts import ROWS, TODAY, folder_of, of_run
from worker.state.forecasts import Forecasts

WORKFORCE = "/api/v2/workforcemanagement/businessunits/"


def prepare(
    installation: Installation,
    *troubles: dict[str, Any],
    app: str = "worker",
    permissions: Sequence[str] = ("*",),
    **values: Any,
) -> None:
    """Start a sandbox with one group in a business unit of its own, and a worker."""
    sandbox = sandbox_group("Line", agents=8, business_unit="care", trouble=list(troubles))
    client = {"id": "test-client", "secret": CLIENT_SECRET, "permissions": list(permissions)}
    installation.start_sandbox({"clients": [client], "groups": {"support": sandbox}})
    units = [installation.management_units()["support"]]
    settings = {"workdays": ALL_WEEK, "management_units": units, "personal_data": "allow", **values}
    installation.write_groups({"support": group("Support", "Line", **settings)})
    installation.record_past("support")
    installation.start_worker(app=app)


def briefed_plan(installation: Installation) -> TodayPlan:
    """Brief the group and return the plan that is stored with the run."""
    run = installation.brief("support", DAY)
    assert run.state == RunState.DELIVERED
    return stored_plan(installation, run.id)


def stored_plan(installation: Installation, run_id: RunId) -> TodayPlan:
    return decode_plan(installation.artifacts.get(of_run(run_id, TODAY)), ZoneInfo(ZONE))


def mail_text(installation: Installation) -> str:
    """Return the text of the newest mail."""
    message = email.message_from_bytes(installation.mails()[-1].read_bytes(), policy=email.policy.default)
    return str(message.get_body(("plain",)).get_content())


def explained(installation: Installation) -> str:
    """Return what the timeline of the first revision says of the plan."""
    timeline = json.loads(installation.standup("explain", f"support:{DAY}", "--json"))["timeline"]
    [detail] = (event["detail"] for event in timeline if event["what"] == "today's plan is not whole")
    return detail


def pdf_text(installation: Installation, run_id: RunId) -> str:
    [name] = (name for name in installation.artifacts.names(folder_of(run_id)) if name.endswith(".pdf"))
    document = pypdfium2.PdfDocument(installation.artifacts.get(name))
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def workforce_requests(installation: Installation) -> int:
    return sum(request["path"].startswith(WORKFORCE) for request in installation.requests())


def test_a_planted_shortage_reaches_the_supervisor_and_a_rerun_asks_nothing_again(installation: Installation) -> None:
    shortage = {"kind": "shortage", "time": "14:00", "agents": 6}
    prepare(installation, shortage, {"kind": "time_off", "agents": 1}, {"kind": "calculating", "times": 1})
    plan = briefed_plan(installation)
    assert (plan.day - DAY).days == 1
    assert plan.is_whole
    at_two = next(interval for interval in plan.media[0].intervals if f"{interval.start:%H:%M}" == "14:00")
    assert (at_two.required or 0) - (at_two.scheduled or 0) >= 6
    assert len(plan.absent) == 1
    assert "14:00" in mail_text(installation)
    assert Forecasts(installation.redis).days("support")[plan.day].keys() == {"voice"}
    requests_of_first_run = workforce_requests(installation)
    installation.standup("rerun", f"support:{DAY}", "--send-unchanged")
    rerun = installation.wait_for_run(f"support:{DAY}.r2")
    assert stored_plan(installation, rerun.id) == plan
    assert workforce_requests(installation) == requests_of_first_run


@pytest.mark.parametrize(
    ("trouble", "reason", "line", "explanation"),
    [
        (
            {"kind": "no_schedule"},
            NotKnown.NO_SCHEDULE,
            "No schedule is published for today.",
            "half-hours: no published schedule",
        ),
        (
            {"kind": "no_forecast"},
            NotKnown.NO_FORECAST,
            "There is no forecast for today.",
            "half-hours: no forecast",
        ),
        (
            {"kind": "forbidden", "permission": "wfm:intraday:view"},
            NotKnown.NO_PERMISSION,
            "The permission to read the plan is missing.",
            "permissions are missing, of which one may be enough: wfm:publishedSchedule:view, ",
        ),
        (
            {"kind": "malformed", "style": "html", "path": "/businessunits/"},
            NotKnown.UNREADABLE,
            "The plan of today could not be read.",
            "half-hours: an answer could not be read",
        ),
    ],
)
def test_a_plan_that_cannot_be_had_is_said_once_and_explained(
    installation: Installation, trouble: dict[str, Any], reason: NotKnown, line: str, explanation: str
) -> None:
    prepare(installation, trouble)
    assert briefed_plan(installation).not_known is reason
    assert mail_text(installation).count(line) == 1
    assert explanation in explained(installation)


def test_a_missing_permission_leaves_the_other_parts_of_the_plan(installation: Installation) -> None:
    permissions = ["analytics:conversationAggregate:view", "analytics:userAggregate:view", "routing:queue:view"]
    permissions += ["wfm:historicalAdherence:view", "wfm:publishedSchedule:view", "wfm:intraday:view"]
    prepare(installation, permissions=permissions)
    plan = briefed_plan(installation)
    assert (plan.not_known, plan.forecast_not_known) == (None, NotKnown.NO_PERMISSION)
    reason = "forecast: no permission; the permission wfm:shortTermForecast:view is missing"
    assert reason in explained(installation)


def test_an_organisation_without_workforce_management_is_said_to_have_no_licence(installation: Installation) -> None:
    installation.start_sandbox({"groups": {"support": sandbox_group("Line", wfm=False)}})
    installation.write_groups({"support": group("Support", "Line", workdays=ALL_WEEK, management_units=["unit-1"])})
    installation.record_past("support")
    installation.start_worker()
    assert briefed_plan(installation).not_known is NotKnown.NO_LICENCE
    assert mail_text(installation).count("Workforce management is not licensed.") == 1
    assert "no licence for workforce management" in explained(installation)


def test_a_plan_that_is_calculated_too_long_is_not_waited_for(installation: Installation) -> None:
    prepare(installation, {"kind": "calculating"}, app="tests.acceptance.impatient_worker")
    plan = briefed_plan(installation)
    assert plan.people_not_known is NotKnown.NOT_IN_TIME
    assert mail_text(installation).count("The plan of today did not arrive in time.") == 1
    assert "people: the answer came too late" in explained(installation)


def test_the_plans_of_several_business_units_are_one(installation: Installation) -> None:
    names = {"north": "Line", "south": "Desk"}
    sandbox = {key: sandbox_group(queue, agents=6, business_unit=key) for key, queue in names.items()}
    installation.start_sandbox({"groups": sandbox})
    units = list(installation.management_units().values())
    installation.write_groups({"support": group("Support", *names.values(), workdays=ALL_WEEK, management_units=units)})
    installation.record_past("support")
    installation.start_worker()
    plan = briefed_plan(installation)
    assert plan.is_whole
    assert (plan.foreign_queues, plan.uncovered_queues) == ((), ())
    assert max(interval.scheduled or 0 for interval in plan.media[0].intervals) > 6


def test_a_management_unit_that_moved_is_planned_where_it_is_after_the_night(installation: Installation) -> None:
    sandbox = {
        "support": sandbox_group("Line", business_unit="care"),
        "sales": sandbox_group("Desk", business_unit="shop"),
    }
    installation.start_sandbox({"groups": sandbox})
    installation.set_troubles("support", {"kind": "moved_unit", "business_unit": "shop"})
    units = [installation.management_units()["support"]]
    installation.write_groups({"support": group("Support", "Line", workdays=ALL_WEEK, management_units=units)})
    installation.record_past("support")
    installation.start_worker()
    assert briefed_plan(installation).not_known is NotKnown.NO_PLANNING_GROUP
    installation.set_troubles("support")
    installation.celery("-A", "worker", "call", "briefing.refresh_lookups", "--queue", WAITING_QUEUE)
    installation.wait_for_log("worker", "look-ups refreshed")
    installation.standup("rerun", f"support:{DAY}", "--send-unchanged")
    run = installation.wait_for_run(f"support:{DAY}.r2")
    assert stored_plan(installation, run.id).is_whole


def test_a_group_that_switches_the_plan_off_asks_for_none(installation: Installation) -> None:
    prepare(installation, today=False)
    run = installation.brief("support", DAY)
    assert run.state == RunState.DELIVERED
    assert not installation.artifacts.exists(of_run(run.id, TODAY))
    assert workforce_requests(installation) == 0


def test_the_notice_of_a_holiday_tells_of_today_and_of_the_open_points(installation: Installation) -> None:
    shortage = {"kind": "shortage", "time": "14:00", "agents": 6}
    (installation.folder / "closed.ics").write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        f"DTSTART;VALUE=DATE:{DAY:%Y%m%d}\r\nSUMMARY:Founders Day\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    calendar = {"kind": "ical", "path": "closed.ics"}
    prepare(installation, shortage, {"kind": "calculating", "times": 1}, calendar=calendar, on_holiday="notice")
    figures = replace(figures_of(Rows((), ())), points=(TalkingPoint("worst_run", 0.523, start="11:00", end="12:30"),))
    installation.history.record("support", DAY - timedelta(days=1), 1, figures)
    run = installation.brief("support", DAY)
    assert run.state == RunState.NOTIFIED
    assert stored_plan(installation, run.id).is_whole
    text = " ".join(mail_text(installation).split())
    assert "Founders Day" in text
    assert "Riskiest: 14:00–14:30" in text
    assert "Open: 11:00–12:30 under target" in text
    assert Forecasts(installation.redis).days("support")


def test_the_second_of_two_mornings_follows_the_first_up(installation: Installation) -> None:
    queues = [{"name": "Line", "quality": "bad"}, {"name": "Desk", "quality": "good"}]
    sandbox = {**sandbox_group(agents=8, business_unit="care"), "queues": queues}
    installation.start_sandbox({"groups": {"support": sandbox}})
    units = [installation.management_units()["support"]]
    settings = {"workdays": ALL_WEEK, "management_units": units, "personal_data": "allow"}
    installation.write_groups({"support": group("Support", "Line", "Desk", **settings)})
    installation.record_past("support")
    earlier_day = DAY - timedelta(days=1)

    earlier_worker = installation.start_worker("earlier", app="tests.acceptance.earlier_worker")
    assert installation.brief("support", earlier_day).state == RunState.DELIVERED
    points = installation.history.days("support")[earlier_day].points
    assert points
    assert installation.redis.exists("standup:forecasts:support")
    forecast = Forecasts(installation.redis).days("support")[DAY]["voice"]
    assert earlier_worker.process
    earlier_worker.process.terminate()
    earlier_worker.process.wait(HANG_SECONDS)

    installation.start_worker()
    run = installation.brief("support", DAY)
    assert run.state == RunState.DELIVERED
    text = " ".join(mail_text(installation).split())
    assert f"WHAT BECAME OF THE POINTS OF {earlier_day:%a} {earlier_day.day} {earlier_day:%b}".upper() in text
    follow_up = text.partition("WHAT BECAME OF THE POINTS")[2]
    assert len(re.findall(r"[✓✕○] (?:Again|Better|Gone|Cannot tell|Still outside): ", follow_up)) == len(points)
    rows = decode_rows(installation.artifacts.get(of_run(run.id, ROWS)))
    error = sum(forecast.values()) / sum(interval.offered or 0 for interval in rows.intervals) - 1
    completeness = pdf_text(installation, run.id)
    assert f"{abs(error):.1%} {'above' if error > 0 else 'below'} the contacts that came" in completeness
    assert "half-hours inside the expected band" in completeness
