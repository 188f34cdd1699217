"""Today's shortage of agents is a talking point if it is expected to cost enough contacts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.checker import planned
from tests.checker.deliver import compose
from worker.domain.briefing.content import Briefing
from worker.domain.insights.consequence import contacts_short
from worker.domain.insights.today import today_short
from worker.domain.today.outlook import Outlook

CASES = {case.name.removesuffix(" en"): case for case in planned.cases("en")}
SHORTAGE = compose(CASES["shortage"])
"""Four half-hours from ten to noon, short of 6, 8, 7 and 4 agents. Of 139.5 contacts in them 69.3 % are in time."""


def with_outlook(day: Briefing, **changes: Any) -> Briefing:
    outlook = day.today
    assert isinstance(outlook, Outlook)
    return replace(day, today=replace(outlook, **changes))


def test_a_shortage_counts_by_the_contacts_expected_to_be_late_beyond_the_goal() -> None:
    insight = today_short(SHORTAGE)
    assert insight is not None
    assert f"{insight.figures['start']:%H:%M}–{insight.figures['end']:%H:%M}" == "10:00–12:00"
    assert insight.figures["contacts"] == pytest.approx(139.5)
    assert insight.figures["service_level"] == pytest.approx(0.6935, abs=0.0005)
    assert contacts_short(SHORTAGE, insight) == pytest.approx(14.9, abs=0.1)


def test_a_shortage_that_costs_few_contacts_is_no_talking_point() -> None:
    assert today_short(with_outlook(SHORTAGE, goal=0.75)) is None


def test_without_a_goal_or_a_prediction_a_shortage_is_no_talking_point() -> None:
    assert today_short(with_outlook(SHORTAGE, goal=None)) is None
    assert today_short(compose(CASES["required not known"])) is None
    assert today_short(replace(SHORTAGE, today=None)) is None


def test_the_costliest_of_today_and_yesterday_comes_first() -> None:
    orders = {name: [insight.kind for insight in compose(CASES[name]).insights] for name in CASES}
    assert orders["large team"][:2] == ["today_short", "worst_run"]
    assert orders["short all day"][:2] == ["worst_run", "today_short"]
    assert "today_short" not in orders["none short"]


def test_a_shortage_names_the_medium_of_a_plan_with_several() -> None:
    insight = today_short(compose(CASES["several media planned"]))
    assert insight is not None
    assert insight.figures["planned_medium"] == "voice"
