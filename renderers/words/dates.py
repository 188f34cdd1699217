"""Days, clock times and instants, in English whatever the machine's locale is."""

from __future__ import annotations

from datetime import date, datetime

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 – a row of names reads better than twelve quoted words
)


def long_day(day: date) -> str:
    """Wednesday 21 October 2026."""
    return f"{DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def day_in_title(day: date) -> str:
    """Wed 21 Oct 2026."""
    return f"{short_day(day)} {day.year}"


def short_day(day: date) -> str:
    """Wed 21 Oct."""
    return f"{day_of_month(day)} {_MONTHS[day.month - 1][:3]}"


def day_of_month(day: date) -> str:
    """Wed 21."""
    return f"{weekday(day)} {day.day}"


def weekday(day: date) -> str:
    """Wed."""
    return DAYS[day.weekday()][:3]


def days_of_months(days: tuple[date, ...]) -> str:
    """23, 30 Sep, 7, 14 Oct: the month once, behind its last day."""
    parts = []
    for here, after in zip(days, [*days[1:], None], strict=True):
        last_of_month = after is None or (after.year, after.month) != (here.year, here.month)
        parts.append(f"{here.day} {_MONTHS[here.month - 1][:3]}" if last_of_month else str(here.day))
    return ", ".join(parts)


def clock(at: datetime) -> str:
    """11:00, the wall time of an aware instant in its own zone."""
    return f"{at:%H:%M}"


def span(start: datetime, end: datetime) -> str:
    """11:00–12:30; a midnight that ends the span is 24:00."""
    ends_at_midnight = end.date() > start.date() and clock(end) == "00:00"
    return f"{clock(start)}–{'24:00' if ends_at_midnight else clock(end)}"


def instant(at: datetime) -> str:
    """2026-10-21T00:00:00-04:00, to the second."""
    return at.isoformat(timespec="seconds")
