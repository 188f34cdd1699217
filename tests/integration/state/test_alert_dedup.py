"""What is news to operations, on a real server."""

from __future__ import annotations

from datetime import date

import pytest
from redis import Redis

from worker.state.alert_dedup import AlertDedup

FRIDAY, MONDAY, TUESDAY = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture
def dedup(redis: Redis) -> AlertDedup:
    return AlertDedup(redis, alerts_per_hour=3)


def test_the_first_failure_is_news_however_often_it_is_asked(dedup: AlertDedup) -> None:
    assert [dedup.is_news("support", "poll_timeout", FRIDAY, "a") for _ in range(3)] == [True, True, True]
    streak = dedup.streak("support")
    assert streak
    assert (streak.code, streak.first_day, streak.failures) == ("poll_timeout", FRIDAY, 1)


@pytest.mark.parametrize(
    ("code", "day", "news"),
    [
        ("poll_timeout", MONDAY, False),
        ("poll_timeout", FRIDAY, True),
        ("poll_timeout", TUESDAY, True),
        ("forbidden", MONDAY, True),
        ("forbidden", FRIDAY, True),
    ],
    ids=["a retry", "an earlier day", "a further day", "another cause", "another cause of an earlier day"],
)
def test_within_a_streak_only_another_cause_or_another_day_is_news(
    code: str, day: date, news: bool, dedup: AlertDedup
) -> None:
    dedup.is_news("support", "poll_timeout", MONDAY, "first")
    assert dedup.is_news("support", code, day, "second") is news
    assert dedup.is_news("billing", "poll_timeout", MONDAY, "another group")


def test_two_causes_that_alternate_are_each_news_once_a_day(dedup: AlertDedup) -> None:
    codes = ("poll_timeout", "forbidden") * 2
    assert [dedup.is_news("support", code, MONDAY, str(number)) for number, code in enumerate(codes)] == [
        True,
        True,
        False,
        False,
    ]


def test_a_streak_that_an_earlier_version_recorded_goes_on(dedup: AlertDedup, redis: Redis) -> None:
    fields = {"code": "poll_timeout", "day": "2026-11-23", "since": "2026-11-20", "told": "a", "failures": 2}
    redis.hset("standup:streak:support", mapping=fields)
    assert not dedup.is_news("support", "poll_timeout", MONDAY, "b")
    assert dedup.is_news("support", "poll_timeout", TUESDAY, "c")


def test_a_streak_ends_with_a_delivery_of_its_last_day_or_a_later_one(dedup: AlertDedup) -> None:
    for day in (FRIDAY, MONDAY):
        dedup.is_news("support", "poll_timeout", day, day.isoformat())
    dedup.end_streak("support", FRIDAY)
    streak = dedup.streak("support")
    assert streak
    assert (streak.first_day, streak.day, streak.failures) == (FRIDAY, MONDAY, 2)
    dedup.end_streak("support", MONDAY)
    assert dedup.streak("support") is None
    assert dedup.is_news("support", "poll_timeout", MONDAY, "new")


def test_above_the_hourly_limit_there_is_one_summary_and_no_further_alert(dedup: AlertDedup) -> None:
    assert [dedup.permission(str(number)) for number in range(6)] == ["send"] * 3 + ["summary"] + ["quiet"] * 2
    assert [dedup.permission(str(number)) for number in (0, 3, 4)] == ["send", "summary", "quiet"]


def test_alerts_are_sent_again_an_hour_later(dedup: AlertDedup, redis: Redis) -> None:
    for number in range(5):
        dedup.permission(str(number))
    an_hour = 3600 * 1000 + 1
    for member, instant in redis.zrange("standup:alerts", 0, -1, withscores=True):
        redis.zadd("standup:alerts", {member: instant - an_hour})
    assert dedup.permission("later") == "send"
    assert 0 < redis.pttl("standup:alerts:summary") <= an_hour
