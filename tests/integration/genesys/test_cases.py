"""The same day of the same organisation, asked of each source: the same counts, the same readings.

Each file in ``cases`` is a group of the sandbox and a day. What the sources can say differs a little, and only so:
files have averages and whole seconds where queries have milliseconds, and reports know agents by name alone.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
import tomli_w
from pydantic import SecretStr

from tests.integration.genesys.conftest import CountedPermits, session_with
from tests.integration.genesys.test_against_the_sandbox import HALF_HOURS, PEOPLE, collected, definition
from tests.sandbox_program import running_sandbox
from tests.waiting import HANG_SECONDS
from worker.domain.briefing.counts import counts
from worker.domain.metrics import Metric, ratio_of
from worker.domain.rows import Rows, Window
from worker.genesys.api.organisation import Organisation
from worker.genesys.exports.source import ExportsSource
from worker.genesys.queries.source import QueriesSource
from worker.genesys.reporting.source import ReportingSource
from worker.genesys.source import Order

CASES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in Path(__file__).parent.glob("cases/*.toml")}
SOURCES = {"queries": QueriesSource, "exports": ExportsSource, "reporting": ReportingSource}
AVERAGE_MS = {"queries": 0.0, "exports": 1.0, "reporting": 10.0}
"""How far an average may be off: exports round to milliseconds, reports to hundredths of a second."""


class ShortMemory:
    """Keeps look-ups, and forgets at once what is only kept between two looks."""

    def __init__(self) -> None:
        self._stored: dict[str, str] = {}

    def get(self, key: str) -> object | None:
        """The kept value."""
        return json.loads(self._stored.get(key, "null"))

    def put(self, key: str, value: object, lifetime_seconds: float) -> None:
        """Keep what lives longer than a poll."""
        self._stored[key] = json.dumps(value if lifetime_seconds > 60 else None)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One organisation with the groups of all cases."""
    folder = tmp_path_factory.mktemp("cases")
    groups = {key: {**case["group"], "report_id": key} for key, case in CASES.items()}
    scenario: dict[str, Any] = {
        "seed": 11,
        "job_seconds": 0.1,
        "quota": {"per_minute": 100_000},
        "clients": [{"id": "client-1", "secret": "s3cret-never-shown"}],
        "groups": groups,
    }
    with running_sandbox(tomli_w.dumps(scenario), folder) as address:
        yield address


@pytest.fixture(scope="module")
def results(sandbox: str) -> Mapping[str, Mapping[str, Rows]]:
    """What each source tells of each case."""
    organisation = Organisation("main", sandbox, sandbox, "client-1", SecretStr("s3cret-never-shown"))
    units = {
        key: group["managementUnit"]
        for key, group in requests.get(f"{sandbox}/_sandbox/state", timeout=HANG_SECONDS).json()["groups"].items()
    }
    session = session_with(organisation, CountedPermits())
    memory = ShortMemory()
    return {
        name: {key: collected(source(session, memory, _long_after), _order(key, units[key])) for key in CASES}
        for name, source in SOURCES.items()
    }


def _long_after() -> datetime:
    return datetime(2027, 1, 1, tzinfo=UTC)


def _window(case: Mapping[str, Any]) -> Window:
    zone = ZoneInfo(case["group"]["zone"])
    start = datetime.combine(case["day"], time(), zone)
    return Window(start, datetime.combine(case["day"] + timedelta(days=1), time(), zone))


def _order(key: str, unit: str | None) -> Order:
    case = CASES[key]
    queues = tuple(queue if isinstance(queue, str) else queue["name"] for queue in case["group"]["queues"])
    filters = [{"metric": "queueName", "type": "equals", "value": queue} for queue in queues]
    definitions = [definition(*columns, reportId=key, filters=filters) for columns in (HALF_HOURS, PEOPLE)]
    return Order(
        name=f"standup-{key}-r1",
        window=_window(case),
        zone=case["group"]["zone"],
        queues=queues,
        media=("voice", "chat"),
        management_units=(unit,) if unit else (),
        report=json.dumps(definitions),
        report_path="cases.json",
    )


@pytest.mark.parametrize("key", CASES)
def test_a_case_is_about_a_day_of_the_hours_it_says(key: str) -> None:
    window = _window(CASES[key])
    hours = (window.end.astimezone(UTC) - window.start.astimezone(UTC)) / timedelta(hours=1)
    assert hours == CASES[key]["hours"]


@pytest.mark.parametrize("key", CASES)
@pytest.mark.parametrize("source", SOURCES)
def test_every_source_gives_the_same_counts_by_queue_medium_and_half_hour(
    results: Mapping[str, Mapping[str, Rows]], source: str, key: str
) -> None:
    assert _half_hours(results[source][key]) == _half_hours(results["queries"][key])


def _half_hours(rows: Rows) -> dict[object, tuple[int | None, ...]]:
    """Half-hours in which something happened."""
    collected_rows = {
        (row.queue_id, row.media_type, row.start): (
            row.offered,
            row.answered,
            row.abandoned,
            row.handled,
            row.answered_late,
            row.service_level_numerator or 0,
            row.service_level_denominator or 0,
        )
        for row in rows.intervals
    }
    return {place: figures for place, figures in collected_rows.items() if any(figures)}


@pytest.mark.parametrize("key", CASES)
@pytest.mark.parametrize("source", SOURCES)
def test_every_source_gives_the_same_day(results: Mapping[str, Mapping[str, Rows]], source: str, key: str) -> None:
    rows, first = (
        counts(results[source][key].intervals),
        counts(results["queries"][key].intervals),
    )
    if CASES[key].get("quiet"):
        assert not rows.offered
        return
    assert rows.offered
    assert (rows.offered, rows.answered, rows.abandoned, rows.late) == (
        first.offered,
        first.answered,
        first.abandoned,
        first.late,
    )
    assert rows.average_handle_ms == pytest.approx(first.average_handle_ms, abs=AVERAGE_MS[source])
    assert rows.average_answer_ms == pytest.approx(first.average_answer_ms, abs=AVERAGE_MS[source])


@pytest.mark.parametrize("key", CASES)
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("metric", Metric)
def test_every_source_gives_the_same_readings(
    results: Mapping[str, Mapping[str, Rows]], source: str, key: str, metric: Metric
) -> None:
    rows, first = (
        ratio_of(metric, results[source][key]),
        ratio_of(metric, results["queries"][key]),
    )
    is_known = not CASES[key].get("quiet") and metric not in CASES[key].get("unknown", ())
    assert (first is not None) == is_known
    if is_known:
        assert rows
        assert first
        assert rows.value == pytest.approx(first.value, abs=1e-4 if metric is Metric.OCCUPANCY else 1e-9)
    else:
        assert rows is None


@pytest.mark.parametrize("key", CASES)
@pytest.mark.parametrize("source", SOURCES)
def test_every_source_says_what_it_lacks_and_nothing_else(
    results: Mapping[str, Mapping[str, Rows]], source: str, key: str
) -> None:
    missing_fields = {gap.metric for gap in results[source][key].gaps}
    if source == "reporting":
        missing_fields.discard(None)
        assert missing_fields == set()
    else:
        assert missing_fields == set(CASES[key].get("unknown", ()))


@pytest.mark.parametrize("key", CASES)
@pytest.mark.parametrize("source", SOURCES)
def test_every_source_knows_the_same_agents(results: Mapping[str, Mapping[str, Rows]], source: str, key: str) -> None:
    def agents(rows: Rows) -> dict[str, tuple[int, int | None]]:
        return {
            day.name: (round((day.idle_ms or 0) / 1000), day.scheduled_seconds)
            for day in rows.agents
            if day.idle_ms or day.interacting_ms
        }

    rows, first = agents(results[source][key]), agents(results["queries"][key])
    assert rows.keys() == first.keys()
    for name, (idle, scheduled) in first.items():
        assert rows[name] == (pytest.approx(idle, abs=1), scheduled)
