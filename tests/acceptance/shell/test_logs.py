"""Flower logs as the other programs do: one JSON line per event."""

from __future__ import annotations

import json

from tests.acceptance.installation import Installation
from worker.cli.demo.processes import Program, python


def test_flower_logs_json_lines(installation: Installation) -> None:
    installation.configure(REDIS_URL=installation.redis_url)
    command = ("-m", "celery", "-A", "worker", "flower", "--address=127.0.0.1", "--port=0")
    installation.programs.start(Program("flower", python(*command)))
    installation.wait_for_log("flower", r"Registered tasks.*\n")
    whole_lines = installation.log("flower").rpartition("\n")[0].splitlines()
    lines = [json.loads(line) for line in whole_lines]
    assert {line["logger"] for line in lines} >= {"flower.command"}
    assert all({"level", "event", "timestamp"} <= set(line) for line in lines)
