"""Counts, percentages, points and durations as people read them. None is shown as a dash, never as 0."""

from __future__ import annotations

from worker.domain.metrics import Ratio

MISSING = "–"


def count(number: int | None) -> str:
    """1,017."""
    return MISSING if number is None else f"{number:,}"


def percent(fraction: float | None, digits: int = 1) -> str:
    """77.5% of 0.775; digits is how many places at most stand behind the point."""
    return MISSING if fraction is None else f"{fraction * 100:.{digits}f}%"


def ratio(of: Ratio | None, digits: int = 1) -> str:
    """A ratio's percentage."""
    return percent(of.value if of else None, digits)


def bare_percent(fraction: float) -> str:
    """80 of 0.8, 92.5 of 0.925: for goals and axes, where the unit stands elsewhere or once."""
    return f"{fraction * 100:.1f}".removesuffix(".0")


def points(fraction: float) -> str:
    """5.4 pp of ±0.054: the size of a difference between percentages, without its sign."""
    return f"{abs(fraction) * 100:.1f} pp"


def talk_time(milliseconds: float | None) -> str:
    """5:11, or 1:02:07 from an hour on: an average handle time."""
    if milliseconds is None:
        return MISSING
    whole_minutes, rest = divmod(round(milliseconds / 1000), 60)
    hours, rest_minutes = divmod(whole_minutes, 60)
    return f"{hours}:{rest_minutes:02}:{rest:02}" if hours else f"{rest_minutes}:{rest:02}"


def wait_time(milliseconds: float | None) -> str:
    """42 s, or 2:05 from two minutes on: an average speed of answer."""
    if milliseconds is None:
        return MISSING
    whole = round(milliseconds / 1000)
    return seconds(whole) if whole < 120 else talk_time(milliseconds)


def seconds(whole: int) -> str:
    """20 s."""
    return f"{whole} s"


def minutes(of_seconds: float | None) -> str:
    """54 min, or 1 h 58 from an hour on; a stretch of seconds rounded to the minute."""
    if of_seconds is None:
        return MISSING
    hours, rest = divmod(round(of_seconds / 60), 60)
    return f"{hours} h {rest:02}" if hours else f"{rest} min"


def plural(number: int, one: str, many: str = "") -> str:
    """1 agent, 4 agents."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
