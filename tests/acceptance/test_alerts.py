"""Operations hear of a failing group once, of a further day once more, and of its recovery."""

from __future__ import annotations

import json
import time
from datetime import timedelta

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from worker.cli.demo.processes import python
from worker.domain.runs import Over, RunId, RunState, Step

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)
FORBIDDEN = {"kind": "forbidden"}


def furnish(installation: Installation) -> None:
    world = {"zone": ZONE, "queues": ["Q1"], "agents": 3, "workdays": ALL_WEEK, "trouble": [FORBIDDEN]}
    installation.start_sandbox({"groups": {"support": world}})
    group = {"title": "Support", "zone": ZONE, "queues": ["Q1"], "deliver": {"email": ["ana@example.com"]}}
    installation.write_groups({"support": group})


def test_a_streak_is_told_once_a_further_day_once_more_and_its_end_once(installation: Installation) -> None:
    furnish(installation)
    installation.start_worker()
    before = DAY - timedelta(days=1)
    installation.standup("run", "support", "--date", str(before))
    installation.wait_for_run(f"support:{before}")
    installation.wait_for_alerts(1)
    for _ in range(2):
        installation.standup("run", "support", "--date", str(before))
        time.sleep(0.5)
        installation.wait_for_run(f"support:{before}")
    installation.standup("run", "support", "--date", str(DAY))
    assert installation.wait_for_run(f"support:{DAY}").code == "permission_missing"
    installation.wait_for_alerts(2)
    installation.set_troubles("support")
    installation.standup("run", "support", "--date", str(before))
    installation.standup("run", "support", "--date", str(DAY))
    time.sleep(0.5)
    runs = installation.wait_for_runs([f"support:{before}", f"support:{DAY}"])
    assert {run.state for run in runs} == {RunState.DELIVERED}
    told = [alert["blocks"][0]["text"]["text"] for alert in installation.wait_for_alerts(3)]
    time.sleep(1)
    assert told == ["No briefing for Support", "No briefing for Support", "Delivered again: Support"]
    assert len(installation.alerts()) == 3
    assert "since" in json.dumps(installation.alerts()[2])
    assert "operations know: no further alert" in installation.standup("explain", f"support:{before}")


def say(installation: Installation, code: str) -> None:
    """Run a few lines in a process of the system."""
    installation.run(python("-c", code))


TELL = f"""
from tasks import alert
from worker.domain.runs import RunId, RunState
alert.tell(RunId.parse("support:{DAY}"), RunState.FAILED, "forbidden", "A permission is missing.")
"""
OUTAGE = """
from tasks import outage
from worker import wiring
parts, now = wiring.parts(), wiring.now()
assert not outage.answers(parts.settings.redis_url)
for news in ("away", "away", "back"):
    outage.report(parts, news, now)
"""


def test_without_a_broker_and_a_mail_server_the_process_tells_operations_itself(installation: Installation) -> None:
    furnish(installation)
    installation.configure(REDIS_URL="redis://127.0.0.1:1/0", SMTP__PORT="1")
    say(installation, TELL)
    (told,) = installation.alerts()
    assert told["blocks"][0]["text"]["text"] == "No briefing for support"
    assert f"standup run support --date {DAY}" in json.dumps(told)
    assert f"support:{DAY}" in json.dumps(told)


def test_a_redis_that_is_away_is_told_by_one_worker_and_so_is_its_return(installation: Installation) -> None:
    furnish(installation)
    installation.configure(REDIS_URL="redis://127.0.0.1:1/0")
    say(installation, OUTAGE)
    headings = [alert["blocks"][0]["text"]["text"] for alert in installation.alerts()]
    assert headings == ["Redis does not answer", "Redis answers again"]


def test_an_alert_that_nobody_takes_is_a_line_in_the_alerts_file(installation: Installation) -> None:
    furnish(installation)
    file = installation.folder / "out" / "alerts.jsonl"
    installation.configure(
        REDIS_URL="redis://127.0.0.1:1/0", ALERTS__WEBHOOK_URL="http://127.0.0.1:1/x", ALERTS_FILE=str(file)
    )
    say(installation, TELL)
    (line,) = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert (line["run_id"], line["code"]) == (f"support:{DAY}", "forbidden")
    assert line["rerun_command"] == f"standup run support --date {DAY}"
    assert "no answer" in line["not_delivered"]


def test_an_ending_that_a_killed_worker_told_nobody_is_told_by_another(installation: Installation) -> None:
    furnish(installation)
    runs, redis = installation.parts.runs, installation.parts.redis
    failed, missed = RunId.parse(f"support:{DAY - timedelta(days=7)}"), RunId.parse(f"support:{DAY}")
    runs.claim(failed, "operator")
    runs.enter(failed, Step.HOLIDAY_CHECK, "killed")
    runs.settle(failed, Step.HOLIDAY_CHECK, "killed", Over(RunState.FAILED, "failed", {"code": "unexpected"}))
    runs.claim(missed, "beat", state=RunState.MISSED, code="missed")
    a_while_ago = int((time.time() - 120) * 1000)
    redis.hset(f"standup:run:{failed}", "finished_ms", a_while_ago)
    redis.hset(f"standup:run:{missed}", "created_ms", a_while_ago)
    installation.start_worker()
    installation.celery("-A", "worker", "call", "briefing.holiday_check", f'--args=["{failed}"]')  # as the broker does
    installation.wait_for_alerts(1)
    installation.celery("-A", "worker", "call", "briefing.start_due")
    installation.celery("-A", "worker", "call", "briefing.start_due")
    told = [json.dumps(each) for each in installation.wait_for_alerts(2)]
    time.sleep(1)
    assert len(installation.alerts()) == 2
    assert str(failed) in told[0]
    assert str(missed) in told[1]
