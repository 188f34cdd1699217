"""Redis away is told once it lasts, and its end only if it was told."""

from __future__ import annotations

import pytest

from worker.alerts.redis_outage import Outage


@pytest.mark.parametrize(
    ("looks", "news"),
    [
        ("++++++", ["", "", "", "", "", ""]),
        ("+----+", ["", "", "", "", "", ""]),
        ("-----+", ["", "", "", "", "away", "back"]),
        ("------++", ["", "", "", "", "away", "", "back", ""]),
        ("-+-+-+-+-+", [""] * 10),
        ("-----+-----+", ["", "", "", "", "away", "back", "", "", "", "", "away", "back"]),
    ],
)
def test_an_outage_is_reported_once_after_a_minute(looks: str, news: list[str]) -> None:
    outage = Outage()
    assert [outage.look(look == "+", 15.0 * number) for number, look in enumerate(looks)] == news
