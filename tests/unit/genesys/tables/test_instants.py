"""Date-times as exports write them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from worker.genesys.tables import instants


def test_a_time_without_an_offset_is_local_and_a_repeat_is_one_hour_later() -> None:
    zone = ZoneInfo("America/New_York")
    assert instants.instant("2026-11-01 01:30", zone) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert instants.second_reading("2026-11-01 01:30", zone) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert instants.instant("2026-11-01T01:30:00+05:30", zone) == datetime(2026, 10, 31, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("11/16/26 09:00 AM", 14),
        ("11/16/26 9:00 AM", 14),
        ("11/16/2026, 9:00:00 am", 14),
        ("11/16/26 12:00 AM", 5),
        ("11/16/26 12:30 PM", 17),
        ("11/16/26 13:00", 18),
    ],
)
def test_a_time_may_be_written_as_in_the_united_states(text: str, hour: int) -> None:
    instant = instants.instant(text, ZoneInfo("America/New_York"))
    assert (instant.date().isoformat(), instant.hour) == ("2026-11-16", hour)


@pytest.mark.parametrize(
    "text", ["16/11/26 09:00", "11/16/26 13:00 PM", "11/16/26 0:30 AM", "11/16/26", "11/16/26 24:00", "46342.375"]
)
def test_a_text_that_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        instants.instant(text, ZoneInfo("UTC"))
