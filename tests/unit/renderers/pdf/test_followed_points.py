"""The list of what became of earlier talking points, on the phone's pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from renderers import pdf
from worker.domain.briefing.content import FollowUp, Outcome, PointOutcome
from worker.domain.briefing.talking_points import TalkingPoint

BUSY = TalkingPoint("figure_unusual", 1.0, "occupancy", place="unusually_high")


def test_a_german_detail_beside_two_wide_figures_is_not_cut(make_briefing: Any, texts: Any) -> None:
    points = (PointOutcome(BUSY, Outcome.CANNOT_TELL, 0.875, is_outside=True),)
    briefing = make_briefing(language="de", follow_up=FollowUp(date(2026, 10, 20), points))
    text = " ".join(" ".join(texts(pdf.render(briefing))).split())
    assert "Di. 20. 100,0 %, Mi. 21. 87,5 %. Außerhalb des Üblichen, aber nicht auffällig." in text.replace("\xa0", " ")
