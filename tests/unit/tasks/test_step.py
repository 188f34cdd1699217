"""How errors become settlements."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tasks import step
from tests.unit.services.test_exporting import RUN
from worker.domain.runs import Finished, RetryLater, RunState
from worker.errors import RateLimited, SourceUnavailable


def test_a_passing_trouble_is_tried_again_after_a_while() -> None:
    how = step.after_transient(RUN, SourceUnavailable("No answer."))
    assert isinstance(how, RetryLater)
    assert how.changes == {"attempts": 1}
    assert 2 <= how.seconds <= 2.2


def test_what_the_api_asks_for_is_waited() -> None:
    how = step.after_transient(RUN, RateLimited("429.", retry_after_seconds=30))
    assert isinstance(how, RetryLater)
    assert how.seconds >= 30


def test_the_third_failed_attempt_is_the_last() -> None:
    how = step.after_transient(replace(RUN, attempts=2), SourceUnavailable("No answer."))
    assert isinstance(how, Finished)
    assert (how.state, how.changes["code"]) == (RunState.FAILED, "source_unavailable")
    assert "Gave up after 3 attempts" in str(how.changes["sentence"])


@pytest.mark.parametrize("secretive", ["agent Ägidius", "one@example.com"])
def test_celery_learns_the_code_alone(secretive: str) -> None:
    how = step.failed("lookup_failed", f"There is no {secretive}.")
    assert str(step.StepFailed(str(how.changes["code"]))) == "lookup_failed"
    assert secretive in how.detail
