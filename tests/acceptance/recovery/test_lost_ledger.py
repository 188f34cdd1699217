"""Redis loses everything in mid-morning. `standup recover-ledger` restores it, and everyone gets one briefing."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from tests.mail_server import MailServer, Trouble
from tests.waiting import HANG_SECONDS, wait_until
from worker.cli.demo.processes import Program
from worker.domain.runs import RunId, RunState

KEYS = ("delivered", "waiting", "refused")
"""Everyone has the first group's briefing, one of two the second group's, and no one the third group's."""


def people(key: str) -> list[str]:
    return [f"ana@{key}.example.com", f"ben@{key}.example.com"]


@pytest.fixture
def morning(installation: Installation, mail_server: MailServer) -> Installation:
    """A morning in which Redis has just lost its data."""
    installation.start_sandbox({"groups": {key: sandbox_group(f"Queue {key}") for key in KEYS}})
    installation.configure(SMTP__PORT=str(mail_server.port))
    installation.write_groups({key: group(key, f"Queue {key}", deliver={"email": people(key)}) for key in KEYS})
    installation.record_past(*KEYS)
    for person in (people("waiting")[1], *people("refused")):
        mail_server.set_troubles(person, Trouble("rcpt", "451 4.7.1 greylisted"))
    worker = installation.start_worker()
    beat = installation.start_beat()
    wait_until(lambda: all(tried(mail_server, person) for key in KEYS for person in people(key)), "all were tried")
    installation.wait_for_run(f"delivered:{DAY}")
    for program in (beat, worker):
        end(program)  # the rounds of deliveries end before
    installation.redis.flushall()
    return installation


def end(program: Program) -> None:
    assert program.process is not None
    program.process.terminate()
    program.process.wait(HANG_SECONDS)


def tried(mail_server: MailServer, person: str) -> bool:
    return mail_server.tries[person] > 1 or person in mail_server.recipients()


def test_everyone_gets_one_briefing_though_redis_was_emptied(morning: Installation, mail_server: MailServer) -> None:
    morning.start_worker("second")
    morning.start_beat("second-beat")
    [alert] = morning.wait_for_alerts(1)
    assert "standup recover-ledger" in json.dumps(alert)
    plan = json.loads(morning.standup("recover-ledger", "--dry-run", "--json"))
    runs = {run["run"].partition(":")[0]: run for run in plan["runs"]}
    assert {key: len(run["sent"]) for key, run in runs.items()} == {"delivered": 2, "waiting": 1, "refused": 0}
    assert morning.runs.get(RunId("waiting", DAY)) is None, "a dry run restores nothing"
    for person in (people("waiting")[1], *people("refused")):
        mail_server.set_troubles(person, None)
    morning.standup("recover-ledger")
    ended = morning.wait_for_runs([f"{key}:{DAY}" for key in KEYS])
    assert {run.state for run in ended} == {RunState.DELIVERED}
    assert Counter(mail_server.recipients()) == Counter(person for key in KEYS for person in people(key))
    assert "nothing to restore" in morning.standup("recover-ledger")
