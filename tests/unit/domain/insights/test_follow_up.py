"""What is remembered of a briefing's talking points, and what became of them on the next business day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.checker import followed, lasting
from tests.checker.case import Case
from tests.checker.deliver import compose
from worker.domain.briefing.codec import decode_figures, encode_figures
from worker.domain.briefing.content import FollowUp, Insight, Outcome
from worker.domain.briefing.history import DayFigures, figures_of
from worker.domain.briefing.talking_points import TalkingPoint
from worker.domain.insights.points import talking_points
from worker.domain.metrics import Status

CASES = {case.name.removesuffix(" en"): case for case in followed.cases("en")}


def _follow_up(case: Case) -> FollowUp:
    follow_up = compose(case).follow_up
    assert follow_up is not None
    return follow_up


@pytest.mark.parametrize(
    ("name", "outcomes"),
    [
        ("windows of yesterday", [Outcome.AGAIN, Outcome.GONE, Outcome.CANNOT_TELL]),
        ("targets of yesterday", [Outcome.AGAIN, Outcome.GONE, Outcome.CANNOT_TELL, Outcome.AGAIN]),
        ("back in range", [Outcome.BETTER, Outcome.GONE, Outcome.GONE]),
        ("queues of yesterday", [Outcome.AGAIN, Outcome.GONE, Outcome.CANNOT_TELL]),
        ("agents of yesterday", [Outcome.AGAIN, Outcome.GONE, Outcome.GONE]),
        ("one agent is left", [Outcome.CANNOT_TELL]),
        ("all agents kept to plan", [Outcome.GONE, Outcome.GONE]),
        ("media of yesterday", [Outcome.AGAIN, Outcome.GONE, Outcome.CANNOT_TELL]),
        ("another goal", [*[Outcome.CANNOT_TELL] * 4, Outcome.GONE]),
        ("another medium", [Outcome.CANNOT_TELL] * 5),
        ("one of several media", [Outcome.CANNOT_TELL] * 5),
        ("another medium leads", [Outcome.AGAIN, Outcome.AGAIN, Outcome.AGAIN, Outcome.AGAIN, Outcome.CANNOT_TELL]),
        ("unusual figures of yesterday", [Outcome.AGAIN, Outcome.AGAIN, Outcome.GONE, Outcome.CANNOT_TELL]),
        ("unusual queues of yesterday", [Outcome.AGAIN, Outcome.GONE, Outcome.GONE, Outcome.CANNOT_TELL]),
        ("silence of yesterday", [Outcome.GONE, Outcome.CANNOT_TELL]),
        ("silence again", [Outcome.AGAIN]),
        ("incomplete day after", [Outcome.CANNOT_TELL] * 3),
    ],
)
def test_each_point_has_the_outcome_that_the_rows_show(name: str, outcomes: list[Outcome]) -> None:
    assert [point.outcome for point in _follow_up(CASES[name]).points] == outcomes


def test_without_a_briefing_of_the_day_before_nothing_is_said() -> None:
    assert compose(CASES["no briefing before"]).follow_up is None
    assert compose(replace(CASES["windows of yesterday"], earlier_points=())).follow_up is None


def test_a_point_of_an_unknown_kind_is_left_out() -> None:
    assert compose(replace(CASES["windows of yesterday"], earlier_points=(TalkingPoint("weather"),))).follow_up is None


def test_a_better_figure_is_no_improvement_if_both_days_are_inside_their_range() -> None:
    case = CASES["back in range"]
    follow_up = compose(replace(case, earlier_points=(TalkingPoint("target_missed", 0.74, "service_level"),))).follow_up
    assert follow_up is not None
    assert [point.outcome for point in follow_up.points] == [Outcome.AGAIN]


def test_a_figure_inside_its_range_is_no_improvement_if_none_was_unusual() -> None:
    case = CASES["back in range"]
    points = [replace(point, was_unusual=False) for point in case.earlier_points or () if point.kind == "target_missed"]
    follow_up = compose(replace(case, earlier_points=tuple(points))).follow_up
    assert follow_up is not None
    assert [point.outcome for point in follow_up.points] == [Outcome.AGAIN]


def test_the_concerns_of_a_briefing_are_remembered_and_its_praise_is_not() -> None:
    case = CASES["queues of yesterday"]
    briefing = compose(case)
    points = talking_points(briefing, case.rows)
    concerns = {insight.kind for insight in briefing.insights if insight.status is not Status.ON_TARGET}
    assert {point.kind for point in points} == concerns
    window = next(point for point in points if point.kind == "worst_run")
    assert (window.start, window.end, window.medium) == ("11:00", "12:30", None)


def test_an_unusual_figure_is_remembered_with_its_side() -> None:
    case = CASES["unusual figures of yesterday"]
    points = talking_points(compose(case), case.rows)
    (point,) = (point for point in points if point.kind == "figure_unusual")
    assert (point.metric, point.value, point.place) == (
        "speed_of_answer",
        pytest.approx(13.46, abs=0.01),
        "unusually_high",
    )


def test_hours_without_a_contact_are_remembered() -> None:
    case = CASES["silence again"]
    points = talking_points(compose(case), case.rows)
    assert [(point.start, point.end) for point in points if point.kind == "silent_hours"] == [("09:30", "13:00")]


def test_a_medium_without_a_contact_is_followed_up() -> None:
    days = {case.name: case for case in lasting.cases("en")}
    assert [result.outcome for result in _follow_up(days["silent day of one medium again en"]).points] == [
        Outcome.AGAIN
    ]
    outcomes = [(result.outcome, result.value) for result in _follow_up(days["both media are back en"]).points]
    assert outcomes == [(Outcome.GONE, 464), (Outcome.GONE, 56)]


@pytest.mark.parametrize(
    ("calls", "outcome", "is_outside"),
    [
        (650, Outcome.AGAIN, False),
        (450, Outcome.CANNOT_TELL, True),
        (400, Outcome.GONE, False),
        (200, Outcome.GONE, False),
    ],
)
def test_an_unusual_figure_is_gone_only_if_it_is_not_beyond_its_range(
    calls: int, outcome: Outcome, is_outside: bool
) -> None:
    point = TalkingPoint("figure_unusual", 700, "offered", place="unusually_high")
    case = followed.day_with(point, calls)
    assert [(result.outcome, result.is_outside) for result in _follow_up(case).points] == [(outcome, is_outside)]


def test_a_queue_that_is_unusually_slow_is_told_once() -> None:
    kinds = [insight.kind for insight in compose(CASES["queues of yesterday"]).insights]
    assert "queue_unusual" in kinds
    assert "costly_queues" not in kinds


def test_a_queue_is_remembered_by_its_id() -> None:
    case = CASES["queues of yesterday"]
    points = talking_points(compose(case), case.rows)
    assert [point.queue_id for point in points if point.kind == "queue_unusual"] == ["billing"]


def test_a_point_is_not_judged_against_another_goal() -> None:
    outcomes = _follow_up(CASES["another goal"]).points
    assert [(outcome.is_goal_changed, outcome.value is None) for outcome in outcomes] == [
        *[(True, True)] * 4,
        (False, False),
    ]


def test_a_point_is_remembered_with_its_goal() -> None:
    case = CASES["agents of yesterday"]
    briefing = compose(case)
    points = {point.kind: point for point in talking_points(briefing, case.rows)}
    assert points["worst_run"].goal == 0.8
    assert points["figure_unusual"].goal is None
    occupancy = Insight("occupancy_high", Status.MISSED)
    [point] = talking_points(replace(briefing, insights=(occupancy,)), case.rows)
    figures = replace(figures_of(case.rows, case.group.tz), points=(point,))
    assert decode_figures(encode_figures(figures)).points == (point,)
    assert isinstance(point.goal, tuple)


def test_points_come_back_from_the_history_as_they_were() -> None:
    case = CASES["queues of yesterday"]
    figures = replace(figures_of(case.rows, case.group.tz), points=talking_points(compose(case), case.rows))
    assert decode_figures(encode_figures(figures)) == figures


def test_a_day_that_an_earlier_version_stored_has_no_points() -> None:
    figures = figures_of(CASES["queues of yesterday"].rows)
    stored = encode_figures(figures)
    assert b"points" not in stored
    assert decode_figures(stored).points is None


def test_a_field_of_a_later_version_is_left_out() -> None:
    figures = replace(figures_of(CASES["queues of yesterday"].rows), points=(TalkingPoint("worst_run", 0.5),))
    stored = encode_figures(figures).replace(b'{"kind":"worst_run"', b'{"colour":"red","kind":"worst_run"')
    decoded: DayFigures = decode_figures(stored)
    assert decoded.points == (TalkingPoint("worst_run", 0.5),)


@pytest.mark.parametrize(
    ("first", "last", "start", "end"),
    [
        (datetime(2026, 10, 24, 20, 0), datetime(2026, 10, 24, 21, 30), "22:00", "23:30"),
        (datetime(2026, 10, 24, 20, 30), datetime(2026, 10, 24, 22, 0), "22:30", "00:00"),
        (datetime(2026, 10, 25, 0, 0), datetime(2026, 10, 25, 1, 0), "02:00", "03:00"),
        (datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 1, 30), "02:00", "03:00"),
        (datetime(2026, 10, 24, 23, 30), datetime(2026, 10, 25, 0, 30), "01:30", "02:30"),
    ],
    ids=["an hour and a half", "to midnight", "both passes", "from one pass to the other", "before the change"],
)
def test_a_run_over_the_clock_change_keeps_its_start_before_its_end(
    first: datetime, last: datetime, start: str, end: str
) -> None:
    zone = ZoneInfo("Europe/Berlin")
    local_first, local_last = (instant.replace(tzinfo=UTC).astimezone(zone) for instant in (first, last))
    run = Insight("worst_run", Status.MISSED, {"start": local_first, "end": local_last, "service_level": 0.5})
    case = CASES["windows of yesterday"]
    [point] = talking_points(replace(compose(case), insights=(run,)), case.rows)
    assert (point.start, point.end) == (start, end)
