"""Every state of an export job, and every reason for a failure, leads somewhere."""

from __future__ import annotations

import pytest

from worker.genesys.exports.job_status import REASONS, RESTARTS, ExportEntity, decide


def entity(status: str, **fields: object) -> ExportEntity:
    return ExportEntity.model_validate({"id": "e1", "name": "standup-x-queues", "status": status, **fields})


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("SUBMITTED", "wait"),
        ("RUNNING", "wait"),
        ("CANCELLING", "wait"),
        ("SOMETHING_NEW", "wait"),
        ("COMPLETED", "done"),
        ("COMPLETED_WITH_PARTIAL_RESULTS", "done"),
        ("CANCELLED", "failed"),
    ],
)
def test_each_job_state_is_waited_for_accepted_or_given_up(status: str, state: str) -> None:
    assert decide(entity(status), 0).state == state


def test_a_job_that_is_not_listed_yet_is_waited_for() -> None:
    assert decide(None, 0).state == "wait"


def test_a_running_job_states_its_progress() -> None:
    assert decide(entity("RUNNING", percentageComplete=40.4), 0).word == "RUNNING 40 %"


@pytest.mark.parametrize("name", REASONS)
def test_each_failure_reason_is_explained_with_a_way_out(name: str) -> None:
    failed = entity("FAILED", exportErrorMessagesType=name)
    last = decide(failed, RESTARTS)
    assert last.state == "failed"
    assert last.word.endswith(f"failed after 3 attempts: {name}, {REASONS[name].means}.")
    assert last.way_out.endswith(".")
    assert decide(failed, 0).state == ("restart" if REASONS[name].temporary else "failed")


def test_only_temporary_reasons_are_tried_again() -> None:
    assert {name for name, reason in REASONS.items() if reason.temporary} == {
        "CIRCUIT_BREAKER_OPEN_FOR_VIEW_TYPE",
        "FAILED_BUILDING_DOWNLOAD_URL_FROM_SKYWALKER_RESPONSE",
        "FAILED_GENERATING_TEMP_FILE",
        "FAILED_GETTING_DATA_FROM_SERVICE",
        "FAILED_LONG_RUNNING_EXPORT",
        "FAILED_NOTIFYING_SKYWALKER_OF_DOWNLOAD",
        "FAILED_SAVING_FILE_TO_S3",
        "TOO_MANY_REQUESTS_FROM_AN_ORGANIZATION",
    }


@pytest.mark.parametrize("name", [None, "A_REASON_OF_TOMORROW"])
def test_a_reason_that_is_not_known_is_shown_and_ends_the_run(name: str | None) -> None:
    last = decide(entity("FAILED", exportErrorMessagesType=name), 0)
    assert last.state == "failed"
    assert (name or "no reason") in last.word
    assert "Genesys' support" in last.way_out
