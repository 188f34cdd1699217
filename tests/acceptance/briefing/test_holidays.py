"""What a holiday and an unreadable calendar lead to, by each group's own policy, as one morning of whole programs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from worker.domain.runs import Run, RunState

DAY_BEFORE = DAY - timedelta(days=1)
HOLIDAY = "Founders Day"
UNKNOWN = {"kind": "schedule_group", "name": "No such group"}

GROUPS: dict[str, dict[str, Any]] = {
    "notice": {"on_holiday": "notice"},
    "last-day": {"on_holiday": "last_business_day"},
    "briefed-before": {"on_holiday": "last_business_day"},
    "moved": {"on_holiday": "last_business_day", "calendar": {"kind": "ical", "path": "moved.ics"}},
    "hold": {"calendar": UNKNOWN | {"on_unreachable": "hold"}},
    "assume": {"calendar": UNKNOWN | {"on_unreachable": "assume_open"}},
    "unreachable": {
        "organisation": "dead",
        "calendar": {"kind": "schedule_group", "name": "Hours", "on_unreachable": "hold"},
    },
}


@pytest.fixture(scope="module")
def morning(shared_installation: Installation) -> Installation:
    """One worker and all groups. ``briefed-before`` already has the day before."""
    installation = shared_installation
    prepare(installation)
    installation.start_worker()
    installation.brief("briefed-before", DAY_BEFORE)
    installation.wait_for_runs([installation.begin_run(key, DAY) for key in GROUPS])
    return installation


def prepare(installation: Installation) -> None:
    queues = [f"Queue {key}" for key in GROUPS]
    installation.start_sandbox({"groups": {"all-groups": sandbox_group(*queues)}})
    close(installation, "closed.ics", DAY)
    close(installation, "moved.ics", DAY)
    installation.configure(
        ORGANISATIONS__DEAD__API_URL="http://127.0.0.1:9",
        ORGANISATIONS__DEAD__CLIENT_ID="id",
        ORGANISATIONS__DEAD__CLIENT_SECRET="planted",
    )
    calendar = {"kind": "ical", "path": "closed.ics"}
    installation.write_groups(
        {key: group(key, f"Queue {key}") | {"calendar": calendar} | policy for key, policy in GROUPS.items()}
    )


def close(installation: Installation, file: str, day: date) -> None:
    """Write a calendar in which the group is closed on that one day."""
    (installation.folder / file).write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}\r\nSUMMARY:{HOLIDAY}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def run_of(installation: Installation, key: str) -> Run:
    return installation.wait_for_run(f"{key}:{DAY}")


def mails_to(installation: Installation, key: str) -> list[str]:
    """Return the texts of the group's mails, without soft line ends and with single spaces in place of line ends."""
    mails = installation.mails_to(f"{key}@example.com")
    return [" ".join(mail.read_text().replace("=\n", "").split()) for mail in mails]


def test_a_notice_names_the_holiday_and_the_last_business_day(morning: Installation) -> None:
    run = run_of(morning, "notice")
    assert (run.state, run.holiday_name, run.last_business_day) == (RunState.NOTIFIED, HOLIDAY, DAY_BEFORE)
    (mail,) = mails_to(morning, "notice")
    assert f"Subject: Daily Standup Report - {DAY}" in mail
    assert "No Business Day Data Available" in mail
    assert HOLIDAY in mail
    assert f"The last business day was {DAY_BEFORE:%A} {DAY_BEFORE.day} {DAY_BEFORE:%B %Y}" in mail
    assert "application/pdf" not in mail
    assert run.requests == 0


def test_a_group_can_have_the_last_business_day_instead(morning: Installation) -> None:
    run = run_of(morning, "last-day")
    assert (run.state, run.briefed_day) == (RunState.DELIVERED, DAY_BEFORE)
    (mail,) = mails_to(morning, "last-day")
    assert f"Subject: Daily Standup Report - {DAY_BEFORE}" in mail
    assert "application/pdf" in mail


def test_a_business_day_that_was_delivered_is_not_delivered_again(morning: Installation) -> None:
    assert run_of(morning, "briefed-before").state == RunState.SKIPPED
    assert len(mails_to(morning, "briefed-before")) == 1


@pytest.mark.parametrize("key", ["hold", "unreachable"])
def test_an_unreadable_calendar_holds_the_briefing_with_an_alert(key: str, morning: Installation) -> None:
    run = run_of(morning, key)
    assert (run.state, run.code) == (RunState.FAILED, "calendar_unavailable")
    assert mails_to(morning, key) == []
    alerts = str(morning.wait_for_alerts(2))
    assert f"standup run {key} --date {DAY}" in alerts


def test_a_briefing_says_that_its_calendar_was_not_readable(morning: Installation) -> None:
    run = run_of(morning, "assume")
    assert run.state == RunState.DELIVERED
    assert "No such group" in run.assumed_open
    (mail,) = mails_to(morning, "assume")
    assert "The calendar was not read" in mail


def test_a_correction_for_another_day_is_not_compared_with_the_first(morning: Installation) -> None:
    assert run_of(morning, "moved").briefed_day == DAY_BEFORE
    close(morning, "moved.ics", DAY - timedelta(days=40))
    morning.standup("rerun", f"moved:{DAY}")
    assert morning.wait_for_run(f"moved:{DAY}.r2").briefed_day == DAY
    mail = mails_to(morning, "moved")[-1]
    assert "What changed is not known" in mail
    assert "figures differ" not in mail
