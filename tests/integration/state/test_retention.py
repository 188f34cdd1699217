"""What is kept of whom, found by group and day on a real server and in a real folder, and gone when it is deleted."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from redis import Redis

from worker.domain.briefing.content import Counts
from worker.domain.briefing.history import DayFigures
from worker.domain.runs import RunId
from worker.state.ageing.retention import KINDS, Retention
from worker.state.alert_dedup import AlertDedup
from worker.state.deliveries import Deliveries
from worker.state.files.artifacts import Artifacts, of_run
from worker.state.history import History
from worker.state.runs import Runs
from worker.state.watch import Watch

DAYS = tuple(date(2026, 11, 2) + timedelta(days=offset) for offset in range(5))
GROUPS = ("support", "support-emea", "emea")
FILES = ("rows.json", "rows.json.5f3c", "parcel.json", "a.pdf", "figures.json")


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    return Artifacts(str(tmp_path / "artifacts"))


@pytest.fixture
def retention(artifacts: Artifacts, redis: Redis) -> Retention:
    """Three groups of similar names, five days, two revisions of one."""
    for group in GROUPS:
        for day in DAYS:
            live(artifacts, redis, RunId(group, day))
        live(artifacts, redis, RunId(group, DAYS[0], 2))
        AlertDedup(redis).is_news(group, "poll_timeout", DAYS[1], "x")
    artifacts.put("answers/main/1.json", json.dumps({"until": 100.0, "value": "Marta Ruiz"}).encode())
    artifacts.put("answers/main/2.json", json.dumps({"until": 300.0, "value": 1}).encode())
    artifacts.put("answers/other/1.json", b"damaged")
    return Retention(artifacts, redis)


def live(artifacts: Artifacts, redis: Redis, run_id: RunId) -> None:
    """Leave all that a run leaves."""
    for file in FILES:
        artifacts.put(of_run(run_id, file), b"x")
    Runs(redis).claim(run_id, "beat")
    Deliveries(redis).plan(run_id, [("email", "ana@example.com")])
    Watch(redis).claim(run_id)
    counts = Counts(1, 1, 0, 0, None, None)
    History(redis).record(run_id.group, run_id.reporting_day, run_id.revision, DayFigures(counts, {}, {}))


def stored_text(artifacts: Artifacts, redis: Redis) -> str:
    """All names and values, as text."""
    stored = [*artifacts.names("")]
    for key in redis.scan_iter():
        kind = redis.type(key)
        read = {
            "hash": lambda key: redis.execute_command("HGETALL", key, NEVER_DECODE=[]),
            "zset": lambda key: redis.zrange(key, 0, -1),
            "string": redis.get,
        }
        read["list"] = lambda key: redis.lrange(key, 0, -1)
        stored.append(f"{key} {read[kind](key)}")
    return "\n".join(sorted(map(str, stored)))


def test_only_a_groups_days_before_the_date_are_deleted(
    retention: Retention, artifacts: Artifacts, redis: Redis, tmp_path: Path
) -> None:
    text_before = stored_text(artifacts, redis)
    items = retention.older(dict.fromkeys(KINDS, DAYS[2]), "support")
    assert {item.kind for item in items} == {"rows", "documents", "records", "history"}
    retention.delete(items)
    text_after = stored_text(artifacts, redis)
    for day in DAYS[:2]:
        assert f"support:{day}" in text_before
        assert f"support:{day}" not in text_after.replace("emea:", "")
        assert not (tmp_path / "artifacts" / "runs" / "support" / str(day)).exists()
    assert retention.older(dict.fromkeys(KINDS, DAYS[2]), "support") == []
    assert sorted(History(redis).days("support")) == list(DAYS[2:])
    of_others = re.compile(r"runs/(support-)?emea/.*|standup:\S+:(support-)?emea:.*|standup:history:(support-)?emea .*")
    assert [line for line in text_before.splitlines() if of_others.match(line)] == [
        line for line in text_after.splitlines() if of_others.match(line)
    ]


def test_each_kind_of_record_is_deleted_at_its_own_age(retention: Retention, artifacts: Artifacts) -> None:
    retention.delete(retention.older({"rows": DAYS[4], "documents": DAYS[2], "records": DAYS[1]}))
    remaining = {str(day): set() for day in DAYS}
    for name in artifacts.names("runs/emea"):
        _, _, day, _, file = name.split("/")
        remaining[day].add(file)
    rows, documents, records = {"rows.json", "rows.json.5f3c"}, {"parcel.json", "a.pdf"}, {"figures.json"}
    assert remaining == {
        str(DAYS[0]): set(),
        str(DAYS[1]): records,
        str(DAYS[2]): documents | records,
        str(DAYS[3]): documents | records,
        str(DAYS[4]): rows | documents | records,
    }


def test_a_deleted_run_is_unknown_to_the_ledger(retention: Retention, redis: Redis) -> None:
    retention.delete(retention.older({"records": DAYS[4]}, "emea"))
    runs = Runs(redis)
    assert runs.get(RunId("emea", DAYS[0], 2)) is None
    assert [run.id.reporting_day for run in runs.newest() if run.id.group == "emea"] == [DAYS[4]]
    assert Deliveries(redis).records(RunId("emea", DAYS[3])) == []
    assert AlertDedup(redis).streak("emea") is None
    assert AlertDedup(redis).streak("support") is not None


def test_answers_go_when_their_lifetime_has_ended_or_with_their_organisation(retention: Retention) -> None:
    assert [str(item) for item in retention.answers(None, ended_before=200.0)] == [
        "answers/main/1.json",
        "answers/other/1.json",
    ]
    retention.delete(retention.answers("main"))
    assert [str(item) for item in retention.answers(None)] == ["answers/other/1.json"]


def test_deleting_a_deleted_run_is_no_error(retention: Retention) -> None:
    items = retention.older(dict.fromkeys(KINDS, DAYS[4]))
    retention.delete(items)
    retention.delete(items)
