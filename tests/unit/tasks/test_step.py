"""How errors become settlements."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tasks import step
from tests.unit.services.test_exporting import RUN
from worker.domain.runs import Finished, RetryLater, RunState, Step
from worker.errors import RateLimited, SourceUnavailable


def test_a_temporary_error_is_retried_after_a_wait() -> None:
    outcome = step.after_transient(RUN, SourceUnavailable("No answer."))
    assert isinstance(outcome, RetryLater)
    assert outcome.changes == {"attempts": 1}
    assert 2 <= outcome.seconds <= 2.2


def test_the_wait_that_the_api_asks_for_is_kept() -> None:
    outcome = step.after_transient(RUN, RateLimited("429.", retry_after_seconds=30))
    assert isinstance(outcome, RetryLater)
    assert outcome.seconds >= 30


def test_the_third_failed_attempt_is_the_last() -> None:
    outcome = step.after_transient(replace(RUN, attempts=2), SourceUnavailable("No answer."))
    assert isinstance(outcome, Finished)
    assert (outcome.state, outcome.changes["code"]) == (RunState.FAILED, "source_unavailable")
    assert "Gave up after 3 attempts" in str(outcome.changes["sentence"])


@pytest.mark.parametrize("secretive", ["agent Ägidius", "one@example.com"])
def test_celery_gets_only_the_code_of_an_error(secretive: str) -> None:
    outcome = step.failed("lookup_failed", f"There is no {secretive}.")
    assert str(step.StepFailed(str(outcome.changes["code"]))) == "lookup_failed"
    assert secretive in outcome.detail


def test_a_step_that_is_given_up_ends_the_run_with_a_code_of_its_own() -> None:
    outcome = step.worn_out(Step.DELIVER)
    assert (outcome.state, outcome.changes["code"]) == (RunState.FAILED, "step_never_ended")
    assert "Some recipients may have the message" in str(outcome.changes["sentence"])
    assert "recipients" not in str(step.worn_out(Step.RENDER).changes["sentence"])
