"""Today's shortage of agents is a talking point if it is expected to cost enough contacts."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from renderers.words import speak
from tests.checker import planned, standups
from tests.checker.deliver import compose
from worker.domain.briefing.content import Briefing
from worker.domain.groups import Language
from worker.domain.groups.thresholds import Thresholds
from worker.domain.insights.consequence import contacts_short
from worker.domain.insights.today import today_short
from worker.domain.today.outlook import Outlook

CASES = {case.name.removesuffix(" en"): case for module in (planned, standups) for case in module.cases("en")}
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


def talk(name: str, language: Language = "en") -> tuple[str, str]:
    """What is said of the shortage, its head and its sentences."""
    case = CASES[name]
    case = replace(case, group=case.group.model_copy(update={"language": language}))
    insight = today_short(compose(case))
    assert insight is not None
    sentence = speak(language).insight(insight)
    return sentence.head, " ".join(sentence.sentences)


def test_the_talk_is_of_what_is_not_over_at_the_stand_up() -> None:
    at_eleven = replace(
        CASES["shortage"], group=CASES["shortage"].group.model_copy(update={"standup_at": time(11, 15)})
    )
    insight = today_short(compose(at_eleven), Thresholds(fewest_contacts=5))
    assert insight is not None
    assert f"{insight.figures['start']:%H:%M}–{insight.figures['end']:%H:%M}" == "11:00–12:00"


def test_what_can_move_is_asked_only_where_a_later_half_hour_has_room() -> None:
    questions = []
    for name in ("something to move", "nowhere to move"):
        plan = CASES[name].today
        assert plan is not None
        intervals = tuple(replace(part, offered=90.0) for part in plan.media[0].intervals)
        media = (replace(plan.media[0], intervals=intervals),)
        insight = today_short(compose(replace(CASES[name], today=replace(plan, media=media))))
        assert insight is not None
        questions.append(speak("en").insight(insight).sentences[-1])
    assert questions == ["What can move?", "Who can help out then?"]


@pytest.mark.parametrize(
    ("name", "language", "head"),
    [
        ("one missing", "en", "14:00–15:30 today is one person short"),
        ("one missing", "de", "Heute fehlt 14:00–15:30 ein Agent"),
        ("one missing all day", "en", "Today is one person short all day"),
        ("one missing all day", "de", "Heute fehlt ganztags ein Agent"),
        ("enough, then short alike", "en", "Short of people from 10:00 today"),
        ("enough, then short alike", "de", "Heute fehlen ab 10:00 Agenten"),
        ("then mostly alike", "en", "Mostly one person short from 10:00 today"),
        ("then mostly alike", "de", "Heute fehlt ab 10:00 meist ein Agent"),
        ("hour comes twice", "en", "First 02:00–03:00 today is short of people"),
        ("hour comes twice", "de", "Heute fehlen erstes 02:00–03:00 Agenten"),
    ],
)
def test_the_head_names_how_many_and_when(name: str, language: Language, head: str) -> None:
    assert talk(name, language)[0] == head


def test_a_day_that_is_short_alike_is_told_with_all_its_contacts() -> None:
    assert talk("one missing all day")[1] == "1,200 contacts forecast, about 70% in time, goal ≥ 80%. Who can help out?"
