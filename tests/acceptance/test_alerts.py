"""Operations hear of a failing group once, of a further day once more, and of its recovery."""

from __future__ import annotations

import json
import time
from datetime import timedelta

from tests.acceptance.house import ALL_WEEK, House, awake_zone, yesterday
from worker.cli.demo.processes import python
from worker.domain.runs import Over, RunId, RunState, Step

ZONE = awake_zone()
DAY = yesterday(ZONE)
FORBIDDEN = {"kind": "forbidden"}


def furnish(house: House) -> None:
    world = {"zone": ZONE, "queues": ["Q1"], "agents": 3, "workdays": ALL_WEEK, "trouble": [FORBIDDEN]}
    house.sandbox({"groups": {"support": world}})
    group = {"title": "Support", "zone": ZONE, "queues": ["Q1"], "deliver": {"email": ["ana@example.com"]}}
    house.groups({"support": group})


def test_a_streak_is_told_once_a_further_day_once_more_and_its_end_once(house: House) -> None:
    furnish(house)
    house.worker()
    before = DAY - timedelta(days=1)
    house.shell("run", "support", "--date", str(before))
    house.wait(f"support:{before}")
    house.wait_for_alerts(1)
    for _ in range(2):
        house.shell("run", "support", "--date", str(before))
        time.sleep(0.5)
        house.wait(f"support:{before}")
    house.shell("run", "support", "--date", str(DAY))
    assert house.wait(f"support:{DAY}").code == "permission_missing"
    house.wait_for_alerts(2)
    house.trouble("support")
    house.shell("run", "support", "--date", str(before))
    house.shell("run", "support", "--date", str(DAY))
    time.sleep(0.5)
    runs = house.wait_all([f"support:{before}", f"support:{DAY}"])
    assert {run.state for run in runs} == {RunState.DELIVERED}
    told = [alert["blocks"][0]["text"]["text"] for alert in house.wait_for_alerts(3)]
    time.sleep(1)
    assert told == ["No briefing for Support", "No briefing for Support", "Delivered again: Support"]
    assert len(house.alerts()) == 3
    assert "since" in json.dumps(house.alerts()[2])
    assert "operations know: no further alert" in house.shell("explain", f"support:{before}")


def say(house: House, code: str) -> None:
    """Run a few lines in a process of the system."""
    house._run(python("-c", code), 0)


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


def test_without_a_broker_and_a_mail_server_the_process_tells_operations_itself(house: House) -> None:
    furnish(house)
    house.settings(REDIS_URL="redis://127.0.0.1:1/0", SMTP__PORT="1")
    say(house, TELL)
    (told,) = house.alerts()
    assert told["blocks"][0]["text"]["text"] == "No briefing for support"
    assert f"standup run support --date {DAY}" in json.dumps(told)
    assert f"support:{DAY}" in json.dumps(told)


def test_a_redis_that_is_away_is_told_by_one_worker_and_so_is_its_return(house: House) -> None:
    furnish(house)
    house.settings(REDIS_URL="redis://127.0.0.1:1/0")
    say(house, OUTAGE)
    headings = [alert["blocks"][0]["text"]["text"] for alert in house.alerts()]
    assert headings == ["Redis does not answer", "Redis answers again"]


def test_an_alert_that_nobody_takes_is_a_line_in_the_alerts_file(house: House) -> None:
    furnish(house)
    file = house.folder / "out" / "alerts.jsonl"
    house.settings(REDIS_URL="redis://127.0.0.1:1/0", ALERTS__WEBHOOK_URL="http://127.0.0.1:1/x", ALERTS_FILE=str(file))
    say(house, TELL)
    (line,) = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert (line["run_id"], line["code"]) == (f"support:{DAY}", "forbidden")
    assert line["rerun_command"] == f"standup run support --date {DAY}"
    assert "no answer" in line["not_delivered"]


def test_an_ending_that_a_killed_worker_told_nobody_is_told_by_another(house: House) -> None:
    furnish(house)
    runs, redis = house.parts.runs, house.parts.redis
    failed, missed = RunId.parse(f"support:{DAY - timedelta(days=7)}"), RunId.parse(f"support:{DAY}")
    runs.claim(failed, "operator")
    runs.enter(failed, Step.HOLIDAY_CHECK, "killed")
    runs.settle(failed, Step.HOLIDAY_CHECK, "killed", Over(RunState.FAILED, "failed", {"code": "unexpected"}))
    runs.claim(missed, "beat", state=RunState.MISSED, code="missed")
    a_while_ago = int((time.time() - 120) * 1000)
    redis.hset(f"standup:run:{failed}", "finished_ms", a_while_ago)
    redis.hset(f"standup:run:{missed}", "created_ms", a_while_ago)
    house.worker()
    house.celery("-A", "worker", "call", "briefing.holiday_check", f'--args=["{failed}"]')  # as the broker does
    house.wait_for_alerts(1)
    house.celery("-A", "worker", "call", "briefing.start_due")
    house.celery("-A", "worker", "call", "briefing.start_due")
    told = [json.dumps(each) for each in house.wait_for_alerts(2)]
    time.sleep(1)
    assert len(house.alerts()) == 2
    assert str(failed) in told[0]
    assert str(missed) in told[1]
