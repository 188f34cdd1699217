"""Times, zones and lengths of time on the board."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.unit.http.board.conftest import berlin
from worker.http.board.times import Viewer, place

NOW = berlin("08:12")


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Europe/Berlin", "Berlin"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires"),
        ("Etc/UTC", "UTC"),
        ("UTC", "UTC"),
        ("Etc/GMT+5", "UTC-05:00"),
        ("CET", "UTC+01:00"),
    ],
)
def test_a_zone_is_called_by_its_city_or_by_its_distance_from_utc(zone: str, text: str) -> None:
    assert place(ZoneInfo(zone), NOW) == text


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (NOW - timedelta(seconds=29), "now"),
        (NOW + timedelta(minutes=59), "in 59 min"),
        (NOW + timedelta(minutes=78), "in 1 h 18"),
        (NOW - timedelta(hours=5), "5 h ago"),
        (NOW - timedelta(days=3), "3 days ago"),
    ],
)
def test_distances_are_said_as_people_say_them(instant: datetime, text: str) -> None:
    assert Viewer(NOW, ZoneInfo("America/New_York")).distance(instant) == text
