"""The values of labels that are known before anything is counted.

For Prometheus a counter that appears with the value 1 has not increased, so no alert would fire for the first failure
of a kind. Counters of these values are 0 from the beginning (Prometheus, "Instrumentation", "Avoid missing metrics").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from worker.domain.groups import ChannelKind
from worker.domain.runs import RunState
from worker.state import counters
from worker.state.counters import Field

FAILURE_CODES = (
    "artifact_damaged",
    "artifact_missing",
    "calendar_unavailable",
    "channel_busy",
    "credentials_refused",
    "definition_refused",
    "delivery_refused",
    "export_failed",
    "incomplete",
    "lookup_failed",
    "malformed_answer",
    "out_of_memory",
    "outcome_unknown",
    "permission_missing",
    "poll_timeout",
    "rate_limited",
    "render_process_died",
    "request_refused",
    "settings",
    "source_unavailable",
    "step_never_ended",
    "step_too_long",
    "store_unavailable",
    "unexpected",
)
"""The codes with which a run can fail."""

_UNDELIVERED_CODES = ("delivery_refused", "outcome_unknown")
_SOURCES = ("queries", "exports", "reporting")
_OUTCOMES = ("sent", "refused", "unknown")
_STATUSES = ("0", "200", "429", "500", "502", "503", "504")
"""Those of a healthy organisation, of no answer, and those that alert rules look for."""


def known_fields(organisations: tuple[str, ...]) -> Iterator[Field]:
    """Yield the counters that exist from the beginning."""
    for code in FAILURE_CODES:
        yield (counters.RUNS, RunState.FAILED.value, code)
    for code in _UNDELIVERED_CODES:
        yield (counters.RUNS, RunState.PARTLY_DELIVERED.value, code)
    yield (counters.RUNS, RunState.MISSED.value, "missed")
    for state in (RunState.DELIVERED, RunState.NOTIFIED, RunState.SKIPPED):
        yield (counters.RUNS, state.value, "")
    for channel in get_args(ChannelKind):
        yield from ((counters.DELIVERIES, channel, outcome) for outcome in _OUTCOMES)
    for organisation in organisations:
        yield from ((counters.REQUESTS, organisation, status) for status in _STATUSES)
        yield (counters.QUOTA_WAITS, organisation)
        yield (counters.QUOTA_WAIT_MILLISECONDS, organisation)
    yield (counters.TIME_TO_DELIVERY, "sum")
    yield from ((counters.REQUESTS_PER_BRIEFING, source, "sum") for source in _SOURCES)
    yield from ((counters.NOTICES, outcome) for outcome in ("woken", "idle", "refused"))
