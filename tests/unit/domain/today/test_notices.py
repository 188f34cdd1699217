"""A notice tells what today brings and which points are still open, from the history and the plan alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.unit.domain.today.conftest import TODAY
from worker.domain.briefing.content import Counts, Notice, OpenPoint
from worker.domain.briefing.history import DayFigures, MediumFigures
from worker.domain.briefing.talking_points import TalkingPoint
from worker.domain.groups import Group
from worker.domain.notices import holiday_notice
from worker.domain.runs import Run, RunId, RunState, Step
from worker.domain.today.plan import NotKnown, TodayPlan

HOLIDAY, LAST_DAY = date(2026, 10, 21), date(2026, 10, 20)
WINDOW = TalkingPoint("worst_run", 0.52, start="11:00", end="12:30")
QUEUE = TalkingPoint("costly_queues", 0.61, queue_id="q-1")
RUN = Run(
    id=RunId("support", HOLIDAY),
    state=RunState.OPEN,
    step=Step.RENDER,
    asked_by="test",
    created_at=datetime(2026, 10, 22, 11, tzinfo=UTC),
    briefed_day=HOLIDAY,
    outcome="notice",
    holiday_name="Founders Day",
    last_business_day=LAST_DAY,
)


def counts(offered: int) -> Counts:
    return Counts(offered, *[None] * 5)


@pytest.fixture
def notice_of(make_group: Callable[..., Group]) -> Callable[..., Notice]:
    def build(
        *points: TalkingPoint, days: Mapping[date, DayFigures] | None = None, run: Run = RUN, **changes: Any
    ) -> Notice:
        history = days or {LAST_DAY: DayFigures(counts(500), medium="voice", points=points)}
        names = {"q-1": "Billing"}
        generated_at = datetime(2026, 10, 22, 11, 30, tzinfo=UTC)
        group = make_group(zone="America/New_York")
        return holiday_notice(group, run, generated_at, history=history, queue_names=names, **changes)

    return build


def test_it_has_the_points_of_the_last_business_day_with_the_queues_names(notice_of: Callable[..., Notice]) -> None:
    points = notice_of(WINDOW, QUEUE).open_points
    assert points is not None
    assert (points.day, points.points) == (LAST_DAY, (OpenPoint(WINDOW), OpenPoint(QUEUE, "Billing")))


def test_points_of_an_unknown_kind_are_left_out(notice_of: Callable[..., Notice]) -> None:
    later_kind = TalkingPoint("kind_of_a_later_version", 1)
    assert notice_of(later_kind).open_points is None
    points = notice_of(later_kind, WINDOW).open_points
    assert points is not None
    assert points.points == (OpenPoint(WINDOW),)


@pytest.mark.parametrize("last_day", [None, date(2026, 10, 19)])
def test_it_has_no_points_if_the_last_business_day_is_not_known(
    notice_of: Callable[..., Notice], last_day: date | None
) -> None:
    assert notice_of(WINDOW, run=replace(RUN, last_business_day=last_day)).open_points is None


def test_it_has_the_outlook_of_the_plan(notice_of: Callable[..., Notice], make_plan: Callable[..., TodayPlan]) -> None:
    today = notice_of(today=make_plan([(10, 8), (12, 6)])).today
    assert today is not None
    assert today.day == TODAY
    assert today.leading is not None
    assert today.leading.window is not None
    assert today.leading.window.short == 6


def test_without_a_plan_nothing_is_said_of_today(notice_of: Callable[..., Notice]) -> None:
    assert notice_of(WINDOW).today is None


def test_what_is_expected_is_of_the_medium_with_the_most_contacts(notice_of: Callable[..., Notice]) -> None:
    media = {"voice": MediumFigures(counts(20)), "chat": MediumFigures(counts(90))}
    day = DayFigures(counts(110), media=media)
    weeks = [date(2026, 9, 24), date(2026, 10, 1), date(2026, 10, 8), date(2026, 10, 15)]
    unknown = TodayPlan(TODAY, not_known=NotKnown.NO_LICENCE, people_not_known=NotKnown.NO_LICENCE)
    today = notice_of(days=dict.fromkeys(weeks, day), today=unknown).today
    assert today is not None
    assert today.expected is not None
    assert today.expected.contacts == 90
