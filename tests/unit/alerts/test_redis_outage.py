"""An outage of Redis is reported once if it lasts, and its end only if it was reported."""

from __future__ import annotations

import pytest

from worker.alerts.redis_outage import AWAY_SECONDS, LOOK_SECONDS, PROBE_SECONDS, Fault, Outage, servers_of
from worker.state.files.artifacts import Artifacts, OutageMark


@pytest.mark.parametrize(
    ("looks", "news"),
    [
        ("++++++", ["", "", "", "", "", ""]),
        ("+----+", ["", "", "", "", "", ""]),
        ("-----+", ["", "", "", "", "out", "back"]),
        ("------++", ["", "", "", "", "out", "", "back", ""]),
        ("-+-+-+-+-+", [""] * 10),
        ("-----+-----+", ["", "", "", "", "out", "back", "", "", "", "", "out", "back"]),
    ],
)
def test_an_outage_is_reported_once_if_it_lasts(looks: str, news: list[str]) -> None:
    outage, heard = Outage(), []
    for number, look in enumerate(looks):
        heard.append(outage.look(None if look == "+" else Fault("away"), LOOK_SECONDS * number))
        if heard[-1] == "back":
            outage.reported = None
    assert heard == news


def test_an_outage_of_a_server_that_hangs_is_reported_within_a_minute() -> None:
    """It may begin just after a look, and each look then takes its whole time-out."""
    pause = LOOK_SECONDS + PROBE_SECONDS
    outage, seconds = Outage(), pause
    while not outage.look(Fault("away"), seconds):
        seconds += pause
    assert seconds <= 60
    assert AWAY_SECONDS < 60


def test_an_outage_that_was_reported_before_the_worker_started_ends_with_news() -> None:
    outage = Outage(Fault("away"))
    assert outage.look(Fault("away"), 0) == ""
    assert outage.look(None, 10) == "back"


@pytest.mark.parametrize(
    ("broker_url", "roles"),
    [
        ("redis://one:6379/1", ["redis"]),
        ("redis://one/1", ["redis"]),
        ("redis://two:6379/0", ["redis", "broker"]),
        ("redis://one:6380/0", ["redis", "broker"]),
    ],
)
def test_a_broker_on_the_same_server_is_not_watched_twice(broker_url: str, roles: list[str], tmp_path: object) -> None:
    servers = servers_of("redis://one:6379/0", broker_url, lambda role: OutageMark(Artifacts(str(tmp_path)), role))
    assert [server.role for server in servers] == roles
