"""The statistics give what an independent implementation gives: vectors.json."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from worker.domain.usual import target
from worker.domain.usual.discoveries import discoveries
from worker.domain.usual.distributions import student_t_quantile, student_t_tail
from worker.domain.usual.scales import DayFigure, Kind
from worker.domain.usual.usual_range import usual_range

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))["vectors"]
EXACT = 1e-6


def vectors(function: str) -> list[Any]:
    return [pytest.param(v["input"], v["expected"], id=v["name"]) for v in VECTORS if v["function"] == function]


def days(history: Iterable[tuple[int, float, float]]) -> list[DayFigure]:
    """Give each weekday of a history a date, in order."""
    dated, day = [], date(2026, 1, 4)
    for weekday, numerator, denominator in history:
        day += timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)
        dated.append(DayFigure(day, numerator, denominator))
    return dated


def today_after(history: list[DayFigure], weekday: int, numerator: float, denominator: float) -> DayFigure:
    last = history[-1].day
    day = last + timedelta(days=(weekday - last.weekday() - 1) % 7 + 1)
    return DayFigure(day, numerator, denominator)


@pytest.mark.parametrize(("inputs", "expected"), vectors("band"))
def test_a_usual_range_is_that_of_the_vectors(inputs: dict[str, Any], expected: dict[str, Any] | None) -> None:
    history = days(inputs["history"])
    today = today_after(history, inputs["weekday"], inputs["k"], inputs["n"])
    usual = usual_range(Kind(inputs["kind"]), history, today, inputs["alpha"])
    if expected is None:
        assert usual is None
        return
    assert usual is not None
    assert (usual.days, len(usual.outside), usual.before_shift, usual.df, usual.is_of_weekday) == (
        *(expected[key] for key in ("days", "left_out", "since_shift", "df", "weekday_used")),
    )
    floats = {
        "centre": usual.centre,
        "mu": usual.mean,
        "sd": usual.deviation,
        "tau2": usual.spread,
        "chance": usual.chance,
        **{key: getattr(usual, key) for key in ("low", "high", "limit_low", "limit_high", "seen_low", "seen_high")},
        **{key: getattr(usual, key) for key in ("p_low", "p_high")},
    }
    assert floats == pytest.approx({key: expected[key] for key in floats}, abs=EXACT)


@pytest.mark.parametrize(("inputs", "expected"), vectors("target"))
def test_a_target_is_judged_as_in_the_vectors(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    compare = target.at_least if inputs["at_least"] else target.at_most
    evidence = compare(inputs["k"], inputs["n"], inputs["goal"])
    assert (evidence.is_met, evidence.short, evidence.is_within_chance) == (
        expected["met"],
        expected["short"],
        expected["within_chance"],
    )
    assert evidence.probability == pytest.approx(expected["tail"], abs=EXACT)


@pytest.mark.parametrize(("inputs", "expected"), vectors("benjamini_hochberg"))
def test_discoveries_are_those_of_the_vectors(inputs: dict[str, Any], expected: list[int]) -> None:
    assert list(discoveries(inputs["p"], inputs["q"])) == expected


@pytest.mark.parametrize(("inputs", "expected"), vectors("t_tail"))
def test_a_t_tail_is_that_of_the_vectors(inputs: dict[str, Any], expected: float) -> None:
    assert student_t_tail(inputs["t"], inputs["df"]) == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize(("inputs", "expected"), vectors("t_quantile"))
def test_a_t_quantile_is_that_of_the_vectors(inputs: dict[str, Any], expected: float) -> None:
    assert student_t_quantile(inputs["p"], inputs["df"]) == pytest.approx(expected, abs=EXACT)
