"""Waits between polls and attempts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from worker.domain.countdowns import RetryPeriod, next_attempt_at, poll_countdown_seconds, retry_countdown_seconds

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
END = NOW + timedelta(minutes=30)


def test_polls_are_5_10_20_40_60_60_seconds_apart() -> None:
    assert [poll_countdown_seconds(n, 0.5) for n in range(6)] == [5, 10, 20, 40, 60, 60]


@pytest.mark.parametrize("chance", [0.0, 0.25, 0.999])
def test_jitter_moves_a_poll_by_a_tenth_and_never_beyond_a_minute(chance: float) -> None:
    assert 4.5 <= poll_countdown_seconds(0, chance) < 5.5
    assert 54 <= poll_countdown_seconds(9, chance) <= 60


def test_a_failed_attempt_is_repeated_after_growing_waits() -> None:
    assert [retry_countdown_seconds(n, 0.0) for n in (1, 2, 3)] == [2, 4, 8]


def test_the_receivers_wait_is_kept_up_to_a_minute_at_a_time() -> None:
    assert retry_countdown_seconds(1, 0.0, at_least=30) == 30
    assert retry_countdown_seconds(1, 0.0, at_least=600) == 60


def test_after_many_attempts_it_is_still_a_minute() -> None:
    assert retry_countdown_seconds(5000, 0.9) == 60


def test_the_retry_period_ends_at_the_later_of_its_two_ends() -> None:
    half_an_hour = timedelta(minutes=30)
    assert RetryPeriod(half_an_hour).ends_at(NOW) == END
    assert RetryPeriod(half_an_hour, NOW - half_an_hour).ends_at(NOW) == END
    assert RetryPeriod(half_an_hour, NOW + 3 * half_an_hour).ends_at(NOW) == NOW + 3 * half_an_hour


def test_the_last_attempt_is_at_the_end_of_the_period() -> None:
    assert next_attempt_at(END - timedelta(seconds=3), END, 20, 0.0) == END
    assert next_attempt_at(END, END, 20, 0.0) is None


def test_the_receivers_wait_is_kept_unless_it_is_longer_than_the_period() -> None:
    assert next_attempt_at(NOW, END, 1, 0.0, 900) == NOW + timedelta(minutes=15)
    assert next_attempt_at(NOW, END, 1, 0.0, 0) == NOW + timedelta(seconds=2)
    assert next_attempt_at(NOW, END, 1, 0.0, 1801) is None
