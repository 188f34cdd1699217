"""The words for usual ranges, in both languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from renderers.words import speak
from worker.domain.briefing.content import Tile
from worker.domain.briefing.usual_content import NoUsualRange, Place, Usual, UsualFigure
from worker.domain.metrics import Metric, Ratio, Reading, Status

RANGE = UsualFigure(0.7456, 0.8311, 0.79, Place.INSIDE, 26, is_of_weekday=False)


def tile(usual: Usual | None, metric: Metric = Metric.SERVICE_LEVEL) -> Tile:
    return Tile(Reading(metric, Ratio(0.8, 80, 100), Status.ON_TARGET, 0.8), usual=usual)


@pytest.mark.parametrize(
    ("usual", "english", "german"),
    [
        (RANGE, "Usually 74–84%", "Üblich 74–84 %"),
        (replace(RANGE, is_of_weekday=True), "Usually 74–84% on Wed", "Üblich 74–84 % am Mi."),
        (replace(RANGE, place=Place.OUTSIDE, days=6), "Usually 74–84% (6 days)", "Üblich 74–84 % (6 Tage)"),
        (replace(RANGE, place=Place.UNUSUALLY_LOW), "Unusual: usually 74–84%", "Auffällig: üblich 74–84 %"),
        (NoUsualRange(3), "No usual range yet: 3 of 5 days", "Übliches unklar: 3 von 5 Tagen"),
        (NoUsualRange(0), "", ""),
        (
            NoUsualRange(0, is_after_closure=True),
            "No usual range after a holiday",
            "Übliches unklar: nach Feiertag",
        ),
        (None, "", ""),
    ],
)
def test_a_range_is_rounded_outwards_and_says_what_it_is_of(
    make_briefing: Any, usual: Usual | None, english: str, german: str
) -> None:
    briefing = make_briefing()
    assert speak("en").usual(briefing, tile(usual)) == english
    assert speak("de").usual(briefing, tile(usual)).replace("\u00a0", " ") == german


def test_abandonment_keeps_its_decimal_place(make_briefing: Any) -> None:
    usual = replace(RANGE, low=0.0461, high=0.0709)
    assert speak("en").usual(make_briefing(), tile(usual, Metric.ABANDONMENT)) == "Usually 4.6–7.1%"


def test_a_coarse_range_is_printed_only_if_the_figure_is_unusual(make_briefing: Any) -> None:
    coarse = replace(RANGE, is_coarse=True)
    assert speak("en").usual(make_briefing(), tile(coarse)) == ""
    unusual = replace(coarse, place=Place.UNUSUALLY_HIGH)
    assert speak("en").usual(make_briefing(), tile(unusual)) == "Unusual: usually 74–84%"


@pytest.mark.parametrize(
    ("usual", "text"),
    [
        (replace(RANGE, hidden_change=0.24, is_hidden_by_chance=True), "Too few contacts to tell a change under 24"),
        (replace(RANGE, hidden_change=0.12), "Days here differ too much to tell a change under 12"),
    ],
)
def test_a_change_that_would_not_be_noticed_is_told(make_briefing: Any, usual: UsualFigure, text: str) -> None:
    lines = speak("en").usual_lines(make_briefing(), tile(usual))
    assert lines == ("Usually 74–84%", f"{text} points.")
    unusual = replace(usual, place=Place.UNUSUALLY_LOW)
    assert speak("en").usual_lines(make_briefing(), tile(unusual)) == ("Unusual: usually 74–84%",)
