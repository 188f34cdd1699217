"""What a holiday and an unreadable calendar come to, by each group's own policy, as one morning of whole programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from redis import Redis

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from worker.cli.demo.processes import Programs
from worker.domain.runs import Run, RunState

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)
BEFORE = DAY - timedelta(days=1)
HOLIDAY = "Founders Day"

GROUPS: dict[str, dict[str, Any]] = {
    "notice": {"on_holiday": "notice"},
    "last-day": {"on_holiday": "last_business_day"},
    "had-it": {"on_holiday": "last_business_day"},
    "moved": {"on_holiday": "last_business_day", "calendar": {"kind": "ical", "path": "moved.ics"}},
    "hold": {"calendar": {"kind": "schedule_group", "name": "Nobody knows it", "on_unreachable": "hold"}},
    "assume": {"calendar": {"kind": "schedule_group", "name": "Nobody knows it", "on_unreachable": "assume_open"}},
    "dead-line": {
        "organisation": "dead",
        "calendar": {"kind": "schedule_group", "name": "Hours", "on_unreachable": "hold"},
    },
}


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory, redis_server: str) -> Iterator[Installation]:
    """One worker over all groups; ``had-it`` was briefed on the day before already."""
    Redis.from_url(redis_server).flushall()
    folder = tmp_path_factory.mktemp("installation")
    with Programs(folder / "logs", {}) as programs:
        installation = Installation(folder, f"{redis_server}/0", programs)
        furnish(installation)
        installation.start_worker()
        installation.standup("run", "had-it", "--date", BEFORE.isoformat())
        installation.wait_for_run(f"had-it:{BEFORE}")
        for key in GROUPS:
            installation.standup("run", key, "--date", DAY.isoformat())
        installation.wait_for_runs([f"{key}:{DAY}" for key in GROUPS])
        yield installation


def furnish(installation: Installation) -> None:
    queues = [f"Queue {key}" for key in GROUPS]
    installation.start_sandbox(
        {"groups": {"everybody": {"zone": ZONE, "queues": queues, "agents": 4, "workdays": ALL_WEEK}}}
    )
    close(installation, "closed.ics", DAY)
    close(installation, "moved.ics", DAY)
    installation.configure(
        ORGANISATIONS__DEAD__API_URL="http://127.0.0.1:9",
        ORGANISATIONS__DEAD__CLIENT_ID="id",
        ORGANISATIONS__DEAD__CLIENT_SECRET="planted",
    )
    installation.write_groups({key: group_of(key, policy) for key, policy in GROUPS.items()})


def close(installation: Installation, file: str, day: date) -> None:
    """Write a calendar in which the team is closed on that one day."""
    (installation.folder / file).write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}\r\nSUMMARY:{HOLIDAY}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def group_of(key: str, policy: dict[str, Any]) -> dict[str, Any]:
    common = {
        "title": key,
        "zone": ZONE,
        "queues": [f"Queue {key}"],
        "calendar": {"kind": "ical", "path": "closed.ics"},
        "deliver": {"email": [f"{key}@example.com"]},
    }
    return common | policy


def run_of(installation: Installation, key: str) -> Run:
    return installation.wait_for_run(f"{key}:{DAY}")


def mails_to(installation: Installation, key: str) -> list[str]:
    """What arrived, its soft line ends taken out."""
    texts = [mail.read_text() for mail in installation.mails()]
    return [text.replace("=\n", "") for text in texts if f"X-Envelope-To: {key}@example.com" in text]


def test_a_holiday_is_told_by_name_with_the_last_business_day(morning: Installation) -> None:
    run = run_of(morning, "notice")
    assert (run.state, run.holiday_name, run.last_business_day) == (RunState.NOTIFIED, HOLIDAY, BEFORE)
    (mail,) = mails_to(morning, "notice")
    assert f"Subject: Daily Standup Report - {DAY}" in mail
    assert "No Business Day Data Available" in mail
    assert HOLIDAY in mail
    assert BEFORE.isoformat() in mail
    assert "application/pdf" not in mail
    assert run.requests == 0


def test_a_group_that_prefers_it_gets_the_last_business_day_instead(morning: Installation) -> None:
    run = run_of(morning, "last-day")
    assert (run.state, run.briefed_day) == (RunState.DELIVERED, BEFORE)
    (mail,) = mails_to(morning, "last-day")
    assert f"Subject: Daily Standup Report - {BEFORE}" in mail
    assert "application/pdf" in mail


def test_a_last_business_day_that_was_delivered_is_not_delivered_again(morning: Installation) -> None:
    assert run_of(morning, "had-it").state == RunState.SKIPPED
    assert len(mails_to(morning, "had-it")) == 1


@pytest.mark.parametrize("key", ["hold", "dead-line"])
def test_an_unreadable_calendar_holds_the_briefing_and_operations_are_told(key: str, morning: Installation) -> None:
    run = run_of(morning, key)
    assert (run.state, run.code) == (RunState.FAILED, "calendar_unavailable")
    assert mails_to(morning, key) == []
    alerts = str(morning.wait_for_alerts(2))
    assert f"standup run {key} --date {DAY}" in alerts


def test_an_unreadable_calendar_that_is_assumed_open_is_said_in_the_briefing(morning: Installation) -> None:
    run = run_of(morning, "assume")
    assert run.state == RunState.DELIVERED
    assert "Nobody knows it" in run.assumed_open
    (mail,) = mails_to(morning, "assume")
    assert "Nobody knows it" in mail


def test_a_correction_about_another_day_is_not_held_against_the_first(morning: Installation) -> None:
    assert run_of(morning, "moved").briefed_day == BEFORE
    close(morning, "moved.ics", DAY - timedelta(days=40))
    morning.standup("rerun", f"moved:{DAY}")
    assert morning.wait_for_run(f"moved:{DAY}.r2").briefed_day == DAY
    mail = mails_to(morning, "moved")[-1]
    assert "What changed is not known" in mail
    assert "figures differ" not in mail
