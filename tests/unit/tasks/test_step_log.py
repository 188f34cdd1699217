"""A log line has the level that its event deserves."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from tasks import step
from worker.domain.runs import Finished, NextStep, RetryLater, RunState, Step, StepOutcome
from worker.errors import SourceUnavailable

SENTENCE = "The export did not end within 180 s."


def logged(outcome: StepOutcome) -> dict[str, Any]:
    with capture_logs() as lines:
        step.log_outcome(outcome)
    (line,) = lines
    return dict(line)


def test_a_failed_run_is_an_error_with_its_sentence() -> None:
    line = logged(step.failed("poll_timeout", SENTENCE))
    assert (line["log_level"], line["code"], line["sentence"]) == ("error", "poll_timeout", SENTENCE)


def test_a_run_that_not_everyone_got_is_an_error() -> None:
    changes = {"code": "delivery_refused", "sentence": "Not delivered to everybody."}
    line = logged(Finished(RunState.PARTLY_DELIVERED, "1 sent; 1 refused", changes))
    assert (line["log_level"], line["sentence"]) == ("error", "Not delivered to everybody.")


@pytest.mark.parametrize(
    "outcome",
    [
        RetryLater(2.0, f"attempt 1 failed: {SourceUnavailable.code}", {"attempts": 1}, detail=SENTENCE),
        RetryLater(5.0, "Redis does not answer", detail=SENTENCE),
        RetryLater(5.0, "waiting for quota", detail=SENTENCE),
        RetryLater(5.0, "some receivers are busy", {"attempts": 0}, detail=SENTENCE),
    ],
)
def test_a_delay_is_a_warning_with_its_reason(outcome: RetryLater) -> None:
    line = logged(outcome)
    assert (line["log_level"], line["because"]) == ("warning", SENTENCE)


@pytest.mark.parametrize(
    "outcome",
    [
        NextStep(Step.POLL, "export started"),
        RetryLater(5.0, "not ready yet", {"polls": 1}, detail="42 %"),
        Finished(RunState.DELIVERED, "3 sent"),
    ],
)
def test_what_goes_as_it_should_is_information(outcome: StepOutcome) -> None:
    assert logged(outcome)["log_level"] == "info"
