"""The heads of what became of earlier talking points, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from renderers.words import speak
from worker.domain.briefing.content import FollowUp, Outcome, PointOutcome
from worker.domain.briefing.talking_points import TalkingPoint
from worker.domain.metrics import Status

LEVEL = TalkingPoint("target_missed", 0.71, "service_level")
ABANDONMENT = TalkingPoint("target_missed", 0.071, "abandonment", "chat")
BUSY = TalkingPoint("figure_unusual", 812, "offered", place="unusually_high")


@pytest.mark.parametrize(
    ("outcome", "english", "german", "status"),
    [
        (
            PointOutcome(LEVEL, Outcome.BETTER, 0.763),
            "Better: Service level",
            "Besser: Servicelevel",
            Status.NOT_JUDGED,
        ),
        (
            PointOutcome(ABANDONMENT, Outcome.GONE, 0.03),
            "Gone: Abandonment off target (chat)",
            "Erledigt: Abbruchquote nicht im Ziel (Chat)",
            Status.ON_TARGET,
        ),
        (
            PointOutcome(BUSY, Outcome.CANNOT_TELL, 813, is_outside=True),
            "Still outside: unusually many contacts",
            "Noch außerhalb: auffällig viele Kontakte",
            Status.THIN,
        ),
        (
            PointOutcome(BUSY, Outcome.CANNOT_TELL, None),
            "Cannot tell: unusually many contacts",
            "Unklar: auffällig viele Kontakte",
            Status.THIN,
        ),
    ],
    ids=["better", "gone", "still outside", "cannot tell"],
)
def test_the_head_says_what_became_of_the_point(
    outcome: PointOutcome, english: str, german: str, status: Status
) -> None:
    for language, head in (("en", english), ("de", german)):
        (sentence,) = speak(language).follow_up(FollowUp(date(2026, 9, 7), (outcome,)), date(2026, 9, 8))
        assert (sentence.head, sentence.status) == (head, status)


def test_a_goal_that_has_changed_is_the_reason() -> None:
    outcome = PointOutcome(LEVEL, Outcome.CANNOT_TELL, None, is_goal_changed=True)
    for language, reason in (("en", "The goal has changed since."), ("de", "Das Ziel hat sich seitdem geändert.")):
        (sentence,) = speak(language).follow_up(FollowUp(date(2026, 9, 7), (outcome,)), date(2026, 9, 8))
        assert sentence.sentences == (reason,)


def test_a_figure_does_not_look_like_the_goal_that_it_misses() -> None:
    point = replace(LEVEL, value=0.7996, goal=0.8)
    (sentence,) = speak("en").follow_up(
        FollowUp(date(2026, 9, 7), (PointOutcome(point, Outcome.AGAIN, 4_349 / 5_438),)), date(2026, 9, 8)
    )
    assert sentence.detail.replace("\xa0", " ") == "Mon 7: 79.96%, Tue 8: 79.97%."


@pytest.mark.parametrize(
    ("kind", "english", "german"),
    [
        (
            "agents_under_floor",
            "Mon 7: 1,204 agents, Tue 8: 1 agent.",
            "Mo. 7.: 1.204 Agenten, Di. 8.: 1 Agent.",
        ),
        (
            "volume_high",
            "Mon 7: 1,204 contacts, Tue 8: 1 contact.",
            "Mo. 7.: 1.204 Kontakte, Di. 8.: 1 Kontakt.",
        ),
    ],
)
def test_figures_have_a_unit_and_a_colon_before_them(kind: str, english: str, german: str) -> None:
    outcome = PointOutcome(TalkingPoint(kind, 1204, floor=0.85), Outcome.GONE, 1)
    for language, detail in (("en", english), ("de", german)):
        (sentence,) = speak(language).follow_up(FollowUp(date(2026, 9, 7), (outcome,)), date(2026, 9, 8))
        assert [text.replace("\xa0", " ") for text in sentence.sentences] == [detail]
