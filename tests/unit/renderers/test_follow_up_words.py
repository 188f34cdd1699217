"""The heads of what became of earlier talking points, in both languages."""

from __future__ import annotations

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
