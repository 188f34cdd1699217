"""The stored schema is what the installed SDK says."""

from __future__ import annotations

import difflib
import json

from sandbox.api.conversations import METRICS
from tests.contract.conformity import SCHEMA, STORED
from tests.contract.make_schema import as_text, generate
from worker.genesys.exports.job_status import COMPLETED, REASONS

_JOB = SCHEMA["models"]["ReportingExportJobResponse"]


def test_the_stored_schema_is_the_generated_one() -> None:
    stored, generated = STORED.read_text(encoding="utf-8"), as_text(generate())
    changes = list(
        difflib.unified_diff(stored.splitlines(), generated.splitlines(), "stored", "generated", lineterm="", n=4)
    )
    assert not changes, "run python -m tests.contract.make_schema to update it:\n" + "\n".join(changes[:80])


def test_every_required_field_is_in_its_model() -> None:
    required = json.loads(STORED.with_name("required.json").read_text(encoding="utf-8"))
    for model, names in required.items():
        assert set(names) <= SCHEMA["models"][model].keys(), model


def test_the_known_reasons_for_failed_exports_are_the_sdks() -> None:
    assert set(REASONS) == set(_JOB["exportErrorMessagesType"]["enum"])
    assert len(REASONS) == 20


def test_every_state_of_an_export_is_understood() -> None:
    assert set(_JOB["status"]["enum"]) == {*COMPLETED, "SUBMITTED", "RUNNING", "CANCELLING", "CANCELLED", "FAILED"}


def test_the_sandbox_knows_the_metrics_of_the_sdk_and_no_others() -> None:
    assert set(SCHEMA["models"]["ConversationAggregationView"]["target"]["enum"]) == METRICS
