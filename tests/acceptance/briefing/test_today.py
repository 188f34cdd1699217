"""The plan of the stand-up's day, with real workers: asked for in the run, stored with it, read by the supervisor."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from tests.acceptance.installation import ALL_WEEK, DAY, ZONE, Installation, group, sandbox_group
from tests.waiting import HANG_SECONDS
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


def prepare(installation: Installation, *troubles: dict[str, Any], **values: Any) -> None:
    """Start a sandbox with one group in a business unit of its own, and a worker."""
    sandbox = sandbox_group("Line", agents=8, business_unit="care", trouble=list(troubles))
    installation.start_sandbox({"groups": {"support": sandbox}})
    units = [installation.management_units()["support"]]
    settings = {"workdays": ALL_WEEK, "management_units": units, "personal_data": "allow", **values}
    installation.write_groups({"support": group("Support", "Line", **settings)})
    installation.record_past("support")
    installation.start_worker()


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
    ("trouble", "reason"),
    [
        ({"kind": "no_schedule"}, NotKnown.NO_SCHEDULE),
        ({"kind": "forbidden", "permission": "wfm:intraday:view"}, NotKnown.NO_PERMISSION),
        ({"kind": "malformed", "style": "html", "path": "/businessunits/"}, NotKnown.UNREADABLE),
    ],
)
def test_a_plan_that_cannot_be_had_does_not_hold_the_briefing(
    installation: Installation, trouble: dict[str, Any], reason: NotKnown
) -> None:
    prepare(installation, trouble)
    assert briefed_plan(installation).not_known is reason


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
    assert len(re.findall(r"[✓✕○] (?:Again|Better|Gone|Cannot tell): ", follow_up)) == len(points)
    rows = decode_rows(installation.artifacts.get(of_run(run.id, ROWS)))
    error = sum(forecast.values()) / sum(interval.offered or 0 for interval in rows.intervals) - 1
    completeness = pdf_text(installation, run.id)
    assert f"{abs(error):.1%} {'above' if error > 0 else 'below'} the contacts that came" in completeness
    assert "half-hours inside the expected band" in completeness
