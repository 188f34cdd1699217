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
    assert "Di. 20.: 100,0 %, Mi. 21.: 87,5 %. Außerhalb des Üblichen, aber nicht auffällig." in text.replace(
        "\xa0", " "
    )


def test_a_sentence_without_room_beside_two_numbers_of_contacts_is_left_out(make_briefing: Any, texts: Any) -> None:
    point = TalkingPoint("figure_unusual", 612, "offered", place="unusually_high")
    points = (PointOutcome(point, Outcome.CANNOT_TELL, 450, is_outside=True),)
    for language, detail in (
        ("en", "Tue 20: 612 contacts, Wed 21: 450 contacts."),
        ("de", "Di. 20.: 612 Kontakte, Mi. 21.: 450 Kontakte."),
    ):
        briefing = make_briefing(language=language, follow_up=FollowUp(date(2026, 10, 20), points))
        text = " ".join(" ".join(texts(pdf.render(briefing))).split()).replace("\xa0", " ")
        assert detail in text
        assert "…" not in text[text.index(detail) :][:120]
