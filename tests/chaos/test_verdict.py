"""The verdict sees each thing that must not happen, and nothing else."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from tests.acceptance.installation import DAY
from tests.chaos.faults import REPORTED, Fault, Kind
from tests.chaos.injecting import Injection
from tests.chaos.outages import REPORTS, AlertReading
from tests.chaos.reading import DeliveryReading, MorningReading, RunReading, Silence, alerted_run_ids
from tests.chaos.report import summary, table
from tests.chaos.verdict import FATAL, OutageReading, judge
from tests.chaos.waits import Wait
from worker.alerts import headings
from worker.domain.runs import RunId

SENT = DeliveryReading("email", "ana@example.com", 1, "sent")
GOOD = RunReading("group-000:2026-11-20", "delivered", "", False, (SENT, SENT))
LONG = Fault("kill_redis", 2.0, REPORTED["kill_redis"][0])


def injection(fault: Fault = LONG, began_at: float = 1.0) -> Injection:
    return Injection(fault, None, [], threading.Event(), began_at)  # type: ignore[arg-type]


def wait(seconds: float, redis_away: float = 0.0) -> Wait:
    return Wait("group-000:2026-11-20", "poll", seconds, seconds, 0.0, 0.0, 1, redis_away, ())


def reading(*runs: RunReading, **values: Any) -> MorningReading:
    return replace(MorningReading(1, runs, (), (), load=(4.0, 9.0)), **values)


def counts(*runs: RunReading, **values: Any) -> dict[str, int]:
    verdict = judge([reading(*runs, **values)])
    return {name: verdict.count(name) for name in FATAL if verdict.count(name)}


def run(state: str, *deliveries: DeliveryReading, code: str = "", is_alerted: bool = True) -> RunReading:
    return RunReading("group-000:2026-11-20", state, code, is_alerted, (SENT, *deliveries))


def delivery(state: str, arrived: int) -> DeliveryReading:
    return replace(SENT, state=state, arrived=arrived)


def test_a_good_morning_has_no_problem() -> None:
    assert counts(GOOD) == {}


@pytest.mark.parametrize(
    ("state", "arrived", "expected"),
    [
        ("sent", 2, {"twice": 1}),
        ("unknown", 2, {"twice": 1}),
        ("sent", 0, {"lost": 1, "wrong_status": 1}),
        ("refused", 1, {"wrong_status": 1}),
        ("refused", 0, {"lost": 1}),
        ("", 0, {"lost": 1}),
        ("unknown", 0, {}),
        ("unknown", 1, {}),
    ],
)
def test_each_state_of_a_delivery_is_compared_with_what_arrived(
    state: str, arrived: int, expected: dict[str, int]
) -> None:
    assert counts(run("partly_delivered", delivery(state, arrived))) == expected


@pytest.mark.parametrize("state", ["open", ""])
def test_a_run_that_never_ends_has_a_wrong_status_and_is_lost(state: str) -> None:
    assert counts(run(state, delivery("planned", 0))) == {"wrong_status": 1, "lost": 1}


def test_a_delivered_run_with_an_unknown_delivery_has_a_wrong_status() -> None:
    assert counts(run("delivered", delivery("unknown", 1))) == {"wrong_status": 1}


def test_a_failed_run_without_an_alert_is_untold() -> None:
    assert counts(run("failed", is_alerted=False)) == {"untold": 1}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("step_never_ended", "kill_worker"),
        ("source_unavailable", "platform_away"),
        ("store_unavailable", "full_disk"),
        ("render_process_died", "kill_render_process"),
    ],
)
def test_a_run_may_fail_after_three_attempts_if_the_morning_has_the_cause(code: str, kind: Kind) -> None:
    failed = run("failed", delivery("", 0), code=code)
    cause, other_cause = injection(Fault(kind, 2.0)), injection(Fault("kill_beat", 2.0))
    assert counts(failed, injections=(cause,)) == {}
    assert counts(failed, injections=(other_cause,)) == {"lost": 1}
    assert judge([reading(failed, injections=(cause,))]).given_up == 1
    assert counts(replace(failed, code="export_failed"), injections=(cause,)) == {"lost": 1}


def alerts(*instants: tuple[str, float]) -> tuple[AlertReading, ...]:
    return tuple(AlertReading(*instant) for instant in instants)


def test_a_long_outage_without_its_alerts_is_untold() -> None:
    happened = injection()
    assert counts(GOOD, injections=(happened,)) == {"untold": 2}
    assert counts(GOOD, injections=(happened,), alerts=alerts((headings.REDIS_AWAY, 50.0))) == {"untold": 1}
    both_alerts = alerts((headings.REDIS_AWAY, 50.0), (headings.REDIS_BACK, 90.0))
    assert counts(GOOD, injections=(happened,), alerts=both_alerts) == {}
    assert counts(GOOD, injections=(injection(began_at=0.0),)) == {}, "its moment did not come"
    short = injection(replace(LONG, seconds=5.0))
    assert counts(GOOD, injections=(short,)) == {}


def test_every_outage_of_which_operations_must_hear_has_its_alert() -> None:
    assert REPORTS.keys() == REPORTED.keys()


def test_an_alert_that_comes_after_a_minute_is_untold() -> None:
    late = alerts((headings.REDIS_AWAY, 61.5), (headings.REDIS_BACK, 90.0))
    assert counts(GOOD, injections=(injection(began_at=1.0),), alerts=late) == {"untold": 1}


def test_an_alert_of_before_the_outage_does_not_report_it() -> None:
    earlier = alerts((headings.REDIS_AWAY, 50.0), (headings.REDIS_BACK, 90.0))
    assert counts(GOOD, injections=(injection(began_at=100.0),), alerts=earlier) == {"untold": 2}


def test_the_verdict_says_how_soon_operations_heard_of_each_outage() -> None:
    heard = reading(GOOD, injections=(injection(began_at=1.0),), alerts=alerts((headings.REDIS_AWAY, 42.26)))
    unheard = reading(GOOD, injections=(injection(), injection(Fault("kill_beat", 2.0))))
    assert judge([heard, unheard]).outages == (OutageReading("kill_redis", 41.3), OutageReading("kill_redis", None))


def test_unknown_deliveries_are_counted_with_and_without_an_alert() -> None:
    silent = run("partly_delivered", delivery("unknown", 1), is_alerted=False)
    verdict = judge([reading(run("partly_delivered", delivery("unknown", 1)), silent)])
    assert (verdict.unknown, verdict.unknown_alerted) == (2, 1)
    assert verdict.count("untold") == 1


def test_the_times_to_resume_are_those_of_all_mornings() -> None:
    first, second = reading(GOOD, waits=(wait(10.0), wait(20.0))), reading(GOOD, waits=(wait(90.0, 60.0),))
    verdict = judge([first, second])
    assert verdict.resume == {"p50": 20.0, "p99": 88.6, "max": 90.0}
    assert verdict.resume_with_redis == {"p50": 20.0, "p99": 29.8, "max": 30.0}
    assert [slow.seconds for slow in verdict.slowest(2)] == [90.0, 20.0]
    assert judge([reading(GOOD)]).resume == {}


def test_the_summary_and_the_table_have_every_count() -> None:
    verdict = judge([reading(run("partly_delivered", delivery("sent", 2)), injections=(injection(),))])
    document = summary(9, verdict)
    assert document["faults"] == {"kill_redis": 1}
    assert (document["seed"], document["runs"], document["twice"], document["untold"]) == (9, 1, 1, 2)
    assert {*FATAL, "unknown", "unknown_alerted", "resume_seconds", "slowest_resumptions"} <= document.keys()
    assert document["load"] == {"mean": 6.5, "max": 9.0}
    lines = table(9, verdict).splitlines()
    assert any(line.split() == ["twice", "1"] for line in lines)


def test_the_longest_silences_come_first() -> None:
    short, long = (replace(GOOD, silence=Silence(seconds, "a … b")) for seconds in (20.0, 90.0))
    verdict = judge([reading(short, long)])
    assert [silence.seconds for silence in verdict.longest_silences(2)] == [90.0, 20.0]


def test_groups_that_a_collected_alert_names_are_told() -> None:
    first = {
        "run_id": str(RunId("group-001", DAY)),
        "heading": "No briefing for group-001",
        "sentence": "As group-009.",
    }
    collected = {
        "run_id": "",
        "heading": "The same cause: 2 more groups",
        "sentence": "Stopped also group-002, group-003. No",
    }
    keys = ("group-001", "group-002", "group-003")
    assert alerted_run_ids([first, collected]) - {""} == {str(RunId(key, DAY)) for key in keys}
