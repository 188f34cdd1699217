"""Operations hear once of a failing group, once more on each further day, and once of its recovery."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

from redis import Redis

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from worker.celery import WAITING_QUEUE
from worker.cli.demo.processes import python
from worker.domain.runs import Finished, RunId, RunState, Step

FORBIDDEN = {"kind": "forbidden"}


def prepare(installation: Installation) -> None:
    installation.start_sandbox({"groups": {"support": sandbox_group("Q1", trouble=[FORBIDDEN])}})
    installation.write_groups({"support": group("Support", "Q1")})


def headings(alerts: list[dict[str, Any]]) -> list[str]:
    return [alert["blocks"][0]["text"]["text"] for alert in alerts]


def test_operations_get_one_alert_per_failing_day_and_one_for_the_recovery(installation: Installation) -> None:
    prepare(installation)
    installation.start_worker()
    first_day = DAY - timedelta(days=1)
    for _ in range(3):
        run_until_idle(installation, f"support:{first_day}")
    assert run_until_idle(installation, f"support:{DAY}") == "permission_missing"
    installation.set_troubles("support")
    for day in (first_day, DAY):
        installation.standup("run", "support", "--date", str(day))
    runs = installation.wait_for_runs([f"support:{first_day}", f"support:{DAY}"])
    assert {run.state for run in runs} == {RunState.DELIVERED}
    installation.wait_until_idle()
    assert headings(installation.alerts()) == [
        "No briefing for Support",
        "No briefing for Support",
        "Delivered again: Support",
    ]
    assert "since" in json.dumps(installation.alerts()[2])
    assert "operations know: no further alert" in installation.standup("explain", f"support:{first_day}")


def run_until_idle(installation: Installation, run_id: str) -> str:
    """Run or resume a group's day until no task is left; return the code of the error that ended it."""
    group_key, _, day = run_id.partition(":")
    installation.standup("run", group_key, "--date", day)
    run = installation.wait_for_run(run_id)
    installation.wait_until_idle()
    return run.code


def run_code(installation: Installation, code: str) -> None:
    """Run a few lines in a process of the system."""
    installation.run(python("-c", code))


TELL = f"""
from worker.domain.runs import RunId, RunState
from worker.wiring import alerts
alerts.run_alerts().report(RunId.parse("support:{DAY}"), RunState.FAILED, "forbidden", "A permission is missing.")
"""
OUTAGE = """
from dataclasses import replace
from worker.alerts.redis_outage import AWAY_SECONDS, Outage
from worker.wiring import alerts
watch = alerts.redis_watch()
[server] = watch.servers
assert server.probe().kind == "away"
outages = [Outage(), Outage()]  # of two workers
for probed, now in ((server, 0), (server, AWAY_SECONDS), (replace(server, probe=lambda: None), AWAY_SECONDS)):
    for outage in outages:
        watch.look(probed, outage, now)
"""


def test_without_broker_and_mail_server_the_process_sends_the_alert(installation: Installation) -> None:
    prepare(installation)
    installation.configure(REDIS_URL="redis://127.0.0.1:1/0", SMTP__PORT="1")
    run_code(installation, TELL)
    (alert,) = installation.alerts()
    assert headings([alert]) == ["No briefing for support"]
    assert f"standup run support --date {DAY}" in json.dumps(alert)
    assert f"support:{DAY}" in json.dumps(alert)


def test_one_worker_reports_that_redis_is_down_and_that_it_is_back(installation: Installation) -> None:
    prepare(installation)
    installation.configure(REDIS_URL="redis://127.0.0.1:1/0")
    run_code(installation, OUTAGE)
    assert headings(installation.alerts()) == ["Redis does not answer", "Redis answers again"]


def test_an_alert_that_cannot_be_sent_is_a_line_in_the_alerts_file(installation: Installation) -> None:
    prepare(installation)
    file = installation.folder / "out" / "alerts.jsonl"
    no_redis, no_webhook = "redis://127.0.0.1:1/0", "http://127.0.0.1:1/x"
    installation.configure(REDIS_URL=no_redis, ALERTS__WEBHOOK_URL=no_webhook, ALERTS_FILE=str(file))
    run_code(installation, TELL)
    (line,) = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert (line["run_id"], line["code"]) == (f"support:{DAY}", "forbidden")
    assert line["rerun_command"] == f"standup run support --date {DAY}"
    assert "no answer" in line["not_delivered"]


def test_another_worker_sends_the_alert_that_a_killed_one_did_not(installation: Installation) -> None:
    prepare(installation)
    runs, redis = installation.runs, installation.redis
    failed, missed = RunId.parse(f"support:{DAY - timedelta(days=7)}"), RunId.parse(f"support:{DAY}")
    runs.claim(failed, "operator")
    runs.enter(failed, Step.HOLIDAY_CHECK, "killed")
    runs.settle(failed, Step.HOLIDAY_CHECK, "killed", Finished(RunState.FAILED, "failed", {"code": "unexpected"}))
    runs.claim(missed, "beat", state=RunState.MISSED, code="missed")
    two_minutes_ago = int((time.time() - 120) * 1000)
    redis.hset(f"standup:run:{failed}", "finished_ms", two_minutes_ago)
    redis.hset(f"standup:run:{missed}", "created_ms", two_minutes_ago)
    installation.start_worker()
    installation.celery("-A", "worker", "call", "briefing.holiday_check", f'--args=["{failed}"]')  # as the broker does
    installation.wait_until_idle()
    installation.celery("-A", "worker", "call", "briefing.start_due")
    installation.celery("-A", "worker", "call", "briefing.start_due")
    installation.wait_until_idle()
    alerts = [json.dumps(alert) for alert in installation.alerts()]
    assert len(alerts) == 2
    assert str(failed) in alerts[0]
    assert str(missed) in alerts[1]


RETRIED = f"""
from celery.exceptions import Retry
from tasks.alert import alert
alert.push_request(id="lost", args=["support:{DAY}"], called_directly=False, delivery_info={{}})
try:
    alert.run("support:{DAY}")
except Retry:
    pass
else:
    raise SystemExit("not tried again")
"""


def test_an_alert_is_tried_again_while_the_ledger_is_away(installation: Installation) -> None:
    prepare(installation)
    installation.configure(REDIS_URL="redis://127.0.0.1:9/0", BROKER_URL=installation.broker_url)
    run_code(installation, RETRIED)
    with Redis.from_url(installation.broker_url) as broker:
        (element,) = broker.lrange(WAITING_QUEUE, 0, -1)
    headers = json.loads(element)["headers"]
    assert (headers["id"], headers["task"], headers["retries"]) == ("lost", "briefing.alert", 1)
