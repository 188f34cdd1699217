"""A printed figure and the printed ends of its usual range never contradict what is said of them."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Literal

import pytest

from renderers.words import speak
from tests.checker.english import ENGLISH
from tests.checker.german import GERMAN
from tests.checker.ranges import printed_range, written_number
from worker.domain.briefing.usual_content import Measure, Place, UsualFigure
from worker.domain.staffing.explanation import Factor
from worker.domain.why.content import ExplainedFactor, Why

DAY = date(2026, 10, 21)
RANGE = UsualFigure(8.0, 11.6, 10.0, Place.UNUSUALLY_HIGH, 26, is_of_weekday=False)


@pytest.mark.parametrize(
    ("measure", "low", "high", "value", "place", "text"),
    [
        ("speed_of_answer", 8, 11.6, 12.4, Place.UNUSUALLY_HIGH, "0:12.4, usually 0:08–0:11.6."),
        ("speed_of_answer", 8, 10.6, 12.4, Place.UNUSUALLY_HIGH, "0:12, usually 0:08–0:11."),
        ("handle_time", 59.96, 70, 59.7, Place.UNUSUALLY_LOW, "0:59.7, usually 0:59.9–1:10."),
        ("handle_time", 3500, 3599.2, 3600.4, Place.UNUSUALLY_HIGH, "1:00:00.4, usually 58:20–59:59.2."),
        ("offered", 1.8, 4.2, 5, Place.UNUSUALLY_HIGH, "5 contacts, usually 1–4."),
        ("offered", 1.8, 4.2, 1, Place.UNUSUALLY_LOW, "1 contact, usually 2–5."),
        ("offered", 180.4, 239.2, 300, Place.UNUSUALLY_HIGH, "300 contacts, usually 180–239."),
        ("service_level", 0.7996, 0.9, 0.795, Place.UNUSUALLY_LOW, "79.5%, usually 79.9–90%."),
    ],
)
def test_an_unusual_figure_is_printed_beyond_its_range(
    measure: str, low: float, high: float, value: float, place: Place, text: str
) -> None:
    usual = replace(RANGE, low=low, high=high, place=place)
    figures = {"measure": measure, "value": value, "usual": usual, "day": DAY}
    assert speak("en").unusual_value(figures) == text


def test_german_times_have_a_comma() -> None:
    figures = {"measure": "speed_of_answer", "value": 12.4, "usual": RANGE, "day": DAY}
    assert speak("de").unusual_value(figures) == "0:12,4, üblich 0:08–0:11,6."


def test_the_level_of_a_stretch_is_a_whole_percentage_beyond_its_range() -> None:
    usual = replace(RANGE, low=0.7396, high=0.9, place=Place.UNUSUALLY_LOW)
    assert speak("en").ends(usual, Measure.SERVICE_LEVEL, 0.7349, 2) == "73.9–90%"
    assert speak("en").ends(usual, Measure.SERVICE_LEVEL, 0.72, 2) == "73–90%"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("measure", [*Measure])
def test_a_figure_is_printed_inside_its_range_exactly_if_it_is_as_usual(
    language: Literal["en", "de"], measure: Measure
) -> None:
    words, chance, checker = speak(language), random.Random(measure.value), {"en": ENGLISH, "de": GERMAN}[language]
    is_time = measure in (Measure.HANDLE_TIME, Measure.SPEED_OF_ANSWER)
    for _ in range(2000):
        low, value, high = _near_each_other(chance, measure)
        place = Place.INSIDE if low <= value <= high else Place.OUTSIDE
        usual = replace(RANGE, low=low, high=high, place=place)
        text = words.usual_of(usual, measure, DAY, value)
        assert text is not None
        printed = words.printed_time(usual, value) if is_time else words.percent(value)
        printed = words.count(round(value)) if measure is Measure.OFFERED else printed
        ends = printed_range(text.text.rpartition(": ")[2].removeprefix("usually ").removeprefix("üblich "), checker)
        is_usual = text.text.startswith(("as usual", "wie üblich"))
        assert ends.contains(written_number(printed, checker).value) is is_usual, (low, value, high)
        assert is_usual or place is Place.OUTSIDE


def _near_each_other(chance: random.Random, measure: Measure) -> tuple[float, float, float]:
    """Return the ends of a range, and a figure that is often near one of them, and sometimes equal."""
    size = {Measure.OFFERED: 30.0, Measure.HANDLE_TIME: 90.0, Measure.SPEED_OF_ANSWER: 20.0}.get(measure, 0.9)
    low, high = sorted(chance.uniform(size / 10, size) for _ in range(2))
    distance = chance.choice([0.0, 0.0001, 0.001, 0.01, 0.1]) * size
    value = chance.choice([low, high]) + chance.choice([-1, 1]) * chance.random() * distance
    return low, float(round(value)) if measure is Measure.OFFERED else value, high


@pytest.mark.parametrize(
    ("factor", "today", "usual", "printed"),
    [
        (Factor.VOLUME, 5, (1.8, 4.2), ("5", "1–4")),
        (Factor.STAFFING, 553.2 * 3600, (548 * 3600, 552.8 * 3600), ("553.2 h", "548–552.8 h")),
        (Factor.STAFFING, 553.2 * 3600, (548 * 3600, 560 * 3600), ("553 h", "548–560 h")),
        (Factor.MIX, 330.3, (320.2, 329.8), ("5:30.3", "5:20–5:29.8")),
        (Factor.HANDLE, 344.0, (322.7, 340.1), ("5:44", "5:22–5:41")),
    ],
)
def test_a_factor_outside_its_range_is_printed_outside_of_it(
    factor: Factor, today: float, usual: tuple[float, float], printed: tuple[str, str]
) -> None:
    is_outside = not usual[0] <= today <= usual[1]
    explained = ExplainedFactor(factor, -0.1, today, sum(usual) / 2, usual, is_outside)
    row = speak("en").factor_rows(Why(0.7, 0.8, 4, (explained,), -0.1))[0]
    assert (row.today, row.usual) == printed
