"""Quota headers: all three families, and what survives when they lie."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.genesys.api.quota_headers import MAX_WAIT_SECONDS, Quota, read_quota, read_retry_after

NOW = datetime(2026, 11, 17, 12, tzinfo=UTC)
NAMES = (
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "inin-ratelimit-count",
    "inin-ratelimit-allowed",
    "inin-ratelimit-reset",
    "Retry-After",
    "Date",
)
LIES = st.sampled_from(["", "-1", "1e400", "nan", "many", "0", "9" * 40, "3", "12.5", "Tue, 99 Foo 2026 12:00:00 GMT"])


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        (
            {"inin-ratelimit-count": "17", "inin-ratelimit-allowed": "300", "inin-ratelimit-reset": "3"},
            Quota(283, 300, 3),
        ),
        ({"inin-ratelimit-count": "310", "inin-ratelimit-allowed": "300"}, Quota(0, 300, None)),
        ({"inin-ratelimit-count": "17"}, None),
        ({"X-RateLimit-Remaining": "9", "X-RateLimit-Limit": "60", "X-RateLimit-Reset": "61"}, Quota(9, 60, 61)),
        ({"X-RateLimit-Remaining": "9"}, Quota(9, None, None)),
        ({"X-RateLimit-Remaining": "900", "X-RateLimit-Limit": "60"}, Quota(60, 60, None)),
        ({"X-RateLimit-Remaining": "5", "X-RateLimit-Reset": str(NOW.timestamp() + 20)}, Quota(5, None, 20)),
        ({"X-RateLimit-Remaining": "5", "X-RateLimit-Reset": "-20"}, Quota(5, None, None)),
        ({"X-RateLimit-Remaining": "5", "X-RateLimit-Reset": "90000"}, Quota(5, None, MAX_WAIT_SECONDS)),
        (
            {"X-RateLimit-Remaining": "5", "inin-ratelimit-count": "299", "inin-ratelimit-allowed": "300"},
            Quota(1, 300, None),
        ),
    ],
)
def test_the_quota_is_read_from_either_family_and_the_scarcer_one_believed(
    headers: dict[str, str], expected: Quota | None
) -> None:
    assert read_quota(headers, NOW) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Retry-After": "42"}, 42),
        ({"Retry-After": " 0.5 "}, 0.5),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "later"}, None),
        ({"Retry-After": "Tue, 17 Nov 2026 12:01:30 GMT"}, 90),
        ({"Retry-After": "Tue, 17 Nov 2026 11:00:00 GMT"}, None),
        ({"Retry-After": "Tue, 17 Nov 2026 09:00:10 GMT", "Date": "Tue, 17 Nov 2026 09:00:00 GMT"}, 10),
        ({"Retry-After": "1e9"}, MAX_WAIT_SECONDS),
    ],
)
def test_retry_after_is_seconds_or_a_date_by_the_senders_own_clock(
    headers: dict[str, str], expected: float | None
) -> None:
    assert read_retry_after(headers, NOW) == expected


@given(st.dictionaries(st.sampled_from(NAMES), LIES | st.text(max_size=30)))
def test_a_malformed_header_is_ignored_and_the_wait_stays_bounded(headers: dict[str, str]) -> None:
    quota, wait = read_quota(headers, NOW), read_retry_after(headers, NOW)
    assert wait is None or 0 <= wait <= MAX_WAIT_SECONDS
    if quota:
        assert quota.remaining >= 0
        assert quota.allowed is None or quota.remaining <= quota.allowed
        assert quota.reset_seconds is None or 0 <= quota.reset_seconds <= MAX_WAIT_SECONDS
