from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from worker.domain.calendar.holidays import Schedule, last_business_day, schedule_holiday_on
from worker.errors import CalendarUnavailable


def _schedule(start: str, end: str, rrule: str | None = None, name: str = "Closed") -> Schedule:
    return Schedule(name, datetime.fromisoformat(start), datetime.fromisoformat(end), rrule)


def _is_holiday(day: str, *schedules: Schedule) -> bool:
    return schedule_holiday_on(date.fromisoformat(day), schedules) is not None


XMAS = ("2020-12-25T00:00:00", "2020-12-26T00:00:00")


@pytest.mark.parametrize("end", ["2026-12-26T00:00:00", "2026-12-25T23:59:59", "2026-12-25T23:59:00"])
def test_an_all_day_closure_is_a_holiday_however_its_end_is_written(end: str) -> None:
    closed = _schedule("2026-12-25T00:00:00", end)
    assert schedule_holiday_on(date(2026, 12, 25), [closed]) == "Closed"
    assert not _is_holiday("2026-12-24", closed)
    assert not _is_holiday("2026-12-26", closed)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("00:00:00", "12:00:00", True),  # exactly half
        ("00:00:00", "11:58:00", False),
        ("12:00:00", "23:59:59", True),  # half, whose end is written as the last second: trap 23:59
        ("12:00:00", "23:59:00", True),
        ("13:00:00", "23:59:59", False),
        ("09:00:00", "10:00:00", False),
    ],
)
def test_a_closure_of_at_least_half_the_day_is_a_holiday(start: str, end: str, expected: bool) -> None:
    assert _is_holiday("2026-12-24", _schedule(f"2026-12-24T{start}", f"2026-12-24T{end}")) is expected


def test_trap_23_59_is_the_end_of_the_day_also_for_a_closure_from_noon() -> None:
    by_midnight = _schedule("2026-12-24T12:00:00", "2026-12-25T00:00:00")
    by_23_59 = _schedule("2026-12-24T12:00:00", "2026-12-24T23:59:00")
    assert _is_holiday("2026-12-24", by_midnight) == _is_holiday("2026-12-24", by_23_59)


@pytest.mark.parametrize(
    ("rrule", "holidays", "workdays"),
    [
        ("FREQ=YEARLY;INTERVAL=1", ["2020-12-25", "2026-12-25"], ["2019-12-25", "2026-12-26"]),
        ("RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", ["2026-12-25"], ["2026-11-25"]),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", ["2026-11-26", "2027-11-25"], ["2026-11-19"]),
        ("FREQ=YEARLY;UNTIL=20221231T000000", ["2022-12-25"], ["2023-12-25"]),
        ("FREQ=YEARLY;UNTIL=20221225", ["2022-12-25"], ["2023-12-25"]),
        ("FREQ=YEARLY;COUNT=2", ["2021-12-25"], ["2022-12-25"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["2026-10-30"], ["2026-10-23"]),
        ("FREQ=WEEKLY;BYDAY=MO", ["2026-11-23"], ["2026-11-24"]),
    ],
)
def test_a_schedule_repeats_by_its_rule(rrule: str, holidays: list[str], workdays: list[str]) -> None:
    schedule = _schedule(*XMAS, rrule)
    assert [day for day in holidays if not _is_holiday(day, schedule)] == []
    assert [day for day in workdays if _is_holiday(day, schedule)] == []


def test_the_first_occurrence_counts_even_where_the_rule_does_not_fall_on_it() -> None:
    assert _is_holiday("2020-12-25", _schedule(*XMAS, "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1"))


def test_later_occurrences_keep_the_length_of_the_first() -> None:
    break_of_three_days = _schedule("2020-12-24T00:00:00", "2020-12-26T23:59:59", "FREQ=YEARLY")
    assert [day for day in range(22, 30) if _is_holiday(f"2026-12-{day}", break_of_three_days)] == [24, 25, 26]


@pytest.mark.parametrize(
    ("zone", "end_of_rule", "last_year"),
    [
        ("Europe/Berlin", "20221224T230000Z", 2022),  # 25 December, 00:00 in Berlin
        ("Europe/Berlin", "20221224T225959Z", 2021),
        ("America/New_York", "20221225T045959Z", 2021),  # one second before 25 December in New York
    ],
)
def test_an_until_in_utc_is_read_in_the_zone_of_the_calendar(zone: str, end_of_rule: str, last_year: int) -> None:
    schedule = _schedule(*XMAS, f"FREQ=YEARLY;UNTIL={end_of_rule}")
    years = [
        year
        for year in range(2020, 2026)
        if schedule_holiday_on(date(year, 12, 25), [schedule], ZoneInfo(zone)) is not None
    ]
    assert years[-1] == last_year


@pytest.mark.parametrize(
    ("rrule", "complaint"),
    [
        ("FREQ=YEARLY;UNTIL=20221224T230000Z", "UNTIL is in UTC and the calendar's zone is not known"),
        ("every year", "expected FREQ"),
        ("FREQ=SECONDLY", "expected FREQ to be one of YEARLY, MONTHLY, WEEKLY, DAILY"),
        ("FREQ=YEARLY;INTERVAL=0", "expected INTERVAL to be 1 or more"),
        ("FREQ=YEARLY;BYMONTH=potato", "potato"),
        ("FREQ=YEARLY;UNTIL=soon", "soon|invalid"),
        ("FREQ=YEARLY;COLOUR=red", "COLOUR|unknown"),
    ],
)
def test_a_rule_that_makes_no_sense_is_an_error_that_names_schedule_and_rule(rrule: str, complaint: str) -> None:
    with pytest.raises(CalendarUnavailable, match=rf'schedule "Xmas".*{complaint}') as caught:
        schedule_holiday_on(date(2026, 12, 25), [_schedule(*XMAS, rrule, name="Xmas")])
    assert rrule in str(caught.value)


def test_a_schedule_that_ends_before_it_begins_is_an_error_that_names_it() -> None:
    with pytest.raises(CalendarUnavailable, match='Schedule "Xmas" ends 2026-12-25'):
        schedule_holiday_on(date(2026, 12, 25), [_schedule("2026-12-26T00:00:00", "2026-12-25T00:00:00", name="Xmas")])


def test_the_last_business_day_lies_before_a_chain_of_holidays_and_a_weekend() -> None:
    holidays = {date(2026, 12, 24), date(2026, 12, 25)}
    last_day = last_business_day(
        date(2026, 12, 28),
        ("mon", "tue", "wed", "thu", "fri"),
        lambda day: "closed" if day in holidays else None,
    )
    assert last_day == date(2026, 12, 23)


def test_a_team_that_was_closed_longer_than_the_limit_has_no_last_business_day() -> None:
    assert last_business_day(date(2026, 12, 28), ("mon", "tue"), lambda _: "closed", limit=30) is None
    assert last_business_day(date(2026, 12, 28), ("mon",), lambda _: None, limit=6) is None
    assert last_business_day(date(2026, 12, 28), ("mon",), lambda _: None, limit=7) == date(2026, 12, 21)


def test_a_rule_whose_until_is_a_date_includes_that_day() -> None:
    closed_from_six = _schedule("2020-12-25T06:00", "2020-12-26T00:00", "FREQ=YEARLY;UNTIL=20261225")
    assert [_is_holiday(f"{year}-12-25", closed_from_six) for year in (2025, 2026, 2027)] == [True, True, False]


def test_a_closure_at_the_ends_of_the_calendar_is_read() -> None:
    assert _is_holiday("2026-12-25", _schedule("0001-01-01T00:00:00", "9999-12-31T00:00:00"))
    assert not _is_holiday("2026-12-25", _schedule("9999-12-30T00:00:00", "9999-12-31T23:59:59"))
    assert not _is_holiday("2026-12-25", _schedule("0001-01-01T00:00:00", "0001-01-02T00:00:00", "FREQ=YEARLY;COUNT=1"))
