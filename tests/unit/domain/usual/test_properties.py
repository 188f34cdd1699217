"""What holds for the usual range of any history."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.domain.usual.scales import DayFigure, Kind
from worker.domain.usual.usual_range import usual_range

FIRST = date(2026, 10, 5)
TODAY = FIRST + timedelta(days=60)


@st.composite
def histories(draw: st.DrawFn) -> list[DayFigure]:
    offered = draw(st.lists(st.integers(20, 400), min_size=5, max_size=26))
    shares = draw(st.lists(st.floats(0.3, 1), min_size=len(offered), max_size=len(offered)))
    return [
        DayFigure(FIRST + timedelta(days=day), round(count * share), count)
        for day, (count, share) in enumerate(zip(offered, shares, strict=True))
    ]


@settings(deadline=None, max_examples=50)
@given(histories(), st.data())
def test_the_order_in_which_days_are_given_does_not_matter(history: list[DayFigure], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(history))
    today = DayFigure(TODAY, 60, 100)
    assert usual_range(Kind.RATIO, shuffled, today, 0.005) == usual_range(Kind.RATIO, history, today, 0.005)


@settings(deadline=None, max_examples=50)
@given(histories(), st.floats(0.001, 1000))
def test_the_unit_of_the_handle_time_does_not_matter(history: list[DayFigure], unit: float) -> None:
    today = DayFigure(TODAY, 15_000, 100)
    seconds = usual_range(Kind.HANDLE, history, today, 0.005)
    scaled = usual_range(
        Kind.HANDLE,
        [DayFigure(day.day, day.numerator * unit, day.denominator) for day in history],
        DayFigure(TODAY, 15_000 * unit, 100),
        0.005,
    )
    assert seconds is not None
    assert scaled is not None
    assert (scaled.p_low, scaled.p_high) == pytest.approx((seconds.p_low, seconds.p_high), rel=1e-5, abs=1e-9)


@settings(deadline=None, max_examples=50)
@given(histories(), st.integers(1, 100))
def test_fewer_in_time_are_never_more_probable(history: list[DayFigure], in_time: int) -> None:
    higher, lower = (usual_range(Kind.RATIO, history, DayFigure(TODAY, k, 100), 0.005) for k in (in_time, in_time - 1))
    assert higher is not None
    assert lower is not None
    assert lower.p_low <= higher.p_low + 1e-12
    assert lower.p_high >= higher.p_high - 1e-12


@settings(deadline=None, max_examples=50)
@given(histories())
def test_the_range_lies_within_the_limits_and_holds_the_centre(history: list[DayFigure]) -> None:
    usual = usual_range(Kind.RATIO, history, DayFigure(TODAY, 60, 100), 0.005)
    assert usual is not None
    assert 0 <= usual.seen_low <= usual.limit_low <= usual.low <= usual.centre
    assert usual.centre <= usual.high <= usual.limit_high <= usual.seen_high <= 1


PROGRAM = """
from datetime import date, timedelta
from worker.domain.usual.scales import DayFigure, Kind
from worker.domain.usual.usual_range import usual_range
history = {DayFigure(date(2026, 10, 5) + timedelta(days=n), 80 + 7 * n % 13, 100 + 3 * n) for n in range(26)}
print(usual_range(Kind.RATIO, history, DayFigure(date(2026, 12, 4), 70, 120), 0.005))
"""


def test_the_result_does_not_depend_on_hash_order() -> None:
    printed = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(printed) == 1
    assert "UsualRange" in printed.pop()


def test_a_past_bad_day_is_left_out_and_named() -> None:
    history = [DayFigure(FIRST + timedelta(days=n), 800 + n % 3, 1000) for n in range(12)]
    history[6] = DayFigure(history[6].day, 300, 1000)
    usual = usual_range(Kind.RATIO, history, DayFigure(TODAY, 700, 1000), 0.005)
    assert usual is not None
    assert usual.outside == (history[6].day,)
    assert usual.p_low < 0.0025


def test_after_a_change_of_level_only_the_new_level_counts() -> None:
    history = [DayFigure(FIRST + timedelta(days=n), (900 if n < 14 else 600) + n % 3, 1000) for n in range(26)]
    usual = usual_range(Kind.RATIO, history, DayFigure(TODAY, 600, 1000), 0.005)
    assert usual is not None
    assert (usual.level_since, usual.before_shift, usual.days) == (history[14].day, 14, 12)
    assert usual.high < 0.7


def test_no_figure_today_has_no_usual_range() -> None:
    history = [DayFigure(FIRST + timedelta(days=n), 80, 100) for n in range(12)]
    assert usual_range(Kind.RATIO, history, DayFigure(TODAY, 0, 0), 0.005) is None
