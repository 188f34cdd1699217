"""What may never stand in a log line."""

from __future__ import annotations

import io
import json
import logging
from types import SimpleNamespace

import structlog

from worker import logs


def logged(capture: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in capture.getvalue().splitlines()]


def test_secrets_and_addresses_are_masked_in_our_lines_and_in_foreign_ones() -> None:
    capture = io.StringIO()
    logs.configure("INFO", ["planted-s3cret"], stream=capture)
    structlog.get_logger("ours").info("sent", to="maria.lopez@example.com", nested={"token": "planted-s3cret"})
    logging.getLogger("theirs").warning("failed with %s for %s", "planted-s3cret", "maria.lopez@example.com")
    text = capture.getvalue()
    assert "planted-s3cret" not in text
    assert "maria.lopez" not in text
    assert "m•••@example.com" in text
    assert len(logged(capture)) == 2


def test_every_line_is_json_and_carries_what_is_bound() -> None:
    capture = io.StringIO()
    logs.configure("INFO", stream=capture)
    with structlog.contextvars.bound_contextvars(run="support:2026-11-20"):
        logging.getLogger("theirs").info("hello")
    assert logged(capture)[0]["run"] == "support:2026-11-20"


def test_a_named_secret_is_masked_whatever_its_value() -> None:
    capture = io.StringIO()
    logs.configure("INFO", stream=capture)
    structlog.get_logger("ours").info("login", password="x")
    assert logged(capture)[0]["password"] == "•••"


def test_an_exception_is_masked_too() -> None:
    capture = io.StringIO()
    logs.configure("INFO", ["planted-s3cret"], stream=capture)
    try:
        raise ValueError("planted-s3cret")
    except ValueError:
        logging.getLogger("theirs").exception("oh")
    assert "planted-s3cret" not in capture.getvalue()


def test_the_lines_of_a_step_have_its_run_until_the_task_ends() -> None:
    capture = io.StringIO()
    logs.configure("INFO", stream=capture)
    task = SimpleNamespace(name="briefing.poll")
    logs.bind_run(sender=task, args=("support:2026-11-20.r2",))
    logging.getLogger("library").info("during the step")
    logs.clear_run(sender=task)
    logging.getLogger("library").info("after the step")
    during_lines, after_lines = logged(capture)
    assert [during_lines[key] for key in ("run", "group", "day", "step")] == [
        "support:2026-11-20.r2",
        "support",
        "2026-11-20",
        "poll",
    ]
    assert "run" not in after_lines


def test_the_lines_of_a_task_without_a_run_have_none() -> None:
    capture = io.StringIO()
    logs.configure("INFO", stream=capture)
    logs.bind_run(sender=SimpleNamespace(name="briefing.start_due"), args=())
    logging.getLogger("library").info("what is due?")
    assert "run" not in logged(capture)[0]


def test_a_repeated_warning_of_a_library_is_logged_a_few_times_a_minute() -> None:
    seconds = 0.0
    repetition_filter = logs.RepetitionFilter(lambda: seconds)

    def passes(name: str = "celery.worker.consumer", text: str = "Connection %s lost") -> str:
        record = logging.LogRecord(name, logging.WARNING, "", 0, text, ("x",), None)
        return record.getMessage() if repetition_filter.filter(record) else ""

    assert [bool(passes()) for _ in range(logs.RECORDS_PER_PERIOD + 3)] == [True] * logs.RECORDS_PER_PERIOD + [
        False
    ] * 3
    assert passes(text="Another warning %s"), "each text has a limit of its own"
    assert all(passes("standup.step") for _ in range(100)), "our own events have none"
    dropped = [bool(passes("standup.broker", "a foreign element %s")) for _ in range(100)]
    assert sum(dropped) == logs.RECORDS_PER_PERIOD, "strangers cannot fill the log"
    seconds = logs.PERIOD_SECONDS
    assert passes() == "Connection x lost (and 3 more that were not logged)"
    assert passes() == "Connection x lost"
