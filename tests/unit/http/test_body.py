"""Which jobs a notice is about."""

from __future__ import annotations

import json

import pytest

from worker.http.export_finished import MAX_JOBS, NoticeRefused, jobs_of

EVENT = {"id": "e-1", "runId": "r-1", "status": "COMPLETED", "percentageComplete": 100}


@pytest.mark.parametrize(
    ("value", "jobs"),
    [
        ({"jobs": ["a", "b", "a"]}, ["a", "b"]),
        ({"topicName": "v2.users.x.analytics.reporting.exports", "eventBody": EVENT}, ["e-1", "r-1"]),
        ({"detail": {"topicName": "v2.…", "eventBody": {"id": "j-1", "queryState": "Complete"}}}, ["j-1"]),
        ({"jobs": [f"j{n}" for n in range(MAX_JOBS)]}, [f"j{n}" for n in range(MAX_JOBS)]),
        ({"jobs": ["ok", 5, None, "two words", "", "x" * 300]}, ["ok"]),
    ],
)
def test_ids_are_read_from_our_form_and_from_events(value: object, jobs: list[str]) -> None:
    assert jobs_of(json.dumps(value).encode()) == jobs


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"j-1"',
        b"{}",
        b'{"jobs": "j-1"}',
        b'{"jobs": []}',
        b'{"detail": []}',
        b"[" * 100_000,
        json.dumps({"jobs": [str(n) for n in range(MAX_JOBS + 1)]}).encode(),
        b"\xff\xfe",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_a_body_without_ids_or_with_too_many_is_refused(body: bytes) -> None:
    with pytest.raises(NoticeRefused) as refused:
        jobs_of(body)
    assert refused.value.status == 400
