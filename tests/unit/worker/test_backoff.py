"""Waits between polls and attempts."""

from __future__ import annotations

import pytest

from worker.domain.backoff import poll_countdown_seconds, retry_countdown_seconds


def test_polls_are_5_10_20_40_60_60_seconds_apart() -> None:
    assert [poll_countdown_seconds(n, 0.5) for n in range(6)] == [5, 10, 20, 40, 60, 60]


@pytest.mark.parametrize("chance", [0.0, 0.25, 0.999])
def test_jitter_moves_a_poll_by_a_tenth_and_never_beyond_a_minute(chance: float) -> None:
    assert 4.5 <= poll_countdown_seconds(0, chance) < 5.5
    assert 54 <= poll_countdown_seconds(9, chance) <= 60


def test_a_failed_attempt_is_repeated_after_growing_waits() -> None:
    assert [retry_countdown_seconds(n, 0.0) for n in (1, 2, 3)] == [2, 4, 8]


def test_what_the_receiver_asks_for_is_waited_but_never_more_than_a_minute_at_once() -> None:
    assert retry_countdown_seconds(1, 0.0, at_least=30) == 30
    assert retry_countdown_seconds(1, 0.0, at_least=600) == 60
