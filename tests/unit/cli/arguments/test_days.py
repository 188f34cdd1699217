"""A day is typed as a date, as a word, or as a range."""

from __future__ import annotations

from datetime import date, timedelta

import click
import pytest

from worker.cli.arguments.days import DAY, MAX_DAYS, REPORTING_DAY, REPORTING_DAYS, without_option_sign

FRIDAY = date(2026, 11, 27)
ALL_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-10-01", date(2026, 10, 1)),
        ("today", FRIDAY),
        ("Yesterday", date(2026, 11, 26)),
        ("thursday", date(2026, 11, 26)),
        ("thu", date(2026, 11, 26)),
        ("saturday", date(2026, 11, 21)),
        ("friday", date(2026, 11, 20)),
        ("tomorrow", date(2026, 11, 28)),
        ("-30d", date(2026, 10, 28)),
        ("+7D", date(2026, 12, 4)),
    ],
)
def test_a_word_is_the_last_such_day_before_today(text: str, expected: date) -> None:
    assert DAY.convert(text, None, None).resolved(FRIDAY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("friday", date(2026, 12, 4)), ("sat", date(2026, 11, 28)), ("monday", date(2026, 11, 30)), ("today", FRIDAY)],
)
def test_a_weekday_ahead_is_the_next_one_after_today(text: str, expected: date) -> None:
    assert DAY.convert(text, None, None).resolved(FRIDAY, ahead=True) == expected


@pytest.mark.parametrize("text", ["30d", "-d", "", "20261001x", "fr"])
def test_anything_else_is_answered_with_what_is_expected(text: str) -> None:
    with pytest.raises(click.BadParameter, match="expected YYYY-MM-DD, today, yesterday, tomorrow, -30d"):
        DAY.convert(text, None, None)


@pytest.mark.parametrize("text", ["2026-02-30", "2027-02-29", "2026-13-01", "2026-04-31"])
def test_a_date_that_no_month_has_is_called_so(text: str) -> None:
    with pytest.raises(click.BadParameter, match=f"'{text}': the calendar has no such day"):
        DAY.convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("yestreday", "yesterday"),
        ("lst", "last"),
        ("Mondy", "monday"),
        ("2026-1-5", "2026-01-05"),
        ("2026-2-30", ""),
        ("30.11.2026", ""),
    ],
)
def test_a_misspelt_day_is_answered_with_the_one_that_was_meant(text: str, near: str) -> None:
    with pytest.raises(click.BadParameter) as caught:
        REPORTING_DAY.convert(text, None, None)
    assert str(caught.value).partition("Did you mean ")[2] == (f"{near}?" if near else "")


def test_last_is_the_last_reporting_day_and_means_nothing_elsewhere() -> None:
    assert REPORTING_DAY.convert("last", None, None).resolved(FRIDAY, last=FRIDAY) == FRIDAY
    with pytest.raises(click.BadParameter, match="expected YYYY-MM-DD, today"):
        DAY.convert("last", None, None)


def test_a_range_has_both_ends_and_only_workdays() -> None:
    days = REPORTING_DAYS.convert("2026-11-20..yesterday", None, None)
    assert days.is_range
    assert [day.day for day in days.resolved(FRIDAY, ("mon", "tue", "wed", "thu", "fri"))] == [20, 23, 24, 25, 26]


def test_a_single_day_is_taken_as_typed_whatever_the_workdays() -> None:
    days = REPORTING_DAYS.convert("saturday", None, None)
    assert not days.is_range
    assert days.resolved(FRIDAY, ("mon",)) == [date(2026, 11, 21)]


@pytest.mark.parametrize("text", ["2026-11-20..2026-11-19", "2026-01-01..2026-11-01"])
def test_a_range_that_is_empty_or_too_long_is_refused(text: str) -> None:
    days = REPORTING_DAYS.convert(text, None, None)
    with pytest.raises(click.BadParameter, match=f"at most {MAX_DAYS} days"):
        days.resolved(FRIDAY, ALL_WEEK)


@pytest.mark.parametrize("word", ["-7d", "-30d", "-7d..-1d"])
def test_a_day_that_begins_with_a_hyphen_is_no_option(word: str) -> None:
    assert not without_option_sign(word).startswith("-")
    first_day = FRIDAY - timedelta(days=int(word[1:].partition("d")[0]))
    days = REPORTING_DAYS.convert(without_option_sign(word), None, None)
    assert days.first.resolved(FRIDAY) == first_day


@pytest.mark.parametrize("word", ["--dry-run", "-h", "-7", "+7d", "today", ""])
def test_other_words_stay_as_they_are(word: str) -> None:
    assert without_option_sign(word) == word


def test_the_words_are_completed() -> None:
    items = DAY.shell_complete(None, None, "t")
    assert [item.value for item in items] == ["today", "tomorrow", "tuesday", "thursday"]
