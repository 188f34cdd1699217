"""The words for usual ranges, in both languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from renderers.words import UsualText, speak
from worker.domain.briefing.content import Tile
from worker.domain.briefing.usual_content import NoUsualRange, Place, Usual, UsualFigure
from worker.domain.metrics import Goal, Metric, Ratio, Reading, Status
from worker.domain.why.content import Why

RANGE = UsualFigure(0.7456, 0.8311, 0.79, Place.INSIDE, 26, is_of_weekday=False)
SL, AB, OCC, AD = Metric.SERVICE_LEVEL, Metric.ABANDONMENT, Metric.OCCUPANCY, Metric.ADHERENCE


def tile(usual: Usual | None, metric: Metric = Metric.SERVICE_LEVEL) -> Tile:
    return Tile(Reading(metric, Ratio(0.8, 80, 100), Status.ON_TARGET, 0.8), usual=usual)


def sentence(text: UsualText | None) -> str:
    return text.sentence.replace("\u00a0", " ") if text else ""


@pytest.mark.parametrize(
    ("usual", "english", "german"),
    [
        (RANGE, "as usual: 74–84%", "wie üblich: 74–84 %"),
        (replace(RANGE, is_of_weekday=True), "as usual: 74–84% on Wed", "wie üblich: 74–84 % am Mi."),
        (replace(RANGE, place=Place.OUTSIDE, days=6), "usually 74–84% (6 days)", "üblich 74–84 % (6 Tage)"),
        (
            replace(RANGE, place=Place.UNUSUALLY_LOW),
            "Unusually low: usually 74–84%",
            "Auffällig niedrig: üblich 74–84 %",
        ),
        (NoUsualRange(3), "usual range: day 4 of 5", "Üblicher Bereich: Tag 4 von 5"),
        (NoUsualRange(0), "usual range: day 1 of 5", "Üblicher Bereich: Tag 1 von 5"),
        (
            NoUsualRange(0, is_after_closure=True),
            "no usual range after a holiday",
            "Übliches unklar: nach Feiertag",
        ),
        (None, "", ""),
    ],
)
def test_a_range_is_rounded_outwards_and_says_what_it_is_of(
    make_briefing: Any, usual: Usual | None, english: str, german: str
) -> None:
    briefing = make_briefing()
    assert sentence(speak("en").usual(briefing, tile(usual))) == english
    assert sentence(speak("de").usual(briefing, tile(usual))) == german


def test_abandonment_keeps_its_decimal_place(make_briefing: Any) -> None:
    usual = replace(RANGE, low=0.0461, high=0.0709)
    assert sentence(speak("en").usual(make_briefing(), tile(usual, Metric.ABANDONMENT))) == "as usual: 4.6–7.1%"


@pytest.mark.parametrize(
    ("low", "high", "value", "text"),
    [
        (0.6943, 0.8512, 0.694, "usually 69.43–86%"),
        (0.6943, 0.8512, 0.684, "usually 69–86%"),
        (0.6943, 0.8512, 0.6926, "usually 69.4–86%"),
        (0.6943, 0.8512, 0.857, "usually 69–85.2%"),
        (0.6943, 0.8512, 0.8514, "as usual: 69–86%"),
    ],
)
def test_the_end_that_a_figure_lies_beyond_is_printed_beyond_it(
    make_briefing: Any, low: float, high: float, value: float, text: str
) -> None:
    reading = Reading(Metric.SERVICE_LEVEL, Ratio(value, 0, 0), Status.MISSED, 0.8)
    tile_beyond = Tile(reading, usual=replace(RANGE, low=low, high=high, place=Place.OUTSIDE))
    assert sentence(speak("en").usual(make_briefing(), tile_beyond)) == text


@pytest.mark.parametrize(
    ("low", "high", "metric", "goal", "english", "german"),
    [
        (0.24, 0.36, SL, 0.8, "usual here: 24–36%, below goal", "hier üblich: 24–36 %, unter Ziel"),
        (0.24, 0.799, SL, 0.8, "as usual: 24–80%", "wie üblich: 24–80 %"),
        (0.85, 0.9, SL, 0.8, "as usual: 85–90%", "wie üblich: 85–90 %"),
        (0.146, 0.27, AB, 0.05, "usual here: 14.6–27%, above goal", "hier üblich: 14,6–27 %, über Ziel"),
        (0.01, 0.03, AB, 0.05, "as usual: 1–3%", "wie üblich: 1–3 %"),
        (0.6, 0.7, OCC, (0.75, 0.85), "usual here: 60–70%, below goal", "hier üblich: 60–70 %, unter Ziel"),
        (0.9, 0.94, OCC, (0.75, 0.85), "usual here: 90–94%, above goal", "hier üblich: 90–94 %, über Ziel"),
        (0.77, 0.8, OCC, (0.75, 0.85), "as usual: 77–80%", "wie üblich: 77–80 %"),
        (0.7, 0.8, AD, 0.9, "usual here: 70–80%, below goal", "hier üblich: 70–80 %, unter Ziel"),
    ],
)
def test_a_range_that_misses_the_goal_with_both_ends_says_so(
    make_briefing: Any, low: float, high: float, metric: Metric, goal: Goal, english: str, german: str
) -> None:
    reading = Reading(metric, Ratio((low + high) / 2), Status.MISSED, goal)
    always_missed = Tile(reading, usual=replace(RANGE, low=low, high=high))
    assert sentence(speak("en").usual(make_briefing(), always_missed)) == english
    assert sentence(speak("de").usual(make_briefing(), always_missed)) == german


def test_a_tile_with_too_little_room_still_says_that_the_range_misses_the_goal(make_briefing: Any) -> None:
    usual = replace(RANGE, low=0.24, high=0.36, is_of_weekday=True, days=6)
    reading = Reading(SL, Ratio(0.3), Status.MISSED, 0.8)
    text = speak("en").usual(make_briefing(), Tile(reading, usual=usual))
    assert text == UsualText("usual here: 24–36% on Wed (6 days), below goal", "usual: 24–36%, below goal")
    reading = Reading(SL, Ratio(0.4), Status.MISSED, 0.8)
    text = speak("en").usual(make_briefing(), Tile(reading, usual=replace(usual, place=Place.OUTSIDE)))
    assert text == UsualText("usually 24–36% on Wed (6 days), below goal", "usually 24–36%, below goal")
    text = speak("en").usual(make_briefing(), Tile(reading, usual=replace(usual, place=Place.UNUSUALLY_HIGH)))
    whole = "usually 24–36% on Wed (6 days), below goal"
    assert text == UsualText(whole, "usually 24–36%", "Unusual", "Unusually high")


def test_no_side_of_a_goal_that_a_figure_is_not_judged_against_is_named(make_briefing: Any) -> None:
    reading = Reading(SL, Ratio(0.3), Status.NOT_JUDGED, 0.8)
    text = speak("en").usual(make_briefing(), Tile(reading, usual=replace(RANGE, low=0.24, high=0.36)))
    assert sentence(text) == "as usual: 24–36%"


def test_a_coarse_range_is_printed_only_if_the_figure_is_unusual(make_briefing: Any) -> None:
    coarse = replace(RANGE, is_coarse=True)
    assert speak("en").usual(make_briefing(), tile(coarse)) is None
    unusual = replace(coarse, place=Place.UNUSUALLY_HIGH)
    assert sentence(speak("en").usual(make_briefing(), tile(unusual))) == "Unusually high: usually 74–84%"


@pytest.mark.parametrize(
    ("usual", "text"),
    [
        (replace(RANGE, hidden_change=0.24, is_hidden_by_chance=True), "Too few contacts to tell a change under 24"),
        (replace(RANGE, hidden_change=0.12), "Days here differ too much to tell a change under 12"),
    ],
)
def test_a_change_that_would_not_be_noticed_is_told(make_briefing: Any, usual: UsualFigure, text: str) -> None:
    lines = speak("en").usual_lines(make_briefing(), tile(usual))
    assert lines == ("as usual: 74–84%", f"{text} points.")
    unusual = replace(usual, place=Place.UNUSUALLY_LOW)
    assert speak("en").usual_lines(make_briefing(), tile(unusual)) == ("Unusually low: usually 74–84%",)


def test_no_change_is_called_untellable_beside_its_explanation(make_briefing: Any) -> None:
    day = make_briefing(explanation=Why(0.7, 0.8, 4, (), -0.1))
    usual = replace(RANGE, hidden_change=0.24)
    assert speak("en").usual_lines(day, tile(usual)) == ("as usual: 74–84%",)
    assert speak("en").usual_on_tile(day, tile(replace(usual, is_coarse=True))) is None


@pytest.mark.parametrize(
    ("is_by_chance", "text"), [(True, "too few contacts to tell"), (False, "days differ too much to tell")]
)
def test_a_tile_without_a_range_says_that_a_change_cannot_be_told(
    make_briefing: Any, is_by_chance: bool, text: str
) -> None:
    coarse = replace(RANGE, is_coarse=True, hidden_change=0.24, is_hidden_by_chance=is_by_chance)
    assert sentence(speak("en").usual_on_tile(make_briefing(), tile(coarse))) == text
    assert speak("en").usual_on_tile(make_briefing(), tile(replace(coarse, hidden_change=None))) is None
    assert sentence(speak("en").usual_on_tile(make_briefing(), tile(replace(coarse, is_coarse=False)))) == (
        "as usual: 74–84%"
    )


def test_the_completeness_page_says_which_change_cannot_be_told(make_briefing: Any) -> None:
    hidden = tile(replace(RANGE, hidden_change=0.12))
    briefing = make_briefing()
    rows = speak("en").completeness(replace(briefing, tiles=(hidden, *briefing.tiles[1:])))
    assert ("Service level", ("Days here differ too much to tell a change under 12 points.",)) in rows


def test_the_completeness_page_names_the_medium_of_a_change_that_cannot_be_told(make_briefing: Any) -> None:
    hidden = replace(tile(replace(RANGE, hidden_change=0.12)), medium="voice")
    briefing = make_briefing()
    rows = speak("en").completeness(replace(briefing, tiles=(hidden, *briefing.tiles[1:])))
    assert ("Service level", ("Voice: days here differ too much to tell a change under 12 points.",)) in rows


def test_a_tile_with_too_little_room_leaves_the_weekday_and_the_days_out(make_briefing: Any) -> None:
    unusual = replace(RANGE, place=Place.UNUSUALLY_LOW, is_of_weekday=True, days=6)
    text = speak("en").usual(make_briefing(), tile(unusual))
    assert text == UsualText("usually 74–84% on Wed (6 days)", "usually 74–84%", "Unusual", "Unusually low")
