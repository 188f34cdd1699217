"""Cells as exports write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.genesys.reporting import cells


@pytest.mark.parametrize(
    ("text", "decimal_comma", "expected"),
    [
        ("12", False, 12),
        ("12.0", False, 12),
        ("12.000", False, 12),
        ("1,234", False, 1234),
        ("1,234,567", False, 1234567),
        ("1.234", True, 1234),
        ("12,0", True, 12),
        ("1 234", False, 1234),
        ("1\u202f234", False, 1234),
        ("1'234", False, 1234),
        ("1.234,00", False, 1234),
        ("1,234.00", True, 1234),
    ],
)
def test_a_count_is_read_in_the_manner_of_its_file(text: str, decimal_comma: bool, expected: int) -> None:
    assert cells.count(text, decimal_comma=decimal_comma) == expected


@pytest.mark.parametrize("text", ["-1", "1.5", "many", "nan", "inf", "1e400", "12:30", "0x10"])
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        cells.count(text, decimal_comma=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("87.5%", (87.5, True)),
        ("87,5 %", (87.5, True)),
        ("87,5\u00a0%", (87.5, True)),
        ("0.875", (0.875, False)),
        ("0,875", (0.875, False)),
        ("100", (100, False)),
    ],
)
def test_a_percentage_comes_with_whether_its_scale_is_told(text: str, expected: tuple[float, bool]) -> None:
    assert cells.percent(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90", 90), ("90.5", 90.5), ("90,5", 90.5), ("00:01:30", 90), ("1:00:00.5", 3600.5), ("25:00:00", 90000)],
)
def test_a_duration_is_seconds_or_hours_minutes_seconds(text: str, expected: float) -> None:
    assert cells.seconds(text) == expected


@pytest.mark.parametrize("text", ["-1", "1:99:00", "soon", "1:30"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        cells.seconds(text)


@pytest.mark.parametrize("text", ["", " ", "-", "N/A", "n/a", "—", "None"])
def test_an_empty_cell_says_nothing(text: str) -> None:
    assert cells.is_empty(text)


def test_a_time_without_an_offset_is_of_the_zone_and_the_second_reading_an_hour_later() -> None:
    zone = ZoneInfo("America/New_York")
    assert cells.instant("2026-11-01 01:30", zone) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert cells.second_reading("2026-11-01 01:30", zone) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert cells.instant("2026-11-01T01:30:00+05:30", zone) == datetime(2026, 10, 31, 20, tzinfo=UTC)


@given(st.text(max_size=20))
def test_no_text_does_worse_than_value_error(text: str) -> None:
    for read in (cells.number, cells.percent, cells.seconds, lambda t: cells.count(t, decimal_comma=True)):
        try:
            read(text)
        except ValueError:
            continue


@given(st.integers(0, 10**9))
def test_every_count_survives_grouping(number: int) -> None:
    assert cells.count(f"{number:,}", decimal_comma=False) == number
    assert cells.count(f"{number:,}".replace(",", "."), decimal_comma=True) == number


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
    collected_rows = cells.instant(text, ZoneInfo("America/New_York"))
    assert (collected_rows.date().isoformat(), collected_rows.hour) == ("2026-11-16", hour)


@pytest.mark.parametrize(
    "text", ["16/11/26 09:00", "11/16/26 13:00 PM", "11/16/26 0:30 AM", "11/16/26", "11/16/26 24:00"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        cells.instant(text, ZoneInfo("UTC"))


@pytest.mark.parametrize(("text", "expected"), [("1500", 1500), ("1500.25", 1500.25), ("00:01:30", 90_000)])
def test_a_duration_may_be_in_milliseconds(text: str, expected: float) -> None:
    assert cells.milliseconds(text) == expected


@pytest.mark.parametrize(
    ("text", "digits"), [("81", 0), ("81.25", 2), ("0,8125", 4), ("81.3 %", 1), ("", 0), ("1e-05", 0)]
)
def test_the_digits_behind_the_decimal_sign_are_counted(text: str, digits: int) -> None:
    assert cells.decimals(text) == digits
