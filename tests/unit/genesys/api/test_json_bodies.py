from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.peak_memory import peak_bytes
from worker.errors import MalformedAnswer
from worker.genesys.api.json_body import read_object


@pytest.mark.parametrize("depth", [900, 5_000])
@pytest.mark.parametrize("leaf", [b"1", rb'"\ud800"'])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_a_deep_body_is_read_or_refused_as_malformed(depth: int, leaf: bytes, opening: bytes, closing: bytes) -> None:
    body = b'{"a":' + opening * depth + leaf + closing * depth + b"}"
    with suppress(MalformedAnswer):
        assert read_object(body, "The API")


def test_a_body_that_is_nested_too_deeply_is_called_that() -> None:
    with pytest.raises(MalformedAnswer, match="nested too deeply"):
        read_object(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "The API")


def test_a_lone_surrogate_in_a_name_is_replaced() -> None:
    assert read_object(rb'{"name": "a\ud800"}', "The API") == {"name": "a\ufffd"}


@pytest.mark.parametrize("value", [b"[],", b"{},", b"1.5,", b'"ab",', b'{"a":1},', b"[[[[[[]]]]]],"])
def test_millions_of_small_values_are_refused_before_they_take_memory(value: bytes) -> None:
    body = b'{"entities": [' + value * (36_000_000 // len(value)) + b"0]}"
    with pytest.raises(MalformedAnswer, match=r"The API answers with 34 MB of JSON, .* MB of memory.*Ask for less"):
        read_object(body, "The API")
    assert peak_bytes(_read, (body,), (b"{}",)) < 2 * len(body)


def _read(body: bytes) -> None:
    with suppress(MalformedAnswer):
        read_object(body, "The API")


def _aggregates() -> object:
    """Return a day of 200 queues with five media types that had contacts in each half-hour."""
    stats = {"min": 94, "max": 219470, "count": 83, "sum": 5750770}
    metrics = [{"metric": f"tMetric{number}", "stats": stats} for number in range(8)]
    half_hour = {"interval": "2026-11-16T09:00:00.000Z/2026-11-16T09:30:00.000Z", "metrics": metrics}
    return {"results": [{"group": {"queueId": "q", "mediaType": "voice"}, "data": [half_hour] * 48}] * 200 * 5}


def _schedule() -> object:
    """Return what 300 planning groups need in the six weeks of the longest schedule."""
    return {"entities": [{"planningGroup": {"id": "g"}, "required": [12.25] * 4_032, "other": [12.25] * 4_032}] * 300}


def _adherence() -> object:
    """Return the exceptions and activities of 5,000 agents, of which a business unit has no more."""
    part = {"startOffsetSeconds": 36_000, "endOffsetSeconds": 37_800, "actualActivityCategory": "OnQueueWork"}
    return {"userResults": [{"userId": "u", "exceptionInfo": [part] * 20, "actuals": [part] * 40}] * 5_000}


@pytest.mark.parametrize("answer", [_aggregates, _schedule, _adherence])
def test_the_largest_true_answers_are_read(answer: Callable[[], object]) -> None:
    value = answer()
    assert read_object(json.dumps(value, separators=(",", ":")).encode(), "The API") == value
