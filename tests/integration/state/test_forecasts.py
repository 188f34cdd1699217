"""Forecasts of days are remembered by group, and deleted with its past."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from redis import Redis

from worker.state.ageing.retention import Item, Retention
from worker.state.files.artifacts import Artifacts
from worker.state.forecasts import Forecasts

DAY = date(2026, 11, 20)
FORECAST = {"voice": {"09:00": 10.5}}


def test_a_forecast_is_remembered_by_day(redis: Redis) -> None:
    forecasts = Forecasts(redis)
    assert forecasts.record("support", DAY, 1, FORECAST)
    assert forecasts.days("support") == {DAY: FORECAST}
    assert forecasts.days("sales") == {}


def test_a_later_revision_replaces_a_forecast_and_an_earlier_one_does_not(redis: Redis) -> None:
    forecasts = Forecasts(redis)
    forecasts.record("support", DAY, 2, FORECAST)
    assert not forecasts.record("support", DAY, 1, {"voice": {"09:00": 1.0}})
    assert forecasts.record("support", DAY, 3, {"chat": {"09:00": 2.0}})
    assert forecasts.days("support") == {DAY: {"chat": {"09:00": 2.0}}}


def test_an_unreadable_forecast_is_left_out(redis: Redis) -> None:
    forecasts = Forecasts(redis)
    forecasts.record("support", DAY, 1, FORECAST)
    redis.hset("standup:forecasts:support", "2026-11-19", "1 {broken")
    assert forecasts.days("support") == {DAY: FORECAST}


def test_forecasts_are_deleted_with_the_groups_history(redis: Redis, tmp_path: Path) -> None:
    Forecasts(redis).record("support", DAY, 1, FORECAST)
    retention = Retention(Artifacts(str(tmp_path)), redis)
    items = retention.older({"history": date(2026, 11, 21)}, "support")
    assert items == [Item("history", "standup:forecasts:support", "2026-11-20")]
    retention.delete(items)
    assert Forecasts(redis).days("support") == {}
