"""Remembered days on a real server."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from tests.queue_days import Centre, rows_of_day
from worker.domain.briefing.codec import encode_figures
from worker.domain.briefing.content import Counts
from worker.domain.briefing.history import DayFigures, figures_of
from worker.domain.metrics import Metric, Ratio
from worker.state.history import History

UTC = ZoneInfo("UTC")
TUESDAY, WEDNESDAY = date(2026, 10, 20), date(2026, 10, 21)


@pytest.fixture
def history(redis):
    return History(redis)


def figures(offered: int) -> DayFigures:
    counts = Counts(offered, offered - 5, 5, 9, 301_000.5, None)
    return DayFigures(counts, {Metric.SERVICE_LEVEL: Ratio(0.8, 80, 100)}, {"7f3c": Ratio(0.5, 5, 10)})


def test_days_are_read_as_they_were_recorded(history):
    history.record("support", TUESDAY, 1, figures(100))
    history.record("support", WEDNESDAY, 1, figures(200))
    assert history.days("support") == {TUESDAY: figures(100), WEDNESDAY: figures(200)}


def test_an_unknown_group_has_no_days(history):
    assert history.days("unheard-of") == {}


def test_each_group_has_its_own_history(history):
    history.record("support", TUESDAY, 1, figures(100))
    assert history.days("sales") == {}


def test_a_later_revision_replaces_an_earlier_one(history):
    assert history.record("support", TUESDAY, 1, figures(100))
    assert history.record("support", TUESDAY, 2, figures(101))
    assert history.days("support") == {TUESDAY: figures(101)}


def test_an_earlier_revision_never_replaces_a_later_one(history):
    history.record("support", TUESDAY, 10, figures(110))
    assert not history.record("support", TUESDAY, 9, figures(109))
    assert history.days("support") == {TUESDAY: figures(110)}


def test_a_step_that_is_done_twice_records_the_same_revision_again(history):
    history.record("support", TUESDAY, 1, figures(100))
    assert history.record("support", TUESDAY, 1, figures(100))
    assert history.days("support") == {TUESDAY: figures(100)}


def test_the_latest_of_many_concurrent_revisions_is_kept(history):
    with ThreadPoolExecutor(8) as workers:
        list(
            workers.map(lambda revision: history.record("support", TUESDAY, revision, figures(revision)), range(1, 41))
        )
    assert history.days("support") == {TUESDAY: figures(40)}


def test_days_beyond_the_lifetime_are_forgotten(redis):
    history = History(redis, lifetime_days=30)
    for day in (date(2026, 9, 20), date(2026, 9, 21), WEDNESDAY):
        history.record("support", day, 1, figures(1))
    assert list(history.days("support")) == [date(2026, 9, 21), WEDNESDAY]


def test_a_group_that_falls_silent_is_forgotten_after_the_lifetime(redis):
    History(redis, lifetime_days=60).record("support", TUESDAY, 1, figures(100))
    assert 0 < redis.ttl("standup:history:support") <= 60 * 86_400


def test_an_unreadable_day_is_left_out_and_the_others_are_read(redis, history):
    history.record("support", TUESDAY, 1, figures(100))
    redis.hset("standup:history:support", "2026-10-19", '1 {"kind":"figures","version":99,"value":{}}')
    assert history.days("support") == {TUESDAY: figures(100)}
    assert history.record("support", date(2026, 10, 19), 2, figures(90))


def test_which_days_are_known_is_told_without_their_figures(history):
    history.record("support", TUESDAY, 1, figures(100))
    history.record("support", WEDNESDAY, 1, figures(200))
    assert history.known_days("support") == {TUESDAY, WEDNESDAY}
    assert history.known_days("unheard-of") == set()


def test_a_stored_day_takes_a_third_of_its_text(history, redis):
    day = figures_of(rows_of_day(Centre(400, queue_shares=(0.5, 0.3, 0.2)), TUESDAY, random.Random(7)), UTC)
    history.record("support", TUESDAY, 1, day)
    assert redis.hstrlen("standup:history:support", TUESDAY.isoformat()) * 3 < len(encode_figures(day))
    assert history.days("support") == {TUESDAY: day}


def test_a_day_of_a_release_that_did_not_compress_is_read(history, redis):
    redis.hset("standup:history:support", TUESDAY.isoformat(), f"1 {encode_figures(figures(100)).decode()}")
    history.record("support", WEDNESDAY, 1, figures(200))
    assert history.days("support") == {TUESDAY: figures(100), WEDNESDAY: figures(200)}


def test_a_damaged_day_is_left_out(history, redis):
    history.record("support", WEDNESDAY, 1, figures(200))
    redis.hset("standup:history:support", TUESDAY.isoformat(), "1 z1 no deflated text")
    assert history.days("support") == {WEDNESDAY: figures(200)}
