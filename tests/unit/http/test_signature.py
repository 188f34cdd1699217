"""Signed, fresh, whole: or refused."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from worker.http.export_finished import NoticeRefused, check

SECRET = b"an-example-secret-of-some-length-0123"
BODY = b'{"jobs": ["j-1"]}'
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))


def signed(secret: bytes = SECRET, timestamp: str = STAMP, body: bytes = BODY) -> str:
    return hmac.new(secret, f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("form", ["sha256={}", "{}"])
def test_a_signed_and_fresh_notice_is_accepted(form: str) -> None:
    assert check(SECRET, STAMP, form.format(signed()), BODY, NOW) == signed().encode()


def test_a_signature_in_capitals_is_the_same_signature() -> None:
    assert check(SECRET, STAMP, signed().upper(), BODY, NOW) == signed().encode()


@pytest.mark.parametrize(
    ("timestamp", "signature", "body"),
    [
        (STAMP, "", BODY),
        (STAMP, "sha256=", BODY),
        (STAMP, signed(secret=b"another secret, as long as the other"), BODY),
        (STAMP, signed(), BODY + b" "),
        (str(int(STAMP) + 1), signed(), BODY),
        ("", signed(timestamp=""), BODY),
        ("soon", signed(timestamp="soon"), BODY),
        ("-5", signed(timestamp="-5"), BODY),
        (STAMP, "ünïcode", BODY),
    ],
)
def test_a_notice_with_a_wrong_signature_is_refused(timestamp: str, signature: str, body: bytes) -> None:
    with pytest.raises(NoticeRefused) as refused:
        check(SECRET, timestamp, signature, body, NOW)
    assert refused.value.status == 401


@pytest.mark.parametrize(("seconds", "accepted"), [(300, True), (-300, True), (301, False), (-301, False)])
def test_a_notice_is_fresh_for_five_minutes_either_way(seconds: int, accepted: bool) -> None:
    received_at = NOW + timedelta(seconds=seconds)
    if accepted:
        assert check(SECRET, STAMP, signed(), BODY, received_at)
    else:
        with pytest.raises(NoticeRefused, match="clock"):
            check(SECRET, STAMP, signed(), BODY, received_at)
