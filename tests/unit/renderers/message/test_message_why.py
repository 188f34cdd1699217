"""Why the service level is low, in the message: parts that sum to the change, in HTML and text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from renderers import render_message
from renderers.message.why import LONGEST_BAR, why_part
from renderers.words import speak
from tests.unit.renderers.conftest import SAMPLE
from tests.unit.renderers.message.conftest import read
from worker.domain.briefing.content import Briefing
from worker.domain.briefing.usual_content import Place, UsualFigure
from worker.domain.metrics import Status
from worker.domain.why.content import ExplainedFactor, Factor, NotExplained, Why

LOW = Why(
    level=0.716,
    average=0.793,
    days=20,
    factors=(
        ExplainedFactor(Factor.VOLUME, part=-0.04, today=5438.0, expected=5021.0),
        ExplainedFactor(Factor.HANDLE, part=-0.018, today=344.0, expected=331.0),
        ExplainedFactor(Factor.STAFFING, part=-0.024, today=1_990_800.0, expected=2_037_600.0),
        ExplainedFactor(Factor.MIX, part=0.003, today=330.0, expected=331.0),
    ),
    unexplained=0.002,
    causes=(Factor.VOLUME, Factor.STAFFING),
    is_unusual=True,
)
DAY = replace(SAMPLE, explanation=LOW)


def test_the_longest_part_has_the_longest_bar_and_small_parts_are_grey() -> None:
    part = why_part(speak("en"), DAY)
    assert part is not None
    assert [(row.label, row.points, row.tone) for row in part.parts] == [
        ("More contacts", "−4.0", "bad"),
        ("Longer handle time", "−1.8", "bad"),
        ("Fewer agent hours", "−2.4", "bad"),
        ("Mix of queues", "+0.3", "good"),
        ("Not explained", "+0.2", "neutral"),
    ]
    assert [row.bar for row in part.parts] == [LONGEST_BAR, 45, 60, 8, 5]
    assert part.total == ("Together", "−7.7")


def test_html_and_text_name_the_causes_and_all_parts() -> None:
    message = render_message(DAY)
    for text in (read(message.html).text, " ".join(message.text.split())):
        start = text.index("Two causes: 8% more contacts, 2% fewer agent hours.")
        parts = (
            "More contacts −4.0 Longer handle time −1.8 Fewer agent hours −2.4 Mix of queues +0.3 Not explained +0.2"
        )
        assert text.index(f"{parts} Together −7.7") > start


@pytest.mark.parametrize(
    ("part", "sentence", "talking_point"),
    [
        (-0.012, "It cost about 1 point.", "About 1 point from 8% more contacts."),
        (-0.016, "It cost about 2 points.", "About 2 points from 8% more contacts."),
    ],
)
def test_one_point_is_in_the_singular(part: float, sentence: str, talking_point: str) -> None:
    low = replace(LOW, factors=(replace(LOW.factors[0], part=part), *LOW.factors[1:]), causes=(Factor.VOLUME,))
    assert speak("en").why_summary(low)[1] == sentence
    assert speak("en").why_talk(low)[1][0] == talking_point


def test_one_point_is_in_the_singular_in_german() -> None:
    low = replace(LOW, factors=(replace(LOW.factors[0], part=-0.012), *LOW.factors[1:]), causes=(Factor.VOLUME,))
    assert speak("de").why_summary(low)[1] == "Das kostete etwa 1 Punkt."
    two_causes = replace(low, factors=(*low.factors[:2], replace(low.factors[2], part=-0.001), low.factors[3]))
    two_causes = replace(two_causes, causes=(Factor.VOLUME, Factor.STAFFING))
    assert speak("de").why_summary(two_causes)[1] == "Zusammen kosteten sie etwa 1 Punkt."
    assert speak("de").why_talk(two_causes)[1][0].startswith("Etwa 1 Punkt durch")


def _with_usual_level(place: Place) -> Briefing:
    usual = UsualFigure(0.74, 0.84, 0.79, place, 26, is_of_weekday=False)
    return replace(DAY, tiles=(replace(DAY.tiles[0], usual=usual), *DAY.tiles[1:]))


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        (Place.UNUSUALLY_LOW, "Service level is unusually low: 8% more contacts, 2% fewer agent hours."),
        (Place.OUTSIDE, "Service level is below its usual range: 8% more contacts, 2% fewer agent hours."),
    ],
)
def test_the_verdict_names_the_causes(place: Place, sentence: str) -> None:
    assert sentence in speak("en").verdict(_with_usual_level(place)).sentences


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        (Place.UNUSUALLY_LOW, "Service level is unusually low: 8% more contacts, 2% fewer agent hours."),
        (Place.OUTSIDE, "Service level is below its usual range: 8% more contacts, 2% fewer agent hours."),
    ],
)
def test_the_verdict_never_calls_a_level_on_target_low(place: Place, sentence: str) -> None:
    day = _with_usual_level(place)
    level = replace(day.tiles[0], reading=replace(day.tiles[0].reading, status=Status.ON_TARGET))
    verdict = speak("en").verdict(replace(day, tiles=(level, *day.tiles[1:])))
    assert verdict.status is Status.MISSED
    assert sentence in verdict.sentences


def test_the_verdict_of_a_day_without_a_single_cause_names_none() -> None:
    day = replace(_with_usual_level(Place.UNUSUALLY_LOW), explanation=replace(LOW, causes=()))
    assert "Service level is unusually low." in speak("en").verdict(day).sentences


@pytest.mark.parametrize(
    ("factor", "today", "part", "label"),
    [
        (Factor.VOLUME, 90.0, -0.006, "Contacts and timing"),
        (Factor.VOLUME, 90.0, -0.0001, "Fewer contacts"),
        (Factor.VOLUME, 90.0, 0.006, "Fewer contacts"),
        (Factor.VOLUME, 110.0, 0.006, "Contacts and timing"),
        (Factor.HANDLE, 90.0, -0.006, "Handle time and timing"),
        (Factor.STAFFING, 90.0, 0.006, "Agent hours and timing"),
        (Factor.STAFFING, 110.0, -0.006, "Agent hours and timing"),
        (Factor.MIX, 90.0, -0.006, "Mix of queues"),
        (Factor.VOLUME, 100.3, -0.006, "Contacts"),
        (Factor.HANDLE, 99.7, 0.006, "Handle time"),
        (Factor.STAFFING, 100.3, -0.006, "Agent hours"),
    ],
)
def test_a_step_says_more_or_fewer_only_where_its_figures_do(
    factor: Factor, today: float, part: float, label: str
) -> None:
    unknown = ExplainedFactor(Factor.STAFFING, part=None, today=None, expected=None)
    unit = 3600 if factor is Factor.STAFFING else 1
    explained = ExplainedFactor(factor, part, today * unit, 100.0 * unit)
    explanation = Why(0.7, 0.8, 4, (explained, unknown), -0.1 - part)
    assert speak("en").waterfall(explanation).steps[0].label == label


@pytest.mark.parametrize("explanation", [None, NotExplained.FEW_CONTACTS])
def test_a_day_without_an_explanation_has_no_such_part(explanation: NotExplained | None) -> None:
    assert why_part(speak("en"), replace(SAMPLE, explanation=explanation)) is None


@pytest.mark.parametrize(("longer", "text"), [(59.0, "59 s longer handle time"), (936.0, "15:36 longer handle time")])
def test_a_minute_or_more_of_handle_time_is_written_in_minutes(longer: float, text: str) -> None:
    factor = ExplainedFactor(Factor.HANDLE, part=-0.1, today=300.0 + longer, expected=300.0)
    assert speak("en").cause(factor) == text


def test_more_contacts_are_divided_by_the_expected_number_as_it_is_printed() -> None:
    factor = ExplainedFactor(Factor.VOLUME, part=-0.1, today=232.0, expected=150.4)  # 54.3 %
    assert speak("en").cause(factor) == "55% more contacts"
